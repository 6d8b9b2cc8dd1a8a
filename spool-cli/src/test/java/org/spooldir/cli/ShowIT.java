package org.spooldir.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.spooldir.cli.LsIT.assertHarmless;
import static org.spooldir.cli.SpoolCommand.shell;
import static org.spooldir.cli.SpoolCommand.spool;
import static org.spooldir.cli.SpoolCommand.terminal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spooldir.JobState;

/** {@code spool show}. */
class ShowIT extends SampleScene {

  private String failed;

  @BeforeEach
  void nameTheJob() {
    failed = sample.id(JobState.FAILED);
  }

  private static void assertMatches(String expected, String text) {
    assertTrue(text.matches("(?s)" + expected), text);
  }

  @Test
  void tellsAllOfAJob() throws Exception {
    String out = spool("show", root, failed).run().ok().out();
    String time = "[0-9-]{10}T[0-9:]{8}Z";
    assertMatches(
        ("\\Q" + failed + "\\E\n")
            + "  state      failed\n  priority   4\n  attempts   2\n"
            + ("  enqueued   " + time + ", [0-9a-z ]+ ago\n  from host  \\S+\n")
            + ("  size       " + Files.size(sample.entry("failed")) + " bytes\n")
            + "  payload    8 bytes\n  key        thumbnail-42\n"
            + "\nattributes\n  size: 128\n"
            + "  Title: \\QGr\u00fc\u00dfe \\u001b[31m\\u0007\\n\\r\\t\\u009b\\u202e\\\\\"\\E\n"
            + "\nfailures\n  TIME +TRY  WORKER +REASON\n"
            + ("  " + time + "    1  \\S+ +connection refused\n")
            + ("  " + time + "    2  \\S+ +timeout of 30 s \\\\u001b.*\n")
            + "\npayload\n  one\n  two\n",
        out);
    assertMatches(
        ".*  claimed +" + time + ", .* ago\n  worker +\\S+\n.*",
        spool("show", root, sample.id(JobState.CLAIMED)).run().ok().out());
    assertMatches(
        ".*  due +" + time + ", in 1h 59m\n.*",
        spool("show", root, sample.id(JobState.DELAYED)).run().ok().out());
  }

  @Test
  void partsAreShownAlone() {
    assertEquals("one\ntwo\n", spool("show", root, failed, "--payload").run().ok().out());
    assertEquals(
        List.of(
            "size: 128", "Title: Gr\u00fc\u00dfe \\u001b[31m\\u0007\\n\\r\\t\\u009b\\u202e\\\\\""),
        spool("show", root, failed, "--headers").run().ok().lines());
    List<String> errors = spool("show", root, failed, "--errors").run().ok().lines();
    assertEquals(3, errors.size());
    assertTrue(errors.get(1).endsWith("connection refused"), errors.get(1));
    String json = spool("show", "--json", root, failed).run().ok().out();
    assertMatches(
        ("\\{\"id\":\"\\Q" + failed + "\\E\",\"state\":\"failed\",\"priority\":4,\"attempts\":2,")
            + "\"size\":[0-9]+,\"enqueuedAt\":\"[^\"]+\",\"host\":\"[^\"]+\",\"foreign\":false,"
            + "\"payloadSize\":8,\"key\":\"thumbnail-42\","
            + "\"attributes\":\\{\"size\":\"128\",\"Title\":\"Gr\\\\u00fc\\\\u00dfe [^}]*\"\\},"
            + "\"failures\":\\[\\{\"at\":\"[^\"]+\",\"attempt\":1,\"worker\":\"[^\"]+\","
            + "\"reason\":\"connection refused\"\\},\\{.*\\}\\]\\}\n",
        json);
    assertTrue(
        spool("show", root, failed, "--json", "--payload")
            .run()
            .failsWith(ExitCode.USAGE)
            .err()
            .contains("one of them"));
  }

  @Test
  void thePayloadIsExact() throws Exception {
    byte[] bytes = new byte[300_000];
    new Random(4711).nextBytes(bytes);
    String id = spool("put", root).input(bytes).run().ok().lines().get(0);
    Path copy = directory.resolve("copy");
    shell("spool show " + root + " " + id + " --payload > " + copy).run().ok();
    assertArrayEquals(bytes, Files.readAllBytes(copy));
    assertTrue(spool("show", root, id).run().ok().out().endsWith("\npayload: no text\n"));
  }

  @Test
  void aLongTextIsShownInPart() {
    String text = "\u00e4\u20ac\n".repeat(500);
    String id = spool("put", root).input(text).run().ok().lines().get(0);
    String out = spool("show", root, id).run().ok().out();
    String lines = "  \u00e4\u20ac\n".repeat(10);
    assertTrue(out.endsWith("\npayload\n" + lines + "and 2940 bytes (2.9K) more\n"), out);
  }

