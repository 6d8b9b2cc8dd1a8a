package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** A test on a real file system in an image on a loop device. Needs root. */
abstract class MountedImage {

  @TempDir(factory = SafeDirectory.class)
  private Path directory;

  Path mount;
  private boolean mounted;

  @BeforeEach
  final void makeMountPoint() throws Exception {
    mount = Files.createDirectory(directory.resolve("mount"));
  }

  @AfterEach
  final void unmount() throws Exception {
    if (mounted) {
      run("umount", mount.toString());
    }
  }

  /** Makes a file system by this command, to which the image is added, and mounts it. */
  final void mount(String... mkfs) throws Exception {
    mountWith("loop", mkfs);
  }

  /** The same, with options. Where this machine has no such file system, says so and gives up. */
  final void mountWith(String options, String... mkfs) throws Exception {
    Path image = directory.resolve("image");
    run("truncate", "-s", "320M", image.toString()); // xfs wants no less
    List<String> command = new ArrayList<>(List.of(mkfs));
    command.add(image.toString());
    String type = mkfs[0].substring(mkfs[0].indexOf('.') + 1);
    try {
      run(command.toArray(String[]::new));
    } catch (IOException e) {
      throw new TestAbortedException("no " + mkfs[0] + " here", e);
    }
    if (!Files.readString(Path.of("/proc/filesystems")).contains("\t" + type + "\n")) {
      throw new TestAbortedException("this kernel has no " + type);
    }
    run("mount", "-o", options, image.toString(), mount.toString());
    mounted = true;
  }

  /** Mounts a file system in memory. */
  final void mountMemory(String options) throws Exception {
    run("mount", "-t", "tmpfs", "-o", options, "none", mount.toString());
    mounted = true;
  }

  static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), () -> List.of(command) + ": " + output);
  }
}
