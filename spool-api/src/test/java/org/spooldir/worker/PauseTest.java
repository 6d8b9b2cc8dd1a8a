package org.spooldir.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.spooldir.SpoolFixture.inBackground;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.spooldir.SpoolFixture.Background;

final class PauseTest {

  private final CountDownLatch end = new CountDownLatch(1);

  @Test
  void itDoublesUpToItsBoundAndStartsAnew() {
    Pause pause = new Pause(Duration.ofMillis(1), Duration.ofMillis(5), end);
    for (int millis : new int[] {1, 2, 4, 5, 5}) {
      assertEquals(Duration.ofMillis(millis), pause.next());
      pause.await();
    }
    pause.reset();
    assertEquals(Duration.ofMillis(1), pause.next());
  }

  @Test
  void itEndsWhenThereIsNothingToWaitForAnyMore() throws Exception {
    Pause pause = new Pause(Duration.ofHours(1), Duration.ofHours(1), end);
    Background<Boolean> waiter = inBackground(() -> awaited(pause));
    waiter.awaitWaiting();
    assertFalse(waiter.task().isDone());
    end.countDown();
    waiter.result();
    pause.await();
  }

  @Test
  void itEndsWhenAStrangerInterrupts() throws Exception {
    Pause pause = new Pause(Duration.ofHours(1), Duration.ofHours(1), end);
    Background<Boolean> waiter = inBackground(() -> awaited(pause));
    waiter.awaitWaiting();
    waiter.thread().interrupt();
    assertFalse(waiter.result(), "and leaves no trace");
  }

  private static boolean awaited(Pause pause) {
    pause.await();
    return Thread.currentThread().isInterrupted();
  }
}
