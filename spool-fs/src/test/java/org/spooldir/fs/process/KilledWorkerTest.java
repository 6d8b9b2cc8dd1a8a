package org.spooldir.fs.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.spooldir.fs.process.ChildProcess.Line;

/** R1: a worker that is killed is proven dead at once, whatever its lease. */
@Timeout(60)
class KilledWorkerTest {

  private static final Duration PROMISED = Duration.ofSeconds(2);
  private static final int CLAIMS = 3;

  @RegisterExtension final Processes processes = Processes.onDisk();

  @RepeatedTest(3)
  void itsJobsAreClaimedByAnotherWithinTwoSeconds() throws IOException {
    ChildProcess victim = processes.start(PuppetMain.class, "durability=ENQUEUE");
    ChildProcess heir = processes.start(PuppetMain.class, "durability=ENQUEUE");
    TreeSet<String> held = new TreeSet<>();
    for (int i = 0; i < CLAIMS; i++) {
      victim.tell("enqueue job-" + i + " 1000");
      held.add(victim.claim().id());
    }
    heir.tell("claim 0");
    heir.next(Act.NOTHING);
    for (int i = 0; i < CLAIMS; i++) {
      heir.tell("claim 10000");
    }

    long killed = System.nanoTime();
    victim.kill();
    TreeSet<String> inherited = new TreeSet<>();
    long millis = 0;
    for (int i = 0; i < CLAIMS; i++) {
      Line claim = heir.next(Act.CLAIMED, PROMISED.minusNanos(System.nanoTime() - killed));
      assertEquals(2, claim.attempt());
      inherited.add(claim.id());
      millis = (claim.at() - killed) / 1_000_000;
    }
    assertEquals(held, inherited);
    processes.print("all claims came back within " + millis + " ms of kill -9");

    for (String id : inherited) {
      heir.tell("verify " + id);
      heir.next(Act.VERIFIED);
      heir.settle("COMPLETED", id);
    }
    processes.files().requireNoJobs();
    assertEquals(1, processes.files().in("workers").size(), "presences: the heir's");
    new Ledger(List.of(victim, heir)).requireNoComplaints();
  }
}
