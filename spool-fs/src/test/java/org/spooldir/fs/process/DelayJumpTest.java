package org.spooldir.fs.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spooldir.fs.Evidence;
import org.spooldir.fs.Evidence.Section;
import org.spooldir.fs.process.ChildProcess.Line;

/**
 * A delay ends at a time of the wall clock. When that is put forward the job is ready at the next
 * look (at most one poll later): early, by no more than the jump. When it is put back the job is
 * ready when the clock gets to its time: late, by no more than the jump and a look. It is never
 * stuck: a clock that is put right makes it ready at the next look.
 */
@Tag("slow")
@Timeout(120)
class DelayJumpTest {

  /** A look, and some for a machine under load. */
  private static final Duration LOOK_AND_MARGIN = Duration.ofMillis(100 + 3_000);

  /** A job is due this long after its enqueue began, and it is told when that has ended. */
  private static final Duration TOLD_LATE = Duration.ofMillis(250);

  private static final String WAIT = "claim 20000";
  private static final String NO_WAIT = "claim 1500";

  @RegisterExtension final Processes processes = Processes.inMemory();

  private PretendedClock clock;
  private ChildProcess worker;

  @BeforeEach
  void begin() throws IOException {
    clock = PretendedClock.ofHost(processes);
    worker = clock.start(PuppetMain.class, "poll=100");
    worker.tell("claim 0");
    worker.next(Act.NOTHING);
  }

  /** Delays a job; when that was, and which. */
  private Line delay(Duration delay) {
    worker.tell("delay job 100 " + delay.toMillis());
    return worker.next(Act.ENQUEUED);
  }

  /** How long after the start it was claimed. */
  private Duration until(Line enqueued, long start) {
    Line claimed = worker.next(Act.CLAIMED);
    assertEquals(List.of(enqueued.id(), "1"), claimed.words());
    return Duration.ofNanos(claimed.at() - start);
  }

  @Test
  void aDayForwardEndsADelayOfAnHourAtTheNextLook() throws IOException {
    Line enqueued = delay(Duration.ofHours(1));
    delay(Duration.ofHours(25));
    worker.tell(NO_WAIT);
    worker.next(Act.NOTHING);
    worker.tell(WAIT);
    long jump = System.nanoTime();
    clock.set(Duration.ofDays(1));
    Duration late = until(enqueued, jump);
    assertTrue(late.compareTo(LOOK_AND_MARGIN) < 0, () -> "ready only after " + late);
    worker.tell(NO_WAIT);
    worker.next(Act.NOTHING);
    Evidence.of(Section.CLOCKS, "a day forward, a job delayed by an hour and one by 25")
        .row(
            "2 jobs",
            "the first is ready at the next look, a poll of 100 ms; the other is not",
            late.toMillis() + " ms; not ready");
  }

  @ParameterizedTest
  @ValueSource(ints = {-3, -1, 1, 3})
  void aStepOfSecondsMovesDelaysByTheseAndNoMore(int seconds) throws IOException {
    Duration delay = Duration.ofSeconds(5);
    Duration promised = delay.minusSeconds(seconds);
    worker.tell("enqueue again 100");
    String again = worker.claim().id();
    worker.tell("retry " + again + " " + delay.toMillis());
    List<Line> begun = List.of(worker.next(Act.SETTLED), delay(delay));
    clock.set(Duration.ofSeconds(seconds));
    Map<String, Duration> waited = new HashMap<>();
    for (int i = 0; i < begun.size(); i++) {
      worker.tell(WAIT);
      Line claimed = worker.next(Act.CLAIMED);
      waited.put(claimed.id(), Duration.ofNanos(claimed.at()));
    }
    for (Line line : begun) {
      Duration wait = waited.get(line.id()).minusNanos(line.at());
      assertTrue(wait.compareTo(promised.minus(TOLD_LATE)) >= 0, () -> "early: " + wait);
      assertTrue(wait.compareTo(promised.plus(LOOK_AND_MARGIN)) < 0, () -> "late: " + wait);
      waited.put(line.id(), wait);
    }
    String step = Math.abs(seconds) + " s " + (seconds < 0 ? "back" : "forward");
    Evidence.of(Section.CLOCKS, step + ", a job delayed by 5 s and a retry in 5 s")
        .row(
            "2 jobs",
            "ready after " + promised.toSeconds() + " s and a look",
            waited.values().stream().map(Duration::toMillis).sorted().toList() + " ms");
  }

  @Test
  void aDayBackStopsADelayUntilTheClockIsPutRight() throws IOException {
    Line enqueued = delay(Duration.ofSeconds(1));
    clock.set(Duration.ofDays(-1));
    worker.tell("claim 3000");
    worker.next(Act.NOTHING);
    worker.tell(WAIT);
    long right = System.nanoTime();
    clock.set(Duration.ZERO);
    Duration late = until(enqueued, right);
    assertTrue(late.compareTo(LOOK_AND_MARGIN) < 0, () -> "ready only after " + late);
    Evidence.of(Section.CLOCKS, "a day back and put right, a job delayed by a second")
        .row("1 job", "ready at the look after that: a poll of 100 ms", late.toMillis() + " ms");
  }
}
