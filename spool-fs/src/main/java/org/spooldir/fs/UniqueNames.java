package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Makes the unique names of entries: {@code 1763679600.M000123P4711Q7R9f3c2a1b00112233.host}.
 *
 * <p>Seconds and microseconds strictly increase, even when the clock steps back: one producer's
 * jobs sort in the order in which it handed them in. The random part keeps names apart that come
 * from containers with the same pid and host name: rename replaces silently, so uniqueness is what
 * keeps a job from overwriting another.
 */
final class UniqueNames {

  /** One for the process, so that names increase across all spools that it has open. */
  static final UniqueNames OF_THIS_PROCESS =
      new UniqueNames(
          InstantSource.system(),
          new SplittableRandom(Machine.randomSeed()),
          Machine.pid(),
          Machine.hostName());

  private static final int MAX_HOST = 32;
  private static final int HEX_OF_RANDOM = 16;

  private final InstantSource clock;
  private final RandomGenerator random;
  private final String pid;
  private final String host;
  private long lastMicros;
  private long count;

  UniqueNames(InstantSource clock, RandomGenerator random, long pid, String host) {
    this.clock = clock;
    this.random = random;
    this.pid = Long.toString(pid);
    this.host = escapeHost(host, MAX_HOST);
  }

  /** A name that nobody else has or will have. */
  synchronized String next() {
    Instant now = clock.instant();
    lastMicros = Math.max(lastMicros + 1, now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000);
    StringBuilder name = new StringBuilder(96);
    padded(name, lastMicros / 1_000_000, 1_000_000_000).append(".M");
    padded(name, lastMicros % 1_000_000, 100_000).append('P').append(pid);
    name.append('Q').append(++count).append('R');
    return hex(name, random.nextLong(), HEX_OF_RANDOM).append('.').append(host).toString();
  }

  /**
   * Appends a number with zeros before it.
   *
   * @param least the least number that needs none
   */
  private static StringBuilder padded(StringBuilder to, long number, long least) {
    for (long unit = least; number < unit && unit > 1; unit /= 10) {
      to.append('0');
    }
    return to.append(number);
  }

  /** Appends the last so many hexadecimal digits of a number. */
  static StringBuilder hex(StringBuilder to, long number, int width) {
    for (int shift = 4 * (width - 1); shift >= 0; shift -= 4) {
      to.append(Character.forDigit((int) (number >>> shift) & 15, 16));
    }
    return to;
  }

  /**
   * Where the host begins in a name that this grammar makes; -1 if it is another's.
   *
   * @param end where the name ends in the text
   */
  static int hostIndex(String text, int end) {
    int at = digits(text, 0, 10, 10);
    at = literal(text, at, ".M");
    at = digits(text, at, 6, 6);
    at = literal(text, at, "P");
    at = digits(text, at, 1, 19);
    at = literal(text, at, "Q");
    at = digits(text, at, 1, 19);
    at = literal(text, at, "R");
    if (at < 0 || at + HEX_OF_RANDOM >= end) {
      return -1;
    }
    for (int i = at; i < at + HEX_OF_RANDOM; i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return -1;
      }
    }
    int host = literal(text, at + HEX_OF_RANDOM, ".");
    return host > 0 && host < end && isPlain(text, host, end) ? host : -1;
  }

  private static int literal(String text, int at, String expected) {
    return at >= 0 && text.startsWith(expected, at) ? at + expected.length() : -1;
  }

  private static int digits(String text, int at, int least, int most) {
    if (at < 0) {
      return -1;
    }
    int end = at;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    return end - at >= least && end - at <= most ? end : -1;
  }

  private static boolean isPlain(String text, int from, int end) {
    for (int i = from; i < end; i++) {
      if (text.charAt(i) <= ' ' || text.charAt(i) > '~') {
        return false;
      }
    }
    return true;
  }

  /**
   * A host name as it may stand in a file name: what means something there is written as backslash
   * and three octal digits.
   */
  static String escapeHost(String host, int limit) {
    StringBuilder escaped = new StringBuilder();
    for (byte b : host.getBytes(UTF_8)) {
      boolean special =
          b <= ' ' || b > '~' || "/,\\~".indexOf(b) >= 0 || SpoolOptions.SEPARATORS.indexOf(b) >= 0;
      String next = special ? String.format("\\%03o", b & 0xff) : String.valueOf((char) b);
      if (escaped.length() + next.length() > limit) {
        break;
      }
      escaped.append(next);
    }
    return escaped.length() == 0 ? "localhost" : escaped.toString();
  }
}
