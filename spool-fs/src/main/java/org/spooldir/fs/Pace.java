package org.spooldir.fs;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * When to do again what has to be done now and then: after an interval, or after a multiple of what
 * it took the last time if that is longer. So looking through a million entries never takes more
 * than its share of the machine.
 */
final class Pace {

  private final LongSupplier nanoTime;
  private final long interval;
  private final int costFactor;
  private long next;
  private boolean first = true;

  /**
   * Sets the pace.
   *
   * @param nanoTime monotonic clock
   * @param interval the least time between two beginnings
   * @param costFactor the time between is at least so many times the last duration: 100 means one
   *     percent
   */
  Pace(LongSupplier nanoTime, Duration interval, int costFactor) {
    this.nanoTime = nanoTime;
    this.interval = interval.toNanos();
    this.costFactor = costFactor;
  }

  /** Whether it is time; the first time always. */
  boolean isDue() {
    return first || nanoTime.getAsLong() - next >= 0;
  }

  /** It was done, and took from this moment until now. */
  void done(long startedAt) {
    long now = nanoTime.getAsLong();
    next = startedAt + Math.max(interval, (now - startedAt) * costFactor);
    first = false;
  }

  /** It is wanted at once. */
  void hasten() {
    first = true;
  }
}
