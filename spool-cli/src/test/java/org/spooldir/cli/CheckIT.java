package org.spooldir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.spooldir.cli.SpoolCommand.shell;
import static org.spooldir.cli.SpoolCommand.spool;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spooldir.fs.DirectorySpool;
import org.spooldir.fs.SpoolOptions;

/** {@code spool check}; what it finds and mends is tested with the library. */
class CheckIT {

  /** Reads JSON lines, and prints one field of each. */
  private static final String FIELD =
      "python3 -c 'import json,sys\nfor line in sys.stdin: print(json.loads(line)[\"%s\"])'";

  @TempDir Path directory;
  private Path spool;

  @BeforeEach
  void makeSpool() throws Exception {
    spool = directory.resolve("spool");
    DirectorySpool.create(spool, SpoolOptions.DEFAULTS).close();
  }

  private Path entry(String directory, String name, String text) throws Exception {
    return Files.writeString(spool.resolve(directory).resolve(name), text);
  }

  private static String unique(int second, String fields) {
    return "17952476%02d.M355712P4711Q3R9f3c2a1b00112233.web1%s".formatted(second, fields);
  }

  @Test
  void aHealthySpoolIsToldInOneLineAndToCronInNone() {
    spool("put", spool).input("x").run().ok();
    assertEquals(
        List.of("0 errors, 0 warnings, 0 notes"), spool("check", spool).run().ok().lines());
    assertEquals("", spool("check", spool, "--quick", "--quiet").run().ok().out());
    assertEquals("", spool("check", spool, "--json").run().ok().out());
  }

  @Test
  void notesAreNoTroubleAndQuietLeavesThemOut() throws Exception {
    entry("new", "1795247682.mail.host", "x");
    SpoolCommand.Result told = spool("check", spool).run().ok();
    assertEquals("note: new: 1 job", told.lines().get(0));
    assertTrue(told.out().endsWith("0 errors, 0 warnings, 1 note\n"), told::out);
    assertEquals("", spool("check", spool, "-q").run().ok().out());
  }

  @Test
  void damageIsAnErrorUntilItIsMended() throws Exception {
    entry("new", unique(1, ",S=5"), "123");
    entry("new", unique(2, ",S=5"), "1234");
    SpoolCommand.Result told = spool("check", spool).run().failsWith(ExitCode.DATA);
    assertTrue(told.out().contains("error: new/" + unique(1, ",S=5: size is 3, S= says 5\n")));
    assertTrue(told.out().contains("error: new/" + unique(2, ",S=5: size is 4, S= says 5\n")));
    assertEquals(told.out().indexOf("What to do"), told.out().lastIndexOf("What to do"));
    assertTrue(told.out().endsWith("2 errors, 0 warnings, 0 notes\n"), told::out);

    SpoolCommand.Result mended = spool("check", spool, "--repair").run().ok();
    assertTrue(mended.out().contains("mended: new/" + unique(1, ",S=5: size is 3")), mended::out);
    assertTrue(mended.out().contains("2 mended"), mended::out);
    assertTrue(Files.exists(spool.resolve("failed").resolve(unique(1, ",S=5"))));
    String failure = spool("show", spool, unique(1, ""), "--json").run().ok().out();
    assertTrue(failure.contains("\"attempt\":0,\"reason\":\"size is 3, S= says 5\""), failure);
    assertTrue(failure.contains("\"failures\":[{\"at\":\"2"), failure);
    String page = spool("show", spool, unique(1, ""), "--errors").run().ok().out();
    assertTrue(page.matches("(?s).*\\d{4}-\\S+Z +0 +- +size is 3, S= says 5.*"), page);
    spool("check", spool).run().ok();
  }

