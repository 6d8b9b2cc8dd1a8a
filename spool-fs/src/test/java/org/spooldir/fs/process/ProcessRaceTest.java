package org.spooldir.fs.process;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** C2 between processes: the rename is the compare-and-swap. */
@Timeout(120)
class ProcessRaceTest {

  private static final int PROCESSES = 8;
  private static final int JOBS = 1_000;

  @RegisterExtension final Processes processes = Processes.inMemory();

  @Test
  void eightProcessesProduceAndClaimAndEachJobIsHandledOnce() throws IOException {
    for (int i = 0; i < PROCESSES; i++) {
      processes.prepare(List.of(), WorkerMain.class, "jobs=" + JOBS, "idle=1000");
    }
    processes.children().forEach(child -> child.next(Act.READY));
    long start = System.nanoTime();
    processes.children().forEach(child -> child.tell("go"));
    processes.children().forEach(ChildProcess::awaitEnd);
    long millis = (System.nanoTime() - start) / 1_000_000;

    Ledger ledger = new Ledger(processes.children());
    ledger.requireNoComplaints();
    ledger.requireEachClaimedOnce();
    assertEquals(PROCESSES * JOBS, ledger.acknowledged());
    assertEquals(PROCESSES * JOBS, ledger.completed());
    processes.files().requireNoJobs();
    processes.print(
        "%d jobs in %d ms, the last second of it idle; each process claimed %s"
            .formatted(
                ledger.completed(),
                millis,
                processes.children().stream()
                    .map(child -> Long.toString(child.count(Act.CLAIMED)))
                    .collect(joining(", "))));
  }

  @Test
  void jobsThatAreReleasedAgainAndAgainAreStillHandledOnceAndNeverCounted() throws IOException {
    for (int i = 0; i < 4; i++) {
      processes.prepare(List.of(), WorkerMain.class, "jobs=20", "idle=1000", "restless=true");
    }
    processes.children().forEach(child -> child.next(Act.READY));
    processes.children().forEach(child -> child.tell("go"));
    processes.children().forEach(ChildProcess::awaitEnd);

    Ledger ledger = new Ledger(processes.children());
    ledger.requireNoComplaints();
    ledger.requireNothingLost();
    ledger.requireNothingEndedTwice();
    ledger.requireRepetitionsExplained();
    assertEquals(80, ledger.completed());
    assertEquals(
        List.of(),
        processes.children().stream()
            .flatMap(child -> child.journal().stream())
            .filter(line -> line.act() == Act.CLAIMED && line.attempt() != 1)
            .toList());
    processes.files().requireNoJobs();
  }
}
