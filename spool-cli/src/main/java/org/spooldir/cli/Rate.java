package org.spooldir.cli;

/** How many a second, lately. Not safe for use by many threads. */
final class Rate {

  /** How fast older times are forgotten. */
  private static final double SECONDS = 10;

  private final long begun;
  private long time;
  private long count;
  private double perSecond;

  Rate(long nanoTime) {
    begun = nanoTime;
    time = nanoTime;
  }

  /** There have been so many by now. */
  void measure(long total, long nanoTime) {
    double passed = (nanoTime - time) / 1e9;
    double age = (nanoTime - begun) / 1e9;
    if (passed > 0) {
      // Of a short past, what happened in it; of a long one, mostly what happened lately.
      double weight = Math.min(1, passed / Math.min(age, SECONDS));
      perSecond += weight * ((total - count) / passed - perSecond);
      time = nanoTime;
      count = total;
    }
  }

  /** With one digit behind the point: {@code 3.5/s}. */
  @Override
  public String toString() {
    long tenths = Math.round(perSecond * 10);
    return tenths / 10 + "." + tenths % 10 + "/s";
  }
}
