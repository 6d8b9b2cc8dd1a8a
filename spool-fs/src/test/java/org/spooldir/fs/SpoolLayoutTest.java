package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.JobState;

/** How a spool comes to be, and is found again. */
@Timeout(120)
final class SpoolLayoutTest {

  private static final SpoolOptions OPTIONS = HostileNamesLife.OPTIONS;

  @TempDir private Path scratch;
  private Path root;

  @BeforeEach
  void nameTheSpool() {
    root = scratch.resolve("spool");
  }

  @Test
  void aNewSpoolHasAllDirectoriesAndTheMarker() throws Exception {
    DirectorySpool.create(root, OPTIONS.reserve(4096)).close();
    List<String> expected = new ArrayList<>(SpoolLayout.DIRECTORIES);
    expected.addAll(List.of("spool.format", "spool.reserve"));
    assertEquals(expected.stream().sorted().toList(), Shell.names(root));
    assertEquals("spool 1 reserve=4096\n", Files.readString(root.resolve("spool.format")));
    assertEquals(4096, Files.size(root.resolve("spool.reserve")));
  }

  @Test
  void nobodyElseMayLookIn() throws Exception {
    try (DirectorySpool spool = DirectorySpool.openOrCreate(root, OPTIONS.reserve(4096))) {
      spool.enqueue(Job.of("a").key("k"));
      spool.claim().orElseThrow().reject("no");
      spool.enqueue(Job.of("b").delay(Duration.ofHours(1)));
      try (var tree = Files.walk(root)) {
        for (Path each : tree.toList()) {
          String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(each));
          assertEquals(Files.isDirectory(each) ? "rwx------" : "rw-------", mode, each.toString());
        }
      }
    }
  }

  @RepeatedTest(10)
  void manyMayCreateItAtOnce() throws Exception {
    int threads = 8;
    CyclicBarrier start = new CyclicBarrier(threads);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<JobId>> jobs = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        jobs.add(
            pool.submit(
                () -> {
                  start.await();
                  try (DirectorySpool spool = DirectorySpool.openOrCreate(root, OPTIONS)) {
                    return spool.enqueue(Job.of("x"));
                  }
                }));
      }
      for (Future<JobId> job : jobs) {
        job.get();
      }
    } finally {
      pool.shutdown();
    }
    assertEquals(List.of(), Shell.names(root.resolve("tmp")));
    assertEquals(threads, DirectorySpool.inspect(root).stats().jobs(JobState.READY));
  }

  @Test
  void aMaildirIsAdoptedWithItsMail() throws Exception {
    for (String name : SpoolLayout.MAILDIR) {
      Files.createDirectories(root.resolve(name));
    }
    Shell.deliver(root, "1795000000.M1P1.mx:2,S", new byte[] {'h', 'i'});
    try (DirectorySpool spool = DirectorySpool.adopt(root, OPTIONS)) {
      Claim claim = spool.claim().orElseThrow();
      assertEquals("hi", claim.payload().text());
      claim.complete();
    }
    DirectorySpool.open(root, OPTIONS).close();
  }

  @ParameterizedTest
  @ValueSource(chars = {';', '!'})
  void theSeparatorIsTheSpoolsAndLastsAJobsWholeLife(char separator) throws Exception {
    DirectorySpool.create(root, OPTIONS.separator(separator)).close();
    String state = separator + "2,,a=";
    try (DirectorySpool spool = DirectorySpool.open(root, OPTIONS)) { // says ':', which is ignored
      JobId job = spool.enqueue(Job.of("x"));
      Claim first = spool.claim().orElseThrow();
      assertStands("cur", state + "1,t=");
      first.retry(Duration.ofHours(1), "later");
      assertStands("delayed", state + "1,u=");
      assertEquals(List.of(job), spool.maintenance().retryNow(List.of(job)).changed());
      assertStands("new", state + "1");
    }
    try (DirectorySpool spool = DirectorySpool.openOrCreate(root, OPTIONS)) {
      Claim second = spool.claim().orElseThrow();
      assertEquals(2, second.attempt());
      second.reject("no");
      assertStands("failed", state + "2");
      assertEquals(1, DirectorySpool.inspect(root).stats().jobs(JobState.FAILED));
      assertEquals(
          List.of(second.id()), spool.maintenance().requeue(List.of(second.id())).changed());
      spool.claim().orElseThrow().complete();
      assertEquals(List.of(), Shell.names(root.resolve("cur")));
    }
  }

  private void assertStands(String directory, String state) throws Exception {
    String name = FileNames.textOf(Shell.only(root.resolve(directory)));
    assertTrue(name.contains(state) && !name.contains(":"), name);
  }
}
