package org.spooldir.fs.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spooldir.fs.Evidence;
import org.spooldir.fs.Evidence.Section;
import org.spooldir.fs.process.ChildProcess.Line;

/**
 * A worker falls silent, and then the clock of the machine and its file system is set: its jobs
 * come back all the same, one to two leases later.
 */
@Tag("slow")
@Timeout(120)
class SilenceJumpTest {

  private static final Duration LEASE = Duration.ofSeconds(8);

  /** For a machine under load; no more than a lease, or else nobody is seen to wait too long. */
  private static final Duration MARGIN = LEASE;

  @RegisterExtension final Processes processes = Processes.inMemory();

  @ParameterizedTest
  @ValueSource(strings = {"P1D", "-P1D"})
  void whoIsSilentIsFoundOutWhateverTheClockSays(Duration jump) throws IOException {
    PretendedClock clock = PretendedClock.ofMachine(processes);
    ChildProcess sleeper = puppet(clock);
    ChildProcess heir = puppet(clock);
    sleeper.tell("enqueue job 1000");
    String id = sleeper.claim().id();
    heir.tell("claim 0");
    heir.next(Act.NOTHING);

    String worker = processes.files().worker(id).orElseThrow();
    sleeper.stop();
    Instant lastBeat = processes.files().lastBeat(worker);
    clock.set(jump);
    heir.tell("claim 60000");
    Line claim = heir.next(Act.CLAIMED, LEASE.multipliedBy(2).plus(MARGIN));
    assertEquals(id, claim.id());
    Instant claimed = Instant.now().minusNanos(System.nanoTime() - claim.at());
    Duration after = Duration.between(lastBeat, claimed);
    assertTrue(after.compareTo(LEASE) > 0, () -> "too early: " + after);
    Evidence.of(Section.CLOCKS, "a silent worker, and the clock jumps by " + jump)
        .row(
            "1 claim",
            "comes back one to two leases of 8 s after the last sign of life",
            "after " + after.toMillis() + " ms");
  }

  private static ChildProcess puppet(PretendedClock clock) throws IOException {
    return clock.start(PuppetMain.class, "lease=" + LEASE.toMillis(), "poll=100");
  }
}
