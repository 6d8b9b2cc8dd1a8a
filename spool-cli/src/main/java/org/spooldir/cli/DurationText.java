package org.spooldir.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Lengths of time as people write and read them. */
final class DurationText {

  static final String EXPECTED =
      "a length of time such as 500ms, 90s, 5m, 1h30m, 7d (d = 24 hours, w = 7 days)";

  private static final long[] SECONDS = {604_800, 86_400, 3600, 60, 1};
  private static final String UNITS = "wdhms";

  private DurationText() {}

  /** Reads {@code 1h30m} and the like; null if it is none. A number alone is seconds. */
  static @Nullable Duration parse(String text) {
    Duration sum = Duration.ZERO;
    int at = 0;
    try {
      while (at < text.length()) {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
          at++;
        }
        if (at == start) {
          return null;
        }
        long number = Long.parseLong(text.substring(start, at));
        if (at == text.length()) {
          return start == 0 ? Duration.ofSeconds(number) : null;
        }
        if (text.startsWith("ms", at)) {
          sum = sum.plusMillis(number);
          at += 2;
        } else {
          int unit = UNITS.indexOf(text.charAt(at++));
          if (unit < 0) {
            return null;
          }
          sum = sum.plus(Duration.ofSeconds(Math.multiplyExact(number, SECONDS[unit])));
        }
      }
    } catch (ArithmeticException | NumberFormatException e) {
      return null; // longer than any clock runs
    }
    return text.isEmpty() ? null : sum;
  }

  /** The two largest units: {@code 3d 4h}, {@code 12s}, {@code 0s}; negative ones with a minus. */
  static String of(Duration duration) {
    if (duration.isNegative()) {
      return "-" + of(duration.negated());
    }
    long left = duration.toSeconds();
    if (left == 0 && duration.toMillis() > 0) {
      return duration.toMillis() + "ms";
    }
    StringBuilder text = new StringBuilder();
    for (int unit = 1; unit < SECONDS.length; unit++) { // weeks are hard to read in an age
      long count = left / SECONDS[unit];
      left %= SECONDS[unit];
      if (count > 0) {
        boolean second = text.length() > 0;
        text.append(second ? " " : "").append(count).append(UNITS.charAt(unit));
        if (second) {
          break;
        }
      } else if (text.length() > 0) {
        break;
      }
    }
    return text.length() == 0 ? "0s" : text.toString();
  }
}