  @Test
  void whatIsLeftFailsTheRepair() throws Exception {
    Files.createSymbolicLink(spool.resolve("new/link"), Path.of("/etc/passwd"));
    Files.delete(spool.resolve("held"));
    Files.deleteIfExists(spool.resolve("spool.reserve"));
    Files.writeString(spool.resolve("spool.format"), "spool 1 reserve=65536\n");
    SpoolCommand.Result told = spool("check", spool, "--repair").run().failsWith(ExitCode.DATA);
    assertTrue(told.out().contains("mended: held: is missing\n"), told::out);
    assertTrue(told.out().contains("mended: spool.reserve: is missing\n"), told::out);
    assertTrue(told.out().contains("warning: new/link: is a symbolic link\n"), told::out);
    assertEquals(65_536, Files.size(spool.resolve("spool.reserve")));
    assertTrue(Files.isSymbolicLink(spool.resolve("new/link")));
  }

  @Test
  void quickComparesSizesButNoChecksums() throws Exception {
    entry("new", unique(1, ",S=5,C=00000000"), "12345");
    spool("check", spool, "--quick").run().ok();
    spool("check", spool).run().failsWith(ExitCode.DATA);
  }

  @Test
  void linesOfJsonCanBeReadWhateverTheNames() throws Exception {
    SpoolCommand.needs("python3");
    entry("new", unique(1, ",S=5"), "123");
    shell("mkfifo \"" + spool + "/new/$(printf 'a\\033[2J\\n\"b\\\\ \\377')\"").run().ok();
    String check = "spool check " + spool + " --json | ";
    assertEquals(
        List.of("new/a\\033[2J\\012\"b\\134\\040\\377", "new/" + unique(1, ",S=5")),
        shell(check + FIELD.formatted("where") + " | LC_ALL=C sort -r").run().ok().lines());
    assertEquals(
        List.of("damaged", "stranger"),
        shell(check + FIELD.formatted("kind") + " | sort").run().ok().lines());
    assertEquals(
        List.of("error", "warning"),
        shell(check + FIELD.formatted("severity") + " | sort").run().ok().lines());
  }

  @Test
  void aClosedPipeEndsItQuietly() throws Exception {
    for (int i = 0; i < 2_000; i++) { // more than a pipe holds
      entry("new", SampleSpool.name(1_700_000_000L, i, ",S=5"), "");
    }
    SpoolCommand.Result piped =
        shell("spool check " + spool + " | head -1; echo ${PIPESTATUS[0]}").run().ok();
    assertEquals(String.valueOf(ExitCode.BROKEN_PIPE), piped.lines().get(1));
    assertEquals("", piped.err());
  }

  @Test
  void hostileNamesAreShownEscaped() {
    shell("mkfifo \"" + spool + "/new/$(printf 'a\\033[2J\\n\\377')\"").run().ok();
    SpoolCommand.Result told = spool("check", spool).run().failsWith(ExitCode.DATA);
    assertTrue(told.out().startsWith("warning: new/a\\033[2J\\012\\377: is a FIFO\n"), told::out);
    assertFalse(told.out().contains("\u001b"));
  }

  @Test
  void whatIsNoSpoolIsRefused() throws Exception {
    assertTrue(
        spool("check", directory)
            .run()
            .failsWith(ExitCode.CONFIG)
            .err()
            .contains("neither a spool"));
    HandmadeSpool.maildir(directory);
    assertTrue(
        spool("check", directory, "--repair")
            .run()
            .failsWith(ExitCode.CONFIG)
            .err()
            .contains("is no spool but a plain Maildir"));
    spool("check", directory.resolve("absent")).run().failsWith(ExitCode.CONFIG);
    Files.writeString(spool.resolve("spool.format"), "spool 2\n");
    assertTrue(spool("check", spool).run().failsWith(ExitCode.CONFIG).err().contains("newer"));
  }

  @Test
  @Tag("privileged")
  void aSpoolOfAnotherUserIsRepairedByItsOwnerOnly() {
    shell("chown -R 65534 " + spool).run().ok();
    assertTrue(
        spool("check", spool, "--repair")
            .run()
            .failsWith(ExitCode.NO_PERMISSION)
            .err()
            .contains("run it as its owner"));
  }
}
