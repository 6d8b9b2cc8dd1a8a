package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spooldir.Job;

/** A file system without a journal, in an image on a loop device. Needs root. */
@Tag("privileged")
class WeakFileSystemTest {

  @TempDir private Path directory;
  private Path mount;

  @BeforeEach
  void mount() throws Exception {
    mount = Files.createDirectory(directory.resolve("mount"));
    String image = directory.resolve("image").toString();
    Shell.run("truncate", "-s", "16M", image);
    Shell.run("mkfs.ext2", "-q", "-F", image);
    Shell.run("mount", "-o", "loop", image, mount.toString());
  }

  @AfterEach
  void unmount() throws Exception {
    Shell.run("umount", mount.toString());
  }

  @Test
  void whateverLevelIsAskedForAllIsForced() throws Exception {
    Path root = mount.resolve("spool");
    SpoolOptions options = SpoolOptions.DEFAULTS.reserve(0).durability(Durability.PROCESS);
    DirectorySpool.create(root, options).close();
    FaultyFileOps ops = FaultyFileOps.forReal(NioFileOps.on(root), root);
    Ground real = Ground.of(root);
    Ground ground =
        new Ground(ops, real.clock(), real.nanoTime(), real.random(), real.names(), real.window());
    try (DirectorySpool spool = DirectorySpool.open(root, options, ground)) {
      List<String> enqueue = ops.faults.during(() -> spool.enqueue(Job.of("x")));
      assertEquals(3, enqueue.stream().filter(call -> call.startsWith("force")).count());
      List<String> claim = ops.faults.during(() -> Lab.claim(spool).complete());
      assertEquals(3, claim.stream().filter(call -> call.startsWith("force")).count());
    }
  }
}
