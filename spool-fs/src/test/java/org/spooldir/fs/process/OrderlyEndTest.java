package org.spooldir.fs.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.spooldir.fs.process.ChildProcess.Line;

/** D3 at the end of a process: what it did not finish was never claimed. */
@Timeout(60)
class OrderlyEndTest {

  private static final int CLAIMS = 5;

  @RegisterExtension final Processes processes = Processes.onDisk();

  @Test
  void aTerminatedWorkerThatClosesItsSpoolGivesItsClaimsBackUncounted() throws IOException {
    ChildProcess leaver = processes.start(PuppetMain.class, "durability=ENQUEUE");
    TreeSet<String> held = new TreeSet<>();
    for (int i = 0; i < CLAIMS; i++) {
      leaver.tell("enqueue job-" + i + " 1000");
      held.add(leaver.claim().id());
    }
    assertEquals(1, processes.files().in("workers").size());
    long told = System.nanoTime();
    leaver.terminate();
    leaver.awaitEnd();
    processes.print("ended " + (System.nanoTime() - told) / 1_000_000 + " ms after SIGTERM");

    assertEquals(List.of(), processes.files().in("workers"), "presences");
    assertEquals(List.of(), processes.files().in("cur"));
    assertEquals(CLAIMS, processes.files().in("new").size());
    ChildProcess next = processes.start(PuppetMain.class);
    TreeSet<String> claimed = new TreeSet<>();
    for (int i = 0; i < CLAIMS; i++) {
      Line claim = next.claim();
      assertEquals(1, claim.attempt());
      claimed.add(claim.id());
      next.tell("verify " + claim.id());
      next.next(Act.VERIFIED);
      next.settle("COMPLETED", claim.id());
    }
    assertEquals(held, claimed);
    processes.files().requireNoJobs();
    new Ledger(List.of(leaver, next)).requireNoComplaints();
  }
}
