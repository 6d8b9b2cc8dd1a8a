package org.spooldir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a producer hands in: a payload, attributes, and options. Immutable; each method returns a
 * changed copy.
 *
 * <pre>{@code
 * Job.of(Path.of("42.png")).attribute("size", "128").priority(7).delay(Duration.ofMinutes(5)).key("thumbnail-42")
 * }</pre>
 *
 * @since 0.1
 */
public final class Job {

  /** Priority of a job that asks for none. */
  public static final int DEFAULT_PRIORITY = 4;

  /** All attributes of a job together: names and values in UTF-8, and three bytes for each pair. */
  public static final int MAX_ATTRIBUTE_BYTES = 64 * 1024;

  /** Attribute names that begin so (in any case) belong to the spool. */
  public static final String RESERVED_PREFIX = "Spool-";

  private static final int MAX_NAME_LENGTH = 200;
  private static final int MAX_KEY_BYTES = 1024;
  private static final Duration MAX_DELAY = Duration.ofDays(365_250);

  private final Payload payload;
  private final Map<String, String> attributes;
  private final int priority;
  private final Duration delay;
  private final Optional<Instant> notBefore;
  private final Optional<String> key;

  private Job(
      Payload payload,
      Map<String, String> attributes,
      int priority,
      Duration delay,
      Optional<Instant> notBefore,
      Optional<String> key) {
    if (payload instanceof AdoptedFile && (!attributes.isEmpty() || key.isPresent())) {
      throw new IllegalArgumentException(
          "an adopted file has no room for attributes or a key: use Payload.of(path), which copies");
    }
    this.payload = payload;
    this.attributes = attributes;
    this.priority = priority;
    this.delay = delay;
    this.notBefore = notBefore;
    this.key = key;
  }

  /** A job with this payload, no attributes and {@link #DEFAULT_PRIORITY}, ready at once. */
  public static Job of(Payload payload) {
    return new Job(
        payload, Map.of(), DEFAULT_PRIORITY, Duration.ZERO, Optional.empty(), Optional.empty());
  }

  /** A job that holds these bytes. */
  public static Job of(byte[] bytes) {
    return of(Payload.of(bytes));
  }

  /** A job that holds this text in UTF-8. */
  public static Job of(String text) {
    return of(Payload.of(text));
  }

  /** A job that holds a copy of this file, taken when the job is enqueued. */
  public static Job of(Path file) {
    return of(Payload.of(file));
  }

