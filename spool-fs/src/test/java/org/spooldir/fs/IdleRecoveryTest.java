package org.spooldir.fs;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.JobState;

/** R2 by a worker that has nothing to do. */
@Timeout(120)
final class IdleRecoveryTest {

  private static final SpoolOptions OPTIONS =
      SpoolOptions.DEFAULTS.lease(Duration.ofSeconds(1)).poll(Duration.ofMillis(50)).reserve(0);

  @TempDir private Path directory;

  @Test
  void anIdleWorkerBringsBackWhatASilentOneHeld() throws Exception {
    try (DirectorySpool spool = DirectorySpool.openOrCreate(directory.resolve("spool"), OPTIONS)) {
      claimByAnotherHost(spool);
      assertEquals(Optional.empty(), spool.claim()); // from now on a worker, with nothing to do
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> spool.claim().map(Claim::attempt), Optional.of(2)::equals);
    }
  }

  @Test
  void anIdleWorkerGivesSignsOfLife() throws Exception {
    try (DirectorySpool spool = DirectorySpool.openOrCreate(directory.resolve("spool"), OPTIONS)) {
      assertEquals(Optional.empty(), spool.claim());
      assertEquals(1, spool.inspector().stats().workers());
      Path presence = directory.resolve("spool/workers").resolve(spool.workerId().orElseThrow());
      FileTime first = Files.getLastModifiedTime(presence);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> Files.getLastModifiedTime(presence).compareTo(first) > 0);
    }
  }

  /**
   * What a worker on another machine leaves: a claim, and a presence that nobody here can prove
   * dead.
   */
  private void claimByAnotherHost(DirectorySpool spool) throws Exception {
    spool.enqueue(Job.of("x"));
    Path root = directory.resolve("spool");
    String worker = "elsewhere.7.abcdefg";
    String presence =
        new WorkerIdentity("elsewhere", "boot", "pidns", 7, "1", Duration.ofSeconds(1)).text(0);
    Path file = Files.writeString(root.resolve("workers").resolve(worker), presence);
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(3600)));
    try (var ready = Files.list(root.resolve("new"))) {
      Path entry = ready.findFirst().orElseThrow();
      String claimed = entry.getFileName() + ":2,,a=1,t=1795000000000,w=" + worker + ".1";
      Files.move(entry, root.resolve("cur").resolve(claimed));
    }
    assertEquals(1, spool.inspector().stats().jobs(JobState.CLAIMED));
  }
}
