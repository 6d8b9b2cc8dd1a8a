package org.spooldir.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** When and why a worker is to stop claiming. Whoever finds out first says so. */
final class Ending {

  private final CountDownLatch said = new CountDownLatch(1);
  private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();

  /** It is time: a signal came, or there is nothing more to do. */
  void say() {
    said.countDown();
  }

  /** It cannot go on. The first failure counts. */
  void because(IOException problem) {
    failure.compareAndSet(null, problem);
    say();
  }

  boolean isSaid() {
    return said.getCount() == 0;
  }

  /** Waits for it, but no longer than this; whether it came. */
  boolean await(Duration atMost) throws InterruptedException {
    return said.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Throws the failure, if it was one. */
  void check() throws IOException {
    IOException problem = failure.get();
    if (problem != null) {
      throw problem;
    }
  }
}
