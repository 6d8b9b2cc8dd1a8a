package org.spooldir.fs.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.Spool;

/** Dedup keys between processes: of one key, one job lives, whoever dies. */
@Timeout(120)
class DedupAcrossProcessesTest {

  private static final int KEYS = 50;
  private static final int PRODUCERS = 6;
  private static final int KILLS = 10;

  @RegisterExtension final Processes processes = Processes.inMemory();

  private ChildProcess producer(int jobs) throws IOException {
    return processes.start(ProducerMain.class, "keys=" + KEYS, "jobs=" + jobs, "mixed=true");
  }

  @Test
  void manyProducersWithoutAWorkerLeaveOneJobOfEachKey() throws Exception {
    for (int i = 0; i < PRODUCERS; i++) {
      producer(300);
    }
    processes.children().forEach(ChildProcess::awaitEnd);
    new Ledger(processes.children()).requireNoComplaints();
    try (Spool spool = processes.open()) {
      assertEquals(keys(), drain(spool));
    }
  }

  @Test
  void neverTwoOfOneKeyAreAliveWhileProducersAndWorkersAreKilled() throws Exception {
    String markers = "markers=" + Files.createDirectory(processes.scratch("markers"));
    List<ChildProcess> atWork = new ArrayList<>();
    for (int i = 0; i < PRODUCERS; i++) {
      atWork.add(producer(0));
    }
    for (int i = 0; i < 2; i++) {
      atWork.add(processes.start(WorkerMain.class, "hold=20", "poll=100", markers));
    }
    for (int i = 0; i < KILLS; i++) {
      ChildProcess victim = atWork.remove(processes.random().nextInt(atWork.size()));
      victim.awaitLines(20 + processes.random().nextInt(100));
      victim.kill();
      atWork.add(
          victim.main() == ProducerMain.class
              ? producer(0)
              : processes.start(WorkerMain.class, "hold=20", "poll=100", markers));
    }
    processes.children().forEach(ChildProcess::kill);
    ChildProcess drainer = processes.start(WorkerMain.class, "hold=20", "idle=1500", markers);
    drainer.next(Act.ENDED);
    drainer.awaitEnd();

    Ledger ledger = new Ledger(processes.children());
    ledger.requireNoComplaints();
    ledger.requireNothingLost();
    ledger.requireNothingCompletedTwice();
    ledger.requireRepetitionsExplained();
    processes.files().requireNoJobs();
    try (Spool spool = processes.open()) {
      // A producer that was killed between key and publication left a job that nobody was told of:
      // the first to ask for the key publishes it, once.
      Set<JobId> seen = enqueueEach(spool);
      assertEquals(keys(), drain(spool));
      // After that every key is free.
      Set<JobId> fresh = enqueueEach(spool);
      assertEquals(KEYS, fresh.size());
      assertTrue(fresh.stream().noneMatch(seen::contains), "a stale key answered");
      assertEquals(keys(), drain(spool));
      spool.maintenance().recover();
    }
    assertEquals(List.of(), taken(), "keys that are taken in an empty spool");
    processes.print(
        "%d enqueues returned for %d jobs, %d handled again; %d drafts of killed producers in keys/"
            .formatted(
                processes.children().stream().mapToLong(c -> c.count(Act.ENQUEUED)).sum(),
                ledger.acknowledged(),
                ledger.handledAgain(),
                processes.files().below("keys").size()));
  }

  /** All keys, in the order of their text. */
  private static List<String> keys() {
    return IntStream.range(0, KEYS).mapToObj(i -> "key" + i).sorted().toList();
  }

  private static Set<JobId> enqueueEach(Spool spool) throws IOException {
    Set<JobId> ids = new HashSet<>();
    for (String key : keys()) {
      ids.add(spool.enqueue(Job.of(new Telltale(key + ".fresh", 10)).key(key)));
    }
    return ids;
  }

  /** Completes everything; the key of each job, in the order of their text. */
  private static List<String> drain(Spool spool) throws IOException, InterruptedException {
    List<String> keys = new ArrayList<>();
    for (Optional<Claim> next = claim(spool); next.isPresent(); next = claim(spool)) {
      keys.add(Telltale.keyOf(Telltale.verify(next.get().payload())));
      next.get().complete();
    }
    return keys.stream().sorted().toList();
  }

  private static Optional<Claim> claim(Spool spool) throws IOException, InterruptedException {
    return spool.claim(Duration.ofMillis(500)); // longer than any delay of a mixed producer
  }

  /** The links that stand for a key, not the drafts of producers that died before they had it. */
  private List<String> taken() throws IOException {
    return processes.files().below("keys").stream()
        .filter(link -> link.matches("[0-9a-f]{64}/.*"))
        .toList();
  }
}
