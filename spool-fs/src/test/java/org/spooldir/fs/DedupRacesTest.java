package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.spooldir.Claim;
import org.spooldir.EnqueueUncertainException;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.SpoolEvent;
import org.spooldir.SpoolException;
import org.spooldir.SpoolException.InSpool;
import org.spooldir.SpoolFixture;
import org.spooldir.SpoolFixture.Background;

/** Who meets at one key, and what they tell each other. */
class DedupRacesTest extends SpoolTest {

  private static final Job JOB = Job.of("x").key("k");
  private static final String TAKES_KEY = "rename keys/.*";
  private static final String E4 = "rename tmp/.* new/.*";

  private static void dieBefore(Lab process, String call) throws Exception {
    DirectorySpool producer = process.open();
    process.faults.on(call).dies();
    assertThrows(Faults.Death.class, () -> producer.enqueue(JOB));
  }

  // ---- producers that died ----

  @Test
  void aProducerThatDiedBeforeItTookTheKeyHoldsNothing() throws Exception {
    dieBefore(lab.another(), TAKES_KEY);
    DirectorySpool spool = lab.openWorker();
    JobId id = spool.enqueue(JOB);
    assertEquals(id, Lab.claim(spool).id());
    assertEquals(1, lab.names("tmp").size());
  }

  @Test
  void aSlowProducerFindsThatAnotherHasPublishedItsJob() throws Exception {
    DirectorySpool slow = lab.openWorker();
    DirectorySpool other = lab.another().open();
    AtomicReference<JobId> found = new AtomicReference<>();
    lab.faults.on(E4).nth(1).first(() -> found.set(other.enqueue(JOB)));
    assertEquals(slow.enqueue(JOB), found.get());
    assertEquals(1, lab.names("new").size());
  }

  @Test
  void aSlowProducerFindsThatItsJobIsDone() throws Exception {
    DirectorySpool slow = lab.openWorker();
    DirectorySpool other = lab.another().open();
    lab.faults
        .on(E4)
        .nth(1)
        .first(
            () -> {
              other.enqueue(JOB);
              Lab.claim(other).complete();
            });
    slow.enqueue(JOB);
    assertEquals(List.of(), lab.names("new"));
    assertEquals(List.of(), lab.names("keys"));
  }

  @ParameterizedTest
  @EnumSource(Durability.class)
  void aSlowProducerFindsThatAWorkerHasItsJob(Durability level) throws Exception {
    DirectorySpool slow = lab.open(Lab.OPTIONS.durability(level));
    DirectorySpool other = lab.another().openWorker();
    AtomicReference<JobId> claimed = new AtomicReference<>();
    lab.faults
        .on(E4)
        .first(
            () -> {
              other.enqueue(JOB);
              claimed.set(Lab.claim(other).id());
            });
    assertEquals(slow.enqueue(JOB), claimed.get());
    assertEquals(List.of(new SpoolEvent.Enqueued(claimed.get())), lab.events);
  }

  // ---- nobody published it ----

  private void assertNobodyKnows(DirectorySpool slow) throws Exception {
    EnqueueUncertainException thrown =
        assertThrows(EnqueueUncertainException.class, () -> slow.enqueue(JOB), "told a false yes");
    assertEquals(InSpool.UNKNOWN, thrown.jobIn());
    assertEquals(1, thrown.ids().size());
    assertEquals(List.of(), lab.events);
    lab.faults.clear();
    JobId again = slow.enqueue(JOB);
    assertTrue(slow.inspector().find(again).isPresent(), "the key holds nothing");
    assertEquals(1, lab.names("new").size());
  }

  @ParameterizedTest
  @EnumSource(Durability.class)
  void whoseFileWasRemovedIsToldThatNobodyKnows(Durability level) throws Exception {
    DirectorySpool slow = lab.open(Lab.OPTIONS.durability(level));
    lab.faults.on(E4).first(() -> Files.delete(lab.only("tmp")));
    assertNobodyKnows(slow);
  }

