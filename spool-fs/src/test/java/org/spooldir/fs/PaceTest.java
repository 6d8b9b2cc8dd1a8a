package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class PaceTest {

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5); // nanoTime may overflow
  private final Pace pace = new Pace(now::get, Duration.ofNanos(1000), 100);

  private void doIt(long duration) {
    long start = now.get();
    now.addAndGet(duration);
    pace.done(start);
  }

  @Test
  void theFirstTimeIsAtOnce() {
    assertTrue(pace.isDue());
  }

  @Test
  void whatIsCheapIsDoneAfterTheInterval() {
    doIt(1);
    now.addAndGet(998);
    assertFalse(pace.isDue());
    now.addAndGet(1);
    assertTrue(pace.isDue());
  }

  @Test
  void whatIsDearIsDoneWithinItsShareOfTheTime() {
    doIt(50);
    now.addAndGet(4_949);
    assertFalse(pace.isDue());
    now.addAndGet(1);
    assertTrue(pace.isDue());
  }

  @Test
  void whatIsWantedIsDoneAtOnce() {
    doIt(50);
    pace.hasten();
    assertTrue(pace.isDue());
  }
}