  @Test
  void aJobIsNamedByItsIdItsBeginningOrItsFile() throws Exception {
    Path entry = sample.entry("failed");
    for (Object name :
        List.of(
            failed.substring(0, failed.indexOf('R')),
            failed.substring(0, failed.length() - 1),
            entry,
            "failed/" + entry.getFileName(),
            entry.getFileName(),
            "new/" + entry.getFileName().toString().replaceFirst(":2,.*", ""))) {
      assertEquals(failed, spool("show", root, name).run().ok().lines().get(0));
    }
    sample.deliver("new", "one mail", "1");
    sample.deliver("cur", "two,S=5:2,FS", "2");
    assertMatches(".*\\\\040mail\n.*", spool("show", root, "new/one\\040mail").run().ok().out());
    assertMatches(".*\n  1\n", spool("show", root, "one\\040mail").run().ok().out());
    assertMatches("two,S=5\n.*\n  2\n", spool("show", root, "two,S=5:2,FS").run().ok().out());
  }

  @Test
  void whatDoesNotNameOneJobIsRefused() throws Exception {
    sample.deliver("new", "mail-1", "");
    sample.deliver("new", "mail-10", "");
    String said = spool("show", root, "mail").run().failsWith(ExitCode.USAGE).err();
    assertTrue(said.contains("more than one") && said.contains("mail-10"), said);
    assertEquals("mail-1", spool("show", root, "mail-1").run().ok().lines().get(0));
    said = spool("show", root, "mail-2").run().failsWith(ExitCode.NO_INPUT).err();
    assertTrue(said.contains("no such job") && said.contains("completed"), said);
    assertEquals(1, said.lines().count());
    spool("show", root, "new/").run().failsWith(ExitCode.USAGE);
  }

  @Test
  void aDamagedJobSaysSo() throws Exception {
    String id = spool("put", root, "--priority=9").input("a payload").run().ok().lines().get(0);
    Path entry = root.resolve("new").resolve(id + ",S=9,C=00000000,P=9");
    shell("mv " + root + "/new/" + id + "* " + entry).run().ok();
    SpoolCommand.Result damaged = spool("show", root, id, "--payload").run();
    assertEquals("a payload", damaged.failsWith(ExitCode.DATA).out(), "what there is");
    assertTrue(damaged.err().contains("CRC32C"), damaged.err());
    assertMatches(".*\n  damaged .*CRC32C.*", spool("show", root, id).run().ok().out());
    Files.move(entry, root.resolve("new").resolve(id + ",S=9,H=500"));
    spool("show", root, id, "--headers").run().failsWith(ExitCode.DATA);
    assertFalse(spool("show", root, id, "--json").run().ok().out().contains("payloadSize"));
    spool("show", root, id, "--payload").run().failsWith(ExitCode.DATA);
    assertMatches(".*\n  damaged .*header.*", spool("show", root, id).run().ok().out());
  }

  @Test
  void itFitsTheTerminal() {
    for (int columns : List.of(40, 80, 200)) {
      List<String> lines =
          terminal(columns, "spool show " + root + " " + failed).run().ok().lines();
      assertEquals(failed, lines.get(0));
      for (String line : lines.subList(1, lines.size())) {
        assertTrue(TextWidth.of(line) <= columns, columns + ": " + line);
        assertHarmless(line);
      }
      String joined = String.join("", lines).replace(" ", "");
      assertTrue(joined.contains("timeoutof30s\\u001b[31m"), columns + ": " + lines);
      assertTrue(joined.contains("connectionrefused"), columns + ": " + lines);
    }
  }

  @Test
  void noControlCharacterGetsThrough() throws Exception {
    String content = SampleSpool.HOSTILE + "text";
    sample.deliver("new", "1700000000." + content, content);
    sample.deliver("failed", "log:2,,a=1", "x");
    Files.writeString(root.resolve("errors/log.log"), content + "\n");
    for (String option : List.of("", "--headers", "--errors", "--json")) {
      for (String id : List.of("1700000000.", "log", failed)) {
        SpoolCommand.Result shown =
            (option.isEmpty() ? spool("show", root, id) : spool("show", root, id, option)).run();
        assertHarmless(shown.ok().out());
        assertHarmless(shown.err());
      }
    }
    String hostile = spool("show", root, SampleSpool.HOSTILE).run().failsWith(66).err();
    assertHarmless(hostile);
    assertEquals(
        content,
        spool("show", root, "1700000000.", "--payload").run().ok().out(),
        "but the payload");
    assertFalse(spool("show", root, "log", "--errors").run().ok().out().contains("1970"));
  }
}
