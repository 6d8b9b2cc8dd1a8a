package org.spooldir.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spooldir.MemorySpool;

final class WorkerSettingsTest {

  private static final Duration NEGATIVE = Duration.ofNanos(-1);
  private static final Duration LONGEST = Duration.ofSeconds(Long.MAX_VALUE);

  private static void assertRefused(UnaryOperator<Worker.Builder> setting) {
    Worker.Builder builder = setting.apply(Worker.on(MemorySpool.create()));
    assertThrows(IllegalArgumentException.class, () -> builder.start(claim -> {}));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void aWorkerNeedsAThread(int threads) {
    assertRefused(builder -> builder.concurrency(threads));
  }

  @Test
  void timesMustBePositive() {
    assertRefused(builder -> builder.timeLimit(Duration.ZERO));
    assertRefused(builder -> builder.timeLimit(NEGATIVE));
    assertRefused(builder -> builder.idlePoll(Duration.ZERO));
    assertRefused(builder -> builder.idlePoll(NEGATIVE));
    assertRefused(builder -> builder.shutdownGrace(NEGATIVE));
    assertRefused(builder -> builder.lastMoment(NEGATIVE));
  }

  @Test
  void timesMayBeAsLongAsDurationsGo() {
    RecordedEvents events = new RecordedEvents();
    Worker worker =
        Worker.on(MemorySpool.create())
            .timeLimit(LONGEST)
            .idlePoll(LONGEST)
            .shutdownGrace(LONGEST)
            .lastMoment(LONGEST)
            .listener(events)
            .start(claim -> {});
    worker.close();
    assertEquals(0, events.all().size());
  }
}
