package org.spooldir.fs.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.Spool;

/** Dedup keys between processes: of one key, one job lives, whoever dies. */
@Tag("slow")
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
      atWork.add(processes.start(WorkerMain.class, "hold=20", "poll=100", "mixed=true", markers));
    }
    for (int i = 0; i < KILLS; i++) {
      ChildProcess victim = atWork.remove(processes.random().nextInt(atWork.size()));
      victim.awaitLines(20 + processes.random().nextInt(100));
      victim.kill();
      atWork.add(
          victim.main() == ProducerMain.class
              ? producer(0)
              : processes.start(WorkerMain.class, "hold=20", "poll=100", "mixed=true", markers));
    }
    processes.children().forEach(ChildProcess::kill);
    ChildProcess drainer = processes.start(WorkerMain.class, "hold=20", "idle=1500", markers);
    drainer.next(Act.ENDED);
    drainer.awaitEnd();

    Ledger ledger = new Ledger(processes.children());
    ledger.requireNoComplaints();
    ledger.requireNothingLost();
    ledger.requireNothingEndedTwice();
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

  @Test
  void aKeyIsFreeThoughItsWorkerDiedBeforeItGaveItBack() throws IOException, InterruptedException {
    ChildProcess producer = processes.start(PuppetMain.class);
    producer.tell("enqueue first 100 the-key");
    producer.next(Act.ENQUEUED);
    Path link = processes.root().resolve("keys").resolve(processes.files().below("keys").get(0));
    ChildProcess worker =
        processes.startBehind(killedAt("unlink", 1, "-P", link.toString()), PuppetMain.class);
    worker.tell("COMPLETED " + worker.claim().id());
    worker.awaitEnd();
    assertEquals(0, worker.count(Act.SETTLED), "the worker was not killed");
    assertTrue(Files.exists(link, LinkOption.NOFOLLOW_LINKS));
    processes.files().requireNoJobs();

    producer.tell("enqueue second 100 the-key");
    String second = producer.next(Act.ENQUEUED).id();
    assertEquals(second, producer.claim().id());
  }

  @Test
  void whoeverAsksForTheKeyPublishesTheJobOfAProducerThatDiedBeforeItCould()
      throws IOException, InterruptedException {
    // its first rename takes the key, the second would publish the job (E4)
    ChildProcess victim = processes.startBehind(killedAt("rename", 2), PuppetMain.class);
    victim.tell("enqueue first 100 the-key");
    victim.awaitEnd();
    assertEquals(0, victim.count(Act.ENQUEUED), "the producer was not killed");
    processes.files().requireNoJobs();
    assertEquals(1, taken().size());

    ChildProcess heir = processes.start(PuppetMain.class);
    heir.tell("enqueue second 100 the-key");
    String id = heir.next(Act.ENQUEUED).id();
    assertEquals(id, heir.claim().id());
    heir.tell("verify " + id);
    assertEquals(List.of(id, "first"), heir.next(Act.VERIFIED).words());
    heir.settle("COMPLETED", id);
    processes.files().requireNoJobs();
    assertEquals(List.of(), taken());
  }

  /** A command that kills what it starts when a thread of that makes this call for the nth time. */
  private List<String> killedAt(String call, int nth, String... where)
      throws IOException, InterruptedException {
    String output = processes.scratch("strace").toString();
    List<String> command = new ArrayList<>(List.of("strace", "-f", "-o", output));
    command.addAll(List.of(where));
    command.addAll(List.of("-e", "trace=/^" + call));
    command.addAll(List.of("-e", "inject=/^" + call + ":signal=KILL:when=" + nth));
    List<String> probe = List.of("strace", "-o", output, "true");
    boolean works;
    try {
      works = new ProcessBuilder(probe).start().waitFor() == 0;
    } catch (IOException e) {
      works = false;
    }
    assumeTrue(works, "no strace here, or it may not trace: apt-get install strace");
    return command;
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
