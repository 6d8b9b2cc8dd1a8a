package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.JobId;

/** Making a spool directory. */
class SpoolCreationTest {

  private static final SpoolOptions OPTIONS = SpoolOptions.DEFAULTS.reserve(0);

  @TempDir private Path directory;

  private Path root() {
    return directory.resolve("spool");
  }

  private static void assertWorks(DirectorySpool spool) throws Exception {
    JobId id = spool.enqueue(Job.of("x"));
    Claim claim = Lab.claim(spool);
    assertEquals(id, claim.id());
    claim.complete();
    spool.close();
  }

  @Test
  void anEmptyDirectoryBecomesASpoolAndKeepsItsMode() throws Exception {
    Files.createDirectory(
        root(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
    assertWorks(DirectorySpool.create(root(), OPTIONS));
    assertEquals("rwxr-x---", PosixFilePermissions.toString(Files.getPosixFilePermissions(root())));
  }

  @Test
  void theRootOfAFileSystemMayHaveItsLostAndFound() throws Exception {
    Files.createDirectories(root().resolve("lost+found"));
    assertWorks(DirectorySpool.create(root(), OPTIONS));
  }

  @Test
  void aCreationThatWasCutOffIsFinished() throws Exception {
    FileOps real = NioFileOps.on(directory);
    int calls = 1;
    for (boolean died = true; died; calls++) {
      Path root = directory.resolve("spool" + calls);
      FaultyFileOps ops = FaultyFileOps.forReal(real, root);
      ops.faults.dieAtCall(calls);
      try {
        SpoolCreation.create(ops, root, SpoolFormat.PLAIN);
        died = false;
      } catch (Faults.Death e) {
        // The next one finishes it, wherever it was cut off.
      }
      assertWorks(DirectorySpool.openOrCreate(root, OPTIONS));
    }
    assertTrue(calls > 20, "died " + calls + " times");
  }
}
