package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.JobState;

/** The same spool by another path. */
@Timeout(120)
final class SpoolPathTest {

  private static final SpoolOptions OPTIONS = HostileNamesLife.OPTIONS;

  @TempDir private Path scratch;

  @Test
  void aSpoolIsReachedThroughALink() throws Exception {
    Path root = scratch.resolve("spool");
    DirectorySpool.create(root, OPTIONS).close();
    Path link = Files.createSymbolicLink(scratch.resolve("link"), Path.of("spool"));
    assertOneSpool(root, link);
  }

  @Test
  void aSpoolKeepsItsPlaceWhenTheLinkIsTurned() throws Exception {
    Path first = scratch.resolve("first");
    Path second = scratch.resolve("second");
    DirectorySpool.create(second, OPTIONS).close();
    DirectorySpool.create(first, OPTIONS).close();
    Path link = Files.createSymbolicLink(scratch.resolve("link"), first);
    try (DirectorySpool spool = DirectorySpool.open(link, OPTIONS)) {
      Files.delete(link);
      Files.createSymbolicLink(link, second);
      spool.enqueue(Job.of("x"));
    }
    assertEquals(1, DirectorySpool.inspect(first).stats().jobs(JobState.READY));
    assertEquals(0, DirectorySpool.inspect(second).stats().jobs(JobState.READY));
  }

  @Test
  void aSpoolIsMadeBehindALinkToAnEmptyDirectory() throws Exception {
    Path root = Files.createDirectory(scratch.resolve("spool"));
    Path link = Files.createSymbolicLink(scratch.resolve("link"), root);
    DirectorySpool.openOrCreate(link, OPTIONS).close();
    assertOneSpool(root, link);
  }

  @Test
  void aRelativePathWillDo() throws Exception {
    Path root = scratch.resolve("spool");
    Path relative = Path.of("").toAbsolutePath().relativize(root.toAbsolutePath());
    DirectorySpool.create(relative, OPTIONS).close();
    assertOneSpool(root, relative);
  }

  @Test
  void aPathMayHoldSpacesAndPercentSigns() throws Exception {
    Path root = Files.createDirectory(scratch.resolve("a %41 b?#")).resolve("spool");
    try (DirectorySpool spool = DirectorySpool.openOrCreate(root, OPTIONS)) {
      Shell.deliver(root, "1795000000.\u00ff", new byte[] {'h', 'i'});
      Claim claim = spool.claim().orElseThrow();
      assertEquals("hi", claim.payload().text());
      claim.complete();
      assertTrue(Shell.names(root.resolve("cur")).isEmpty());
    }
  }

  private static void assertOneSpool(Path one, Path other) throws Exception {
    try (DirectorySpool producer = DirectorySpool.open(one, OPTIONS);
        DirectorySpool worker = DirectorySpool.open(other, OPTIONS)) {
      JobId job = producer.enqueue(Job.of("x"));
      Claim claim = worker.claim().orElseThrow();
      assertEquals(job, claim.id());
      assertEquals(JobState.CLAIMED, producer.inspector().find(job).orElseThrow().state());
      claim.complete();
      assertTrue(producer.inspector().find(job).isEmpty());
    }
  }
}
