package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spooldir.SpoolException;
import org.spooldir.SpoolFormatException;

/** What is no spool is left as it is, and the message says what to do. */
@Timeout(60)
final class SpoolRefusalTest {

  private static final SpoolOptions OPTIONS = HostileNamesLife.OPTIONS;

  @TempDir private Path scratch;
  private Path root;

  @BeforeEach
  void nameTheSpool() {
    root = scratch.resolve("spool");
  }

  private static void refused(String advice, Executable opening) {
    SpoolException e = assertThrows(SpoolFormatException.class, opening);
    assertTrue(String.valueOf(e.getMessage()).contains(advice), String.valueOf(e.getMessage()));
  }

  @Test
  void nothingThere() throws Exception {
    refused("make one", () -> DirectorySpool.open(root, OPTIONS));
    refused("neither a spool nor a Maildir", () -> DirectorySpool.adopt(root, OPTIONS));
    refused("neither a spool nor a Maildir", () -> DirectorySpool.inspect(root));
    assertEquals(List.of(), Shell.names(scratch));
  }

  @Test
  void anEmptyDirectory() throws Exception {
    Files.createDirectory(root);
    refused("make one", () -> DirectorySpool.open(root, OPTIONS));
    refused("neither a spool nor a Maildir", () -> DirectorySpool.adopt(root, OPTIONS));
    assertEquals(List.of(), Shell.names(root));
  }

  @ParameterizedTest
  @FieldSource("org.spooldir.fs.SpoolLayout#DIRECTORIES")
  void aDirectoryOfItIsMissing(String name) throws Exception {
    DirectorySpool.create(root, OPTIONS).close();
    Files.delete(root.resolve(name));
    refused(name + ": is missing", () -> DirectorySpool.open(root, OPTIONS));
    refused("mkdir -m 700", () -> DirectorySpool.openOrCreate(root, OPTIONS));
    assertTrue(Files.notExists(root.resolve(name)));
    Shell.run("mkdir", "-m", "700", root.resolve(name).toString());
    DirectorySpool.open(root, OPTIONS).close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spool 2",
        "spool 10\n",
        "spool 1 compressed",
        "spool 1 separator=/",
        "spool 1 retain=1h",
        "spool 12 x"
      })
  void aNewerFormat(String format) throws Exception {
    markedAs(format);
    refused("use a newer version", () -> DirectorySpool.open(root, OPTIONS));
    refused("use a newer version", () -> DirectorySpool.openOrCreate(root, OPTIONS));
    refused("use a newer version", () -> DirectorySpool.inspect(root));
    refused("is a spool already", () -> DirectorySpool.create(root, OPTIONS));
    refused("is a spool already", () -> DirectorySpool.adopt(root, OPTIONS));
    assertEquals(format, Files.readString(root.resolve("spool.format")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "spool", "spool one", "SPOOL 1", "spool 1\nmore", "\u001b[2J"})
  void aMarkerThatSaysSomethingElse(String format) throws Exception {
    markedAs(format);
    refused("no spool, or it is damaged", () -> DirectorySpool.open(root, OPTIONS));
    refused("no spool, or it is damaged", () -> DirectorySpool.openOrCreate(root, OPTIONS));
  }

  private void markedAs(String format) throws Exception {
    DirectorySpool.create(root, OPTIONS).close();
    Files.writeString(root.resolve("spool.format"), format);
  }

  @Test
  void aDirectoryOfOthers() throws Exception {
    Files.createDirectory(root);
    Files.writeString(root.resolve("two\nlines"), "mine");
    refused(
        "is not empty (two\\012lines): choose another",
        () -> DirectorySpool.openOrCreate(root, OPTIONS));
    refused("is not empty", () -> DirectorySpool.create(root, OPTIONS));
    assertEquals(List.of("two\nlines"), Shell.names(root));
  }

  @ParameterizedTest
  @ValueSource(strings = {"new", "cur"})
  void aMaildirWithMailIsToBeAdopted(String where) throws Exception {
    for (String name : SpoolLayout.MAILDIR) {
      Files.createDirectories(root.resolve(name));
    }
    Files.writeString(root.resolve(where).resolve("1795000000.M1P1.mx"), "mail");
    refused("DirectorySpool.adopt", () -> DirectorySpool.create(root, OPTIONS));
    refused("DirectorySpool.adopt", () -> DirectorySpool.openOrCreate(root, OPTIONS));
    refused("DirectorySpool.adopt", () -> DirectorySpool.open(root, OPTIONS));
    assertEquals(List.of("cur", "new", "tmp"), Shell.names(root));
  }

  @Test
  void aPipeInsteadOfADirectoryOfItIsNotWaitedFor() throws Exception {
    DirectorySpool.create(root, OPTIONS).close();
    Path held = root.resolve("held");
    Files.delete(held);
    Shell.run("mkfifo", held.toString());
    SpoolException e = assertThrows(SpoolException.class, () -> DirectorySpool.open(root, OPTIONS));
    assertTrue(String.valueOf(e.getMessage()).contains("should be"), e.toString());
  }

  @Test
  void aSpoolThatIsThereIsNotMadeAgain() throws Exception {
    DirectorySpool.create(root, OPTIONS.separator(';')).close();
    refused("already: open it", () -> DirectorySpool.create(root, OPTIONS));
    refused("already: open it", () -> DirectorySpool.adopt(root, OPTIONS));
    assertEquals("spool 1 separator=; reserve=0\n", Files.readString(root.resolve("spool.format")));
  }

  @Test
  @Tag("privileged")
  void aDirectoryOnAnotherFileSystem() throws Exception {
    DirectorySpool.create(root, OPTIONS).close();
    String done = root.resolve("done").toString();
    Shell.run("mount", "-t", "tmpfs", "none", done);
    try {
      refused("another file system", () -> DirectorySpool.open(root, OPTIONS));
      refused("same one", () -> DirectorySpool.openOrCreate(root, OPTIONS));
    } finally {
      Shell.run("umount", done);
    }
    DirectorySpool.open(root, OPTIONS).close();
  }
}
