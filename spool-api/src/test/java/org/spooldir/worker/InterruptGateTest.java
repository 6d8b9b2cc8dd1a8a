package org.spooldir.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.spooldir.SpoolFixture.inBackground;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.spooldir.SpoolFixture.Background;

final class InterruptGateTest {

  private final InterruptGate gate = new InterruptGate();

  @Test
  void whoIsInsideIsInterruptedAndLeavesWithoutATrace() {
    gate.enter();
    gate.interrupt();
    assertTrue(Thread.currentThread().isInterrupted());
    gate.leave();
    assertFalse(Thread.currentThread().isInterrupted());
  }

  @Test
  void whoIsOutsideIsNotInterrupted() {
    gate.interrupt();
    assertFalse(Thread.currentThread().isInterrupted());
    gate.enter();
    gate.leave();
    gate.interrupt();
    assertFalse(Thread.currentThread().isInterrupted());
  }

  @Test
  void aLateInterruptNeverGetsThrough() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    Background<Boolean> interrupter =
        inBackground(
            () -> {
              while (!over.get()) {
                gate.interrupt();
              }
              return true;
            });
    int late = 0;
    long end = System.nanoTime() + 500_000_000; // a busy machine gets fewer rounds, not more time
    while (System.nanoTime() < end) {
      gate.enter();
      while (!Thread.currentThread().isInterrupted()) {
        Thread.onSpinWait();
      }
      // The next interrupt is on its way now.
      gate.leave();
      Thread.onSpinWait();
      late += Thread.interrupted() ? 1 : 0;
    }
    over.set(true);
    interrupter.result();
    assertEquals(0, late);
  }
}
