package org.spooldir.fs.process;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.spooldir.fs.process.ChildProcess.Line;

/**
 * R2: a worker that is silent for a lease is believed dead; C4: when it goes on, it learns that.
 */
@Tag("slow")
@Timeout(90)
class StoppedWorkerTest {

  private static final Duration LEASE = Duration.ofSeconds(3);

  /** A beat of the heir, by which it finds the silence, and much for a machine under load. */
  private static final Duration BEAT_AND_MARGIN = Duration.ofSeconds(1 + 10);

  private static final List<String> SETTLEMENTS =
      List.of("COMPLETED", "RETRIED", "RELEASED", "REJECTED");

  @RegisterExtension final Processes processes = Processes.inMemory();

  private ChildProcess puppet() throws IOException {
    return processes.start(PuppetMain.class, "lease=" + LEASE.toMillis(), "poll=200");
  }

  @Test
  void itsJobsGoToAnotherAfterOneLeaseAndWhenItGoesOnItHarmsNobody() throws IOException {
    ChildProcess sleeper = puppet();
    ChildProcess heir = puppet();
    for (int i = 0; i <= SETTLEMENTS.size(); i++) {
      sleeper.tell("enqueue job-" + i + " 1000");
      sleeper.next(Act.ENQUEUED);
    }
    List<String> jobs = SETTLEMENTS.stream().map(how -> sleeper.claim().id()).toList();
    String kept = sleeper.claim().id();
    heir.tell("claim 0");
    heir.next(Act.NOTHING);
    String oldId = processes.files().worker(kept).orElseThrow();

    // stopped: its jobs go to the heir, after one lease and not before
    sleeper.stop();
    Instant lastBeat = processes.files().lastBeat(oldId);
    TreeSet<String> inherited = new TreeSet<>();
    Duration silence = Duration.ZERO;
    for (int i = 0; i <= SETTLEMENTS.size(); i++) {
      heir.tell("claim 20000");
      Line claim = heir.next(Act.CLAIMED, LEASE.plus(BEAT_AND_MARGIN));
      silence = Duration.between(lastBeat, Instant.now());
      assertEquals(2, claim.attempt());
      assertTrue(silence.compareTo(LEASE) >= 0, "recovered before one lease: " + silence);
      inherited.add(claim.id());
    }
    assertTrue(inherited.containsAll(jobs) && inherited.contains(kept));
    processes.print(
        "claimed again " + silence.toMillis() + " ms after the last beat, lease " + LEASE);

    // it goes on: whatever it does now comes too late
    for (int i = 0; i < SETTLEMENTS.size(); i++) {
      sleeper.tell(SETTLEMENTS.get(i) + " " + jobs.get(i));
    }
    sleeper.goOn();
    for (int i = 0; i < SETTLEMENTS.size(); i++) {
      Line late = sleeper.next(Act.LATE);
      assertEquals(List.of(jobs.get(i), "1", SETTLEMENTS.get(i)), late.words());
    }
    await("it is told of every claim that it lost, settled or not")
        .atMost(ChildProcess.PATIENCE)
        .until(() -> sleeper.count(Act.LOST) == jobs.size() + 1);

    // the heir is unharmed
    assertEquals(inherited.size(), processes.files().in("cur").size(), "claims of the heir");
    assertEquals(List.of(), processes.files().in("failed"));
    assertEquals(List.of(), processes.files().in("errors"));
    assertEquals(List.of(), processes.files().in("delayed"));
    for (String id : inherited) {
      heir.settle("COMPLETED", id);
    }
    processes.files().requireNoJobs();

    // and the sleeper goes on as somebody else
    heir.tell("enqueue another 1000");
    heir.next(Act.ENQUEUED);
    String another = sleeper.claim().id();
    String newId = processes.files().worker(another).orElseThrow();
    assertNotEquals(oldId, newId);
    assertTrue(processes.files().in("workers").contains(newId));
    sleeper.settle("COMPLETED", another);
    processes.files().requireNoJobs();
    new Ledger(List.of(sleeper, heir)).requireNoComplaints();
  }

  @Test
  void aSlowHandlerKeepsItsJobForManyLeasesWhileItsProcessLives() throws IOException {
    ChildProcess slow = processes.start(PuppetMain.class, "lease=1000", "poll=100");
    ChildProcess eager = processes.start(PuppetMain.class, "lease=1000", "poll=100");
    slow.tell("enqueue long 1000");
    String id = slow.claim().id();
    for (int i = 0; i < 4; i++) {
      eager.tell("claim 1000");
      eager.next(Act.NOTHING);
    }
    slow.settle("COMPLETED", id);
    processes.files().requireNoJobs();
    new Ledger(List.of(slow, eager)).requireNoComplaints();
  }
}
