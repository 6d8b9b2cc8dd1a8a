package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.common.base.Ascii;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * This process' sign of life, {@code workers/<id>}, and the claims that hang on it. Whoever
 * declares the process dead unlinks the file; the next beat notices, and the process goes on under
 * a new id.
 */
final class Presence {

  private static final int MAX_HOST = 11;
  private static final int RANDOM_DIGITS = 7;
  private static final int BASE = 36;

  private final FileOps ops;
  private final SpoolLayout layout;
  private final Reserve reserve;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final RandomGenerator random;
  private final WorkerIdentity identity;
  private final Events events;

  // By their w=: in a set of the claims themselves each needs its identity hash, a call of the VM.
  private final Map<String, DirectoryClaim> claims = new ConcurrentHashMap<>();

  // Set without a lock as well: who settles a claim may find that he was declared dead, and has its
  // monitor then, for which a listener may ask that somebody tells here, with this one's.
  private final AtomicReference<@Nullable String> id = new AtomicReference<>();

  private long claimCounter;
  private volatile @Nullable Beat lastBeat;
  private volatile long signOfLife;
  private volatile boolean left;

  Presence(Site site, WorkerIdentity identity) {
    this.ops = site.ops();
    this.layout = site.layout();
    this.reserve = site.reserve();
    this.clock = site.clock();
    this.nanoTime = site.nanoTime();
    this.random = site.random();
    this.identity = identity;
    this.events = site.events();
  }

  /** How long this process is believed alive without a beat. */
  Duration lease() {
    return identity.lease();
  }

  /**
   * The id of this worker process; null before the first claim, and from being declared dead until
   * the next one.
   */
  @Nullable String id() {
    return id.get();
  }

  // ---- C0 ----

  /**
   * The w= of a new claim, which no other claim ever has.
   *
   * @return null if this process has left
   */
  synchronized @Nullable String newClaim() throws IOException {
    if (id.get() != null
        && nanoTime.getAsLong() - signOfLife > identity.lease().toNanos() / 3 * 2) {
      beat(); // stopped for long, it may be believed dead by now: better to know before than after
    }
    String worker = join();
    return worker == null ? null : worker.concat("." + ++claimCounter);
  }

  /**
   * C0: writes the presence if there is none; when a process starts to work, and again after it was
   * declared dead.
   *
   * @return the id; null if this process has left
   */
  synchronized @Nullable String join() throws IOException {
    if (id.get() == null && !left) {
      String worker = newId();
      write(worker);
      id.set(worker);
      signOfLife = nanoTime.getAsLong();
    }
    return id.get();
  }

  private String newId() {
    StringBuilder digits = new StringBuilder();
    for (int i = 0; i < RANDOM_DIGITS; i++) {
      digits.append(Character.forDigit(random.nextInt(BASE), BASE));
    }
    return hostIn(Machine.hostName()) + "." + identity.pid() + "." + digits;
  }

  /**
   * The host as it stands in an id. Mail readers take what follows the colon for flags, and of
   * capital letters they make something: mutt deletes an entry with a T there.
   */
  static String hostIn(String machine) {
    return Ascii.toLowerCase(UniqueNames.escapeHost(machine, MAX_HOST));
  }

  private void write(String worker) throws IOException {
    reserve.spend(
        () -> {
          ensureDirectory();
          try (FileOps.NewFile file = ops.create(fileOf(worker))) {
            file.write(ByteBuffer.wrap(content()));
          } catch (IOException e) {
            removePresence(worker);
            throw e;
          }
        });
  }

  /** Somebody may have removed {@code workers/} by hand, to have all workers declared dead. */
  private void ensureDirectory() throws IOException {
    try {
      ops.createDirectory(layout.workers());
    } catch (FileAlreadyExistsException e) {
      // as it should be
    }
  }

  private byte[] content() {
    return identity.text(clock.millis()).getBytes(US_ASCII);
  }

  private Path fileOf(String worker) {
    return FileNames.in(layout.workers(), worker);
  }

  // ---- claims ----

  /**
   * Hangs a claim on this presence. If the process was declared dead in the meantime, the claim is
   * lost at once.
   */
  void hold(DirectoryClaim claim) throws IOException {
    claims.put(claim.key(), claim);
    if (left) {
      claim.close(); // RACE: won while the spool was being closed.
    } else if (!claim.worker().equals(id.get())) {
      claim.lose();
    }
  }

  /** A claim that is settled or lost. */
  void forget(DirectoryClaim claim) {
    claims.remove(claim.key(), claim);
  }

  /** The claims that are neither settled nor lost. */
  List<DirectoryClaim> claims() {
    return List.copyOf(claims.values());
  }

  // ---- the beat ----

  /**
   * A sign of life.
   *
   * @param time when, by the clock of the file system: the mtime of what was written
   * @param nano when, by the monotonic clock
   */
  record Beat(Instant time, long nano) {}

  /**
   * Gives a sign of life. C4: if the presence is gone, this process was declared dead, and all its
   * claims are lost.
   *
   * @return null if there is no presence to give one for
   */
  @Nullable Beat beat() throws IOException {
    String worker = id.get();
    if (worker == null) {
      return null;
    }
    try {
      ops.overwrite(fileOf(worker), content());
      Beat beat = new Beat(ops.stat(fileOf(worker)).modified(), nanoTime.getAsLong());
      signOfLife = beat.nano();
      lastBeat = beat;
      return beat;
    } catch (NoSuchFileException e) {
      declaredDead(worker);
      return null;
    }
  }

  /**
   * What time it is: a beat if there is a presence to give one for, which needs no room on a full
   * disk, or else the time of the file system.
   */
  Beat now() throws IOException {
    Beat beat = beat();
    return beat == null
        ? new Beat(new FileSystemClock(ops, layout, reserve).now(), nanoTime.getAsLong())
        : beat;
  }

  /** The last beat, if there was one. */
  @Nullable Beat lastBeat() {
    return lastBeat;
  }

  /**
   * A claim was found lost: asks now whether this process was declared dead, not with the next
   * beat.
   */
  void suspect() {
    try {
      beat();
    } catch (IOException e) {
      events.trouble("cannot give a sign of life in " + FileNames.escape(layout.workers()), e);
    }
  }

  private void declaredDead(String worker) {
    id.compareAndSet(worker, null); // the next claim takes a new one
    for (DirectoryClaim claim : claims.values()) {
      if (claim.worker().equals(worker)) {
        claim.lose();
      }
    }
  }

  /** Whether no more claims are taken. */
  boolean hasLeft() {
    return left;
  }

  /** Takes no more claims. */
  synchronized void close() {
    left = true;
  }

  /** Leaves for good. */
  synchronized void leave() throws IOException {
    String worker = id.getAndSet(null);
    if (worker != null) {
      removePresence(worker);
    }
  }

  private void removePresence(String worker) throws IOException {
    try {
      ops.delete(fileOf(worker));
    } catch (NoSuchFileException e) {
      // RACE: declared dead a moment before it left; or never made.
    }
  }
}
