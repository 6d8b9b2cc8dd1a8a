package org.spooldir.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.spooldir.SpoolFixture.eventually;
import static org.spooldir.SpoolFixture.inBackground;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.spooldir.JobId;
import org.spooldir.JobRecord;
import org.spooldir.JobState;
import org.spooldir.SpoolFixture;

/** What the tests of the worker share. */
public interface WorkerFixture extends SpoolFixture {

  /** Where the worker logs; held here because loggers are collected with their settings. */
  Logger LOG = Logger.getLogger("org.spooldir.worker");

  /** Longer than a test waits, but what a failed test leaves behind does not hold up the build. */
  Duration GRACE = PATIENCE.multipliedBy(2);

  /**
   * These tests make handlers and spools fail all the time; their stack traces would hide what a
   * build has to say.
   */
  @BeforeEach
  default void keepTheLogQuiet() {
    LOG.setUseParentHandlers(false);
  }

  /** A worker whose failed jobs do not come back within the test. */
  default Worker.Builder worker() throws IOException {
    return Worker.on(spool()).retry(RetryPolicy.fixed(LONG));
  }

  /** Runs a worker until something is true, and closes it. */
  static void runUntil(Callable<Boolean> condition, Worker.Builder builder, JobHandler handler) {
    Worker worker = builder.start(handler);
    try {
      eventually().until(condition);
    } finally {
      worker.close();
    }
  }

  /** Waits as a handler does that swallows every interrupt. */
  static void awaitStubbornly(CountDownLatch latch) {
    boolean over = false;
    while (!over) {
      try {
        latch.await();
        over = true;
      } catch (InterruptedException ignored) {
        // That is what makes it stubborn.
      }
    }
  }

  /** A job that is ready as if it had never been claimed. */
  default void assertGivenBackUncounted(JobId id) throws IOException {
    JobRecord job = read(id);
    assertEquals(JobState.READY, job.snapshot().state());
    assertEquals(0, job.snapshot().attempts());
    assertEquals(List.of(), job.failures());
  }

  /** Closes a worker in another thread. */
  static Background<Boolean> close(Worker worker) {
    return inBackground(
        () -> {
          worker.close();
          return true;
        });
  }
}
