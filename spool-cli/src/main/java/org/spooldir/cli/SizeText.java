package org.spooldir.cli;

/**
 * Numbers as people write and read them, with a unit: bytes in powers of 1024, as {@code ls -h} has
 * them, and whatever else is rounded to fit.
 */
final class SizeText {

  static final String EXPECTED = "a number of bytes such as 4096, 64K, 2M, 1G";

  private static final String UNITS = "KMGTPE";

  private SizeText() {}

  /** Reads {@code 64K} and the like; -1 if it is none. */
  static long parse(String text) {
    if (text.isEmpty()) {
      return -1;
    }
    int unit = UNITS.indexOf(Character.toUpperCase(text.charAt(text.length() - 1)));
    try {
      long number = Long.parseLong(unit < 0 ? text : text.substring(0, text.length() - 1));
      return number < 0 ? -1 : Math.multiplyExact(number, 1L << (10 * (unit + 1)));
    } catch (ArithmeticException | NumberFormatException e) {
      return -1;
    }
  }

  /** Three digits and a unit: {@code 517}, {@code 1.5K}, {@code 23M}. */
  static String of(long bytes) {
    return scaled(bytes, 1024, UNITS);
  }

  /**
   * A number in three digits and a unit, or fewer and none.
   *
   * @param base how many there are in the first unit, and of each unit in the next one
   */
  static String scaled(long number, int base, String units) {
    if (number < base) {
      return Long.toString(number);
    }
    int unit = 0;
    double left = (double) number / base;
    while (left >= 999.5 && unit < units.length() - 1) { // or else it would be four digits
      left /= base;
      unit++;
    }
    long tenths = Math.round(left * 10);
    String rounded =
        tenths < 100 ? tenths / 10 + "." + tenths % 10 : Long.toString(Math.round(left));
    return rounded + units.charAt(unit);
  }
}