  @Test
  void whoseFileWasSweptAfterAStepOfTheClockIsToldThatNobodyKnows() throws Exception {
    DirectorySpool slow = lab.open();
    DirectorySpool other = lab.another().open();
    lab.faults
        .on(E4)
        .first(
            () -> {
              lab.time.step(Duration.ofHours(37));
              other.maintenance().recover();
              assertEquals(List.of(), lab.names("tmp"));
              assertEquals(List.of(), lab.names("keys"));
            });
    assertNobodyKnows(slow);
  }

  @Test
  void whoseFileWasRemovedAndWhoseKeyWasTakenIsToldThatNobodyKnows() throws Exception {
    DirectorySpool slow = lab.open();
    DirectorySpool other = lab.another().open();
    lab.faults
        .on(E4)
        .nth(1)
        .first(
            () -> {
              Files.delete(lab.only("tmp"));
              other.enqueue(JOB);
            });
    assertNobodyKnows(slow);
  }

  @Test
  void aFileThatWasMovedOutOfTheSpoolIsNotPublished() throws Exception {
    DirectorySpool slow = lab.open();
    Path elsewhere = Files.createDirectories(directory.resolve("elsewhere/new"));
    Path inside = Files.createDirectory(lab.root.resolve("aside"));
    for (Path target : List.of(elsewhere, inside)) {
      lab.faults
          .on(E4)
          .first(
              () -> {
                Path draft = lab.only("tmp");
                Files.move(draft, target.resolve(draft.getFileName()));
              });
      assertThrows(EnqueueUncertainException.class, () -> slow.enqueue(JOB), "told a false yes");
      lab.faults.clear();
    }
  }

  // ---- who publishes for others ----

  @Test
  void whoFindsAJobThatIsGivenUpInThisMomentIsNotTurnedAway() throws Exception {
    Lab failing = lab.another();
    dieBefore(failing, E4);
    Path draft = lab.only("tmp");
    DirectorySpool spool = lab.openWorker();
    // The first producer was only slow: now it fails, and takes its file away again.
    lab.faults.on("rename tmp/" + draft.getFileName() + " new/.*").first(() -> Files.delete(draft));
    JobId told = spool.enqueue(JOB);
    assertTrue(spool.inspector().find(told).isPresent(), "told of a job that is not there");
  }

  @Test
  void whoFindsAJobThatCannotBePublishedIsNotToldThatItIsIn() throws Exception {
    dieBefore(lab.another(), E4);
    DirectorySpool spool = lab.openWorker();
    Files.delete(lab.root.resolve("new"));
    assertThrows(SpoolException.class, () -> spool.enqueue(JOB));
    Files.createDirectory(lab.root.resolve("new"));
    JobId told = spool.enqueue(JOB);
    assertEquals(told, Lab.claim(spool).id());
  }

  @Test
  void whoPublishesForAnotherMakesTheKeyDurableFirst() throws Exception {
    dieBefore(lab.another(), "forceDirectory keys");
    DirectorySpool spool = lab.open();
    List<String> calls = lab.faults.during(() -> spool.enqueue(JOB));
    List<String> order =
        calls.stream().filter(c -> c.equals("forceDirectory keys") || c.matches(E4)).toList();
    assertEquals("forceDirectory keys", order.get(0), () -> "no job without its key: " + calls);
    assertEquals(2, order.size(), calls::toString);
  }

  @Test
  void aKeyThatCannotBeForcedIsNotTakenForAnothers() throws Exception {
    DirectorySpool spool = lab.open();
    lab.faults.on("forceDirectory keys").fails(Faults.broken());
    assertThrows(SpoolException.class, () -> spool.enqueue(JOB));
    for (String each : List.of("new", "tmp", "keys")) {
      assertEquals(
          List.of(), lab.names(each), "told that it is not in, but something is in " + each);
    }
  }

  // ---- what others did to links ----

