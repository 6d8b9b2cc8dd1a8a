package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.JobState;

/** The key of a job whose producer died, and of one that somebody copied or removed by hand. */
@Timeout(120)
final class DedupKeysTest {

  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir private Path scratch;
  private Path root;
  private DirectorySpool spool;

  @BeforeEach
  void open() throws Exception {
    root = scratch.resolve("spool");
    spool = DirectorySpool.openOrCreate(root, HostileNamesLife.OPTIONS);
  }

  @AfterEach
  void close() throws Exception {
    spool.close();
  }

  private JobId enqueue(String payload) throws Exception {
    return spool.enqueue(Job.of(payload).key("k"));
  }

  /** How many jobs there are, wherever. */
  private long jobs() throws Exception {
    try (var all = spool.inspector().list(Set.of(JobState.values()))) {
      return all.count();
    }
  }

  private void removeByHand() throws Exception {
    Files.delete(Shell.only(root.resolve("new")));
  }

  /** Hard links to all that is there. */
  private void backup() throws Exception {
    Shell.run("cp", "-al", root.toString(), scratch.resolve("backup").toString());
  }

  /** What a producer leaves that dies after it has taken the key, before E4. */
  private JobId diedBeforePublishing(Job job) throws Exception {
    JobId id = spool.enqueue(job.key("k"));
    boolean now = job.due(Instant.now()).isEmpty();
    Path published = Shell.only(root.resolve(now ? "new" : "delayed"));
    Files.move(published, root.resolve("tmp").resolve(id.value()));
    assertEquals(0, jobs());
    return id;
  }

  @Test
  void whatADeadProducerWroteIsPublishedByTheNext() throws Exception {
    JobId first = diedBeforePublishing(Job.of("first"));
    assertEquals(first, enqueue("second"));
    assertEquals(1, jobs());
    assertEquals(List.of(), Shell.names(root.resolve("tmp")));
    Claim claim = spool.claim().orElseThrow();
    assertEquals("first", claim.payload().text());
    claim.complete();
    assertEquals(List.of(), Shell.names(root.resolve("keys")));
    assertNotEquals(first, enqueue("third"));
  }

  @Test
  void whatADeadProducerScheduledStaysScheduled() throws Exception {
    JobId first = diedBeforePublishing(Job.of("first").delay(HOUR));
    assertEquals(first, enqueue("second"));
    assertEquals(JobState.DELAYED, spool.inspector().find(first).orElseThrow().state());
    assertEquals(1, jobs());
  }

  @Test
  void aStaleLinkDoesNotBlock() throws Exception {
    JobId first = enqueue("first");
    removeByHand();
    JobId second = enqueue("second");
    assertNotEquals(first, second);
    assertEquals(second, enqueue("third"));
    assertEquals(1, jobs());
  }

  @Test
  void anEmptyKeyDirectoryDoesNotBlock() throws Exception {
    enqueue("first");
    removeByHand();
    Files.delete(Shell.only(Shell.only(root.resolve("keys"))));
    JobId second = enqueue("second");
    assertEquals(second, enqueue("third"));
    assertEquals(1, jobs());
  }

  @Test
  void aHardLinkedBackupDoesNotKeepTheKey() throws Exception {
    JobId first = enqueue("first");
    backup();
    removeByHand();
    JobId second = enqueue("second");
    assertNotEquals(first, second);
    assertEquals(Optional.of(second), spool.claim().map(Claim::id));
    assertEquals(1, jobs());
  }

  @ParameterizedTest
  @EnumSource(value = JobState.class, names = "DONE", mode = EnumSource.Mode.EXCLUDE)
  void aBackupDoesNotLetASecondJobInWhileTheFirstLives(JobState state) throws Exception {
    JobId first = enqueue("first");
    switch (state) {
      case CLAIMED -> assertEquals(first, spool.claim().orElseThrow().id());
      case DELAYED -> spool.claim().orElseThrow().retry(HOUR, "later");
      case FAILED -> spool.claim().orElseThrow().reject("no");
      case HELD -> spool.maintenance().hold(List.of(first));
      default -> {} // it is ready
    }
    backup();
    assertEquals(first, enqueue("second"));
    assertEquals(state, spool.inspector().find(first).orElseThrow().state());
    assertEquals(1, jobs());
  }

  @RepeatedTest(10)
  void manyWhoFindAStaleKeyStoreOneJob() throws Exception {
    race(() -> {});
  }

  @RepeatedTest(10)
  void manyWhoFindAKeyThatABackupHoldsStoreOneJob() throws Exception {
    race(this::backup);
  }

  @RepeatedTest(10)
  void manyWhoFindAKeyOfADeadProducerStoreOneJob() throws Exception {
    JobId first = diedBeforePublishing(Job.of("first"));
    assertEquals(Set.of(first), enqueuedByMany());
    assertEquals(1, jobs());
  }

  private interface Step {
    void run() throws Exception;
  }

  private void race(Step beforeRemoval) throws Exception {
    JobId first = enqueue("first");
    beforeRemoval.run();
    removeByHand();
    Set<JobId> answers = enqueuedByMany();
    assertEquals(1, answers.size(), answers.toString());
    assertFalse(answers.contains(first));
    assertEquals(1, jobs());
    assertEquals(1, Shell.names(root.resolve("keys")).size());
    assertEquals(List.of(), Shell.names(root.resolve("tmp")));
  }

  private Set<JobId> enqueuedByMany() throws Exception {
    int threads = 8;
    CyclicBarrier start = new CyclicBarrier(threads);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    Set<JobId> answers = new HashSet<>();
    try {
      List<Future<JobId>> all = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        all.add(
            pool.submit(
                () -> {
                  start.await();
                  return enqueue("again");
                }));
      }
      for (Future<JobId> each : all) {
        answers.add(each.get());
      }
    } finally {
      pool.shutdown();
    }
    return answers;
  }
}
