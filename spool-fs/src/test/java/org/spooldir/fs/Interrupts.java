package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.Uninterruptibles;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.function.Executable;

/** Interrupts, again and again, in the middle of a step. */
final class Interrupts {

  private static final int MANY = 2_000;

  private Interrupts() {}

  /** Does the step in this thread while another interrupts it; the interrupt must be kept. */
  static void during(Executable step) throws Throwable {
    Thread interrupted = Thread.currentThread();
    Thread interrupting =
        new Thread(
            () -> {
              for (int i = 0; i < MANY; i++) {
                interrupted.interrupt();
                LockSupport.parkNanos(1_000);
              }
            });
    interrupting.start();
    boolean kept;
    try {
      while (interrupting.isAlive()) {
        step.execute();
      }
    } finally { // or else the next test would be interrupted
      Uninterruptibles.joinUninterruptibly(interrupting);
      kept = Thread.interrupted();
    }
    assertTrue(kept, "the interrupt is gone");
  }
}