  @Test
  void aBackupByHardLinksNeitherFreesNorBlocksAKey() throws Exception {
    DirectorySpool spool = lab.openWorker();
    JobId first = spool.enqueue(JOB);
    backUp();
    assertEquals(first, spool.enqueue(JOB));
    Lab.claim(spool).complete();
    JobId second = spool.enqueue(JOB);
    assertNotEquals(first, second);
    // Now the worker dies before it gives the key back.
    backUp();
    Claim claim = Lab.claim(spool);
    lab.faults.on("delete keys/.*").fails(Faults.broken());
    assertThrows(SpoolException.class, claim::complete);
    lab.faults.clear();
    JobId third = spool.enqueue(JOB);
    assertEquals(third, Lab.claim(spool).id());
  }

  private void backUp() throws Exception {
    Path backup = directory.resolve("backup" + System.nanoTime());
    Process cp =
        new ProcessBuilder("cp", "-al", lab.root.toString(), backup.toString()).inheritIO().start();
    assertEquals(0, cp.waitFor());
  }

  @Test
  void aFileSystemWithoutInodesRefusesKeysAndNothingElse() throws Exception {
    DirectorySpool spool = lab.openWorker();
    lab.faults
        .on("inode .*")
        .first(
            () -> {
              throw new UnsupportedOperationException();
            });
    SpoolException thrown = assertThrows(SpoolException.class, () -> spool.enqueue(JOB));
    assertTrue(thrown.getMessage().contains("hard links"), thrown.getMessage());
    assertEquals(List.of(), lab.names("tmp"));
    spool.enqueue(Job.of("x"));
  }

  // ---- races ----

  private List<Background<Set<JobId>>> producers(int threads, int times) throws Exception {
    CyclicBarrier start = new CyclicBarrier(threads);
    List<Background<Set<JobId>>> producers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      DirectorySpool spool = lab.another().open();
      producers.add(
          SpoolFixture.inBackground(
              () -> {
                Set<JobId> told = new HashSet<>();
                start.await();
                for (int n = 0; n < times; n++) {
                  told.add(spool.enqueue(JOB));
                }
                return told;
              }));
    }
    return producers;
  }

  @Test
  void nobodyIsToldOfAJobThatNeverRuns() throws Exception {
    DirectorySpool worker = lab.openWorker();
    Set<JobId> done = ConcurrentHashMap.newKeySet();
    Set<JobId> told = new HashSet<>();
    List<Background<Set<JobId>>> producers = producers(3, 200);
    while (producers.stream().anyMatch(producer -> !producer.task().isDone())) {
      finish(worker, done);
    }
    for (Background<Set<JobId>> producer : producers) {
      told.addAll(producer.result());
    }
    finish(worker, done);
    assertEquals(told, done);
    assertEquals(List.of(), lab.names("keys"));
    assertEquals(List.of(), lab.names("tmp"));
  }

  private static void finish(DirectorySpool worker, Set<JobId> done) throws Exception {
    for (Optional<Claim> claim = worker.claim(); claim.isPresent(); claim = worker.claim()) {
      assertTrue(done.add(claim.get().id()), "run twice");
      claim.get().complete();
    }
  }

  // ---- published by another, in spite of its trouble ----

  @Test
  void whoseForceFailsAfterAnotherPublishedItIsToldThatNobodyKnows() throws Exception {
    DirectorySpool slow = lab.open();
    DirectorySpool other = lab.another().open();
    lab.faults
        .on(E4)
        .first(
            () -> {
              other.enqueue(JOB);
              throw Faults.broken();
            });
    EnqueueUncertainException thrown =
        assertThrows(EnqueueUncertainException.class, () -> slow.enqueue(JOB));
    assertEquals(InSpool.UNKNOWN, thrown.jobIn());
    assertEquals(1, lab.names("new").size());
  }

  @Test
  void aKeyIsNotRememberedForEver() throws Exception {
    Site site = lab.site(Lab.OPTIONS);
    DirectoryInspector inspector = new DirectoryInspector(site.ops(), site.layout());
    Enqueuer enqueuer =
        new Enqueuer(site, new EntryWriter(site), new DedupKeys(site, inspector), inspector);
    for (int i = 0; i < 20; i++) {
      enqueuer.enqueue(List.of(Job.of("x").key("key " + i)));
    }
    assertEquals(3, site.syncs().forces().directories(), "tmp/, keys/ and new/");
  }
}
