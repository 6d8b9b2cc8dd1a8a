package org.spooldir.worker;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits twice as long each time, up to a bound. Used by one thread. */
final class Pause {

  private final Duration first;
  private final Duration longest;
  private final CountDownLatch end;
  private Duration next;

  /**
   * Makes a pause.
   *
   * @param end ends a wait at once, and all later ones
   */
  Pause(Duration first, Duration longest, CountDownLatch end) {
    this.first = first;
    this.longest = longest;
    this.end = end;
    this.next = first;
  }

  /** How long the next wait is. */
  Duration next() {
    return next;
  }

  void await() {
    Duration now = next;
    Duration twice = now.multipliedBy(2);
    next = twice.compareTo(longest) > 0 ? longest : twice;
    try {
      end.await(now.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException stranger) {
      // Nobody of the crew interrupts here; whoever did, a shorter pause does no harm.
    }
  }

  void reset() {
    next = first;
  }
}
