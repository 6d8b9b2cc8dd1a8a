package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of real file systems, in images on loop devices. Needs root. */
@Tag("privileged")
final class FileSystemCheckTest {

  @TempDir private Path directory;
  private Path mount;

  @BeforeEach
  void makeMountPoint() throws Exception {
    mount = Files.createDirectory(directory.resolve("mount"));
  }

  @AfterEach
  void unmount() throws Exception {
    run("umount", mount.toString());
  }

  @Test
  void ext4WithAJournalIsFit() throws Exception {
    mount("mkfs.ext4", "-q", "-F");
    assertFalse(FileSystemCheck.isWeak(mount));
  }

  @Test
  void ext4WithoutAJournalIsWeak() throws Exception {
    mount("mkfs.ext4", "-q", "-F", "-O", "^has_journal");
    assertTrue(FileSystemCheck.isWeak(mount));
  }

  @Test
  void ext2IsWeak() throws Exception {
    mount("mkfs.ext2", "-q", "-F");
    assertTrue(FileSystemCheck.isWeak(mount));
  }

  private void mount(String... mkfs) throws Exception {
    Path image = directory.resolve("image");
    run("truncate", "-s", "64M", image.toString());
    String[] command = Arrays.copyOf(mkfs, mkfs.length + 1);
    command[mkfs.length] = image.toString();
    run(command);
    run("mount", "-o", "loop", image.toString(), mount.toString());
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), () -> List.of(command) + ": " + output);
  }
}
