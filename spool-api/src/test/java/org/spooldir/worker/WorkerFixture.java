package org.spooldir.worker;

import static org.spooldir.SpoolFixture.eventually;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.spooldir.SpoolFixture;

/** What the tests of the worker share. */
public interface WorkerFixture extends SpoolFixture {

  /** Where the worker logs; held here because loggers are collected with their settings. */
  Logger LOG = Logger.getLogger("org.spooldir.worker");

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
}