  /**
   * Adds or replaces an attribute.
   *
   * @param name as an RFC 5322 header name: 1 to 200 printable ASCII characters, no colon, no
   *     space; names that differ only in case are one name, and the spelling that came last stays;
   *     {@value #RESERVED_PREFIX} names are taken
   * @param value any Unicode text, line breaks included
   * @throws IllegalArgumentException if the name or value cannot be carried, or all together exceed
   *     {@link #MAX_ATTRIBUTE_BYTES}
   */
  public Job attribute(String name, String value) {
    checkName(name);
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(value)) {
      throw new IllegalArgumentException(
          "attribute " + name + ": the value is no Unicode text (unpaired surrogate)");
    }
    Map<String, String> changed = new LinkedHashMap<>(attributes);
    changed.keySet().removeIf(name::equalsIgnoreCase);
    changed.put(name, value);
    int bytes = 0;
    for (Map.Entry<String, String> pair : changed.entrySet()) {
      bytes += pair.getKey().length() + pair.getValue().getBytes(StandardCharsets.UTF_8).length + 3;
    }
    if (bytes > MAX_ATTRIBUTE_BYTES) {
      throw new IllegalArgumentException(
          "attributes of "
              + bytes
              + " bytes; at most "
              + MAX_ATTRIBUTE_BYTES
              + ": put the rest into the payload");
    }
    return new Job(payload, Collections.unmodifiableMap(changed), priority, delay, notBefore, key);
  }

  private static void checkName(String name) {
    boolean valid = !name.isEmpty() && name.length() <= MAX_NAME_LENGTH;
    for (int i = 0; valid && i < name.length(); i++) {
      char c = name.charAt(i);
      valid = c > ' ' && c <= '~' && c != ':';
    }
    if (!valid) {
      throw new IllegalArgumentException(
          "attribute name must be 1 to "
              + MAX_NAME_LENGTH
              + " printable ASCII characters without colon or space");
    }
    if (name.regionMatches(true, 0, RESERVED_PREFIX, 0, RESERVED_PREFIX.length())) {
      throw new IllegalArgumentException(
          "attribute names that begin with " + RESERVED_PREFIX + " are reserved: " + name);
    }
  }

  /**
   * Adds or replaces attributes, see {@link #attribute}.
   *
   * @throws IllegalArgumentException as {@link #attribute} does
   */
  public Job attributes(Map<String, String> more) {
    Job job = this;
    for (Map.Entry<String, String> pair : more.entrySet()) {
      job = job.attribute(pair.getKey(), pair.getValue());
    }
    return job;
  }

  /**
   * Sets the priority.
   *
   * @param priority 0 to 9; 9 is served first
   * @throws IllegalArgumentException if it is outside that range
   */
  public Job priority(int priority) {
    if (priority < 0 || priority > 9) {
      throw new IllegalArgumentException("priority must be 0 to 9, 9 first: " + priority);
    }
    return new Job(payload, attributes, priority, delay, notBefore, key);
  }

  /**
   * Keeps the job from workers for this long, counted from the enqueue; replaces {@link
   * #notBefore}.
   *
   * @param delay up to 1000 years
   * @throws IllegalArgumentException if the delay is negative or longer
   */
  public Job delay(Duration delay) {
    if (delay.isNegative() || delay.compareTo(MAX_DELAY) > 0) {
      throw new IllegalArgumentException("a delay is zero to 1000 years, not " + delay);
    }
    return new Job(payload, attributes, priority, delay, Optional.empty(), key);
  }

  /**
   * Keeps the job from workers until this instant, by the clock of the machine that runs them;
   * replaces {@link #delay}.
   */
  public Job notBefore(Instant instant) {
    return new Job(payload, attributes, priority, Duration.ZERO, Optional.of(instant), key);
  }

  /**
   * Sets the dedup key: while a job of this key is anywhere in the spool, in whatever state, a
   * second enqueue stores nothing and returns the id of the first.
   *
   * @param key 1 to 1024 bytes of UTF-8
   * @throws IllegalArgumentException if the key is empty, too long or no Unicode text
   */
  public Job key(String key) {
    if (key.isEmpty()
        || !StandardCharsets.UTF_8.newEncoder().canEncode(key)
        || key.getBytes(StandardCharsets.UTF_8).length > MAX_KEY_BYTES) {
      throw new IllegalArgumentException(
          "a dedup key is 1 to " + MAX_KEY_BYTES + " bytes of Unicode text");
    }
    return new Job(payload, attributes, priority, delay, notBefore, Optional.of(key));
  }

  /**
   * The same job with another payload: many jobs can be made of one.
   *
   * @throws IllegalArgumentException if it is an {@link AdoptedFile}, and the job has attributes or
   *     a key
   */
  public Job payload(Payload payload) {
    return new Job(payload, attributes, priority, delay, notBefore, key);
  }

  /** The payload. */
  public Payload payload() {
    return payload;
  }

  /** The attributes, in the order they were added; unmodifiable. */
  public Map<String, String> attributes() {
    return attributes;
  }

  /** The priority, 0 to 9; 9 is served first. */
  public int priority() {
    return priority;
  }

  /** The dedup key, if any. */
  public Optional<String> key() {
    return key;
  }

  /**
   * When the job may be claimed, if not at once.
   *
   * @param now the instant of the enqueue, from which a delay counts
   */
  public Optional<Instant> due(Instant now) {
    return notBefore.isPresent() || delay.isZero() ? notBefore : Optional.of(now.plus(delay));
  }
}
