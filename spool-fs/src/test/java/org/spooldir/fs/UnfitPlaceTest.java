package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.spooldir.Job;
import org.spooldir.SpoolException;

/** Places where no spool can be: refused at opening, with what to do, and left as they are. */
class UnfitPlaceTest {

  private static final SpoolOptions OPTIONS = SpoolOptions.DEFAULTS.reserve(0);

  @TempDir private Path directory;
  private Path root;

  @BeforeEach
  void makeSpool() throws Exception {
    root = directory.resolve("spool");
    DirectorySpool.create(root, OPTIONS).close();
  }

  private void assertRefused(Executable call, String... words) throws Exception {
    Tree before = Tree.of(directory);
    SpoolException thrown = assertThrows(SpoolException.class, call);
    for (String word : words) {
      assertTrue(thrown.getMessage().contains(word), thrown.getMessage());
    }
    assertFalse(thrown.mayRetry(), thrown::toString);
    assertEquals(before, Tree.of(directory), "something was changed");
  }

  @Test
  void aFileInPlaceOfADirectory() throws Exception {
    Files.delete(root.resolve("held"));
    Files.writeString(root.resolve("held"), "x");
    assertRefused(() -> DirectorySpool.open(root), "held", "directory");
  }

  @Test
  void aFormatOfAGigabyteIsNotReadWhole() throws Exception {
    try (var format = new RandomAccessFile(root.resolve("spool.format").toFile(), "rw")) {
      format.setLength(1L << 30);
    }
    assertRefused(() -> DirectorySpool.open(root), "spool.format");
  }

  @Test
  void aFile() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "x");
    for (Executable call :
        List.<Executable>of(
            () -> DirectorySpool.open(file),
            () -> DirectorySpool.create(file, OPTIONS),
            () -> DirectorySpool.openOrCreate(file),
            () -> DirectorySpool.adopt(file, OPTIONS),
            () -> DirectorySpool.inspect(file))) {
      assertRefused(call, "a file where a directory should be");
    }
  }

  @Test
  void aPlaceWithoutAParent() throws Exception {
    Path nowhere = directory.resolve("no/such/parent");
    assertRefused(() -> DirectorySpool.create(nowhere, OPTIONS), "parent");
  }

  @Test
  @Tag("privileged")
  void aFileSystemThatIsReadOnly() throws Exception {
    mount("mount", "--bind", root.toString(), root.toString());
    try {
      mount("mount", "-o", "remount,ro,bind", root.toString());
      assertEquals(0, DirectorySpool.inspect(root).stats().writing());
      try (DirectorySpool spool = DirectorySpool.open(root, OPTIONS)) {
        SpoolException thrown =
            assertThrows(SpoolException.class, () -> spool.enqueue(Job.of("x")));
        assertTrue(thrown.getMessage().contains("read-only"), thrown.getMessage());
      }
    } finally {
      mount("umount", root.toString());
    }
  }

  private static void mount(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), () -> "cannot be tested here, needs root: " + output);
  }
}
