package org.spooldir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.spooldir.cli.SpoolCommand.shell;
import static org.spooldir.cli.SpoolCommand.spool;
import static org.spooldir.cli.SpoolCommand.terminal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.spooldir.JobState;

/** {@code spool ls}. */
class LsIT extends SampleScene {

  private final long now = Instant.now().getEpochSecond();

  /** The ids that are listed, in order. */
  private List<String> ids(Object... more) {
    Object[] words = new Object[more.length + 2];
    words[0] = "ls";
    words[1] = root;
    System.arraycopy(more, 0, words, 2, more.length);
    return spool(words).run().ok().lines().stream()
        .skip(1)
        .map(line -> line.substring(0, line.indexOf(' ')))
        .toList();
  }

  @Test
  void listsWhatIsNotDoneByStateWithAllThatMatters() {
    List<String> lines = spool("ls", root).run().ok().lines();
    assertEquals(
        List.of("ID", "STATE", "PRI", "TRY", "SIZE", "AGE", "NOTE"),
        List.of(lines.get(0).split(" +")));
    assertEquals(6, lines.size(), lines::toString);
    assertTrue(
        lines.get(1).matches(quoted(JobState.READY) + "  ready +7 +0 +5 +\\S+( \\S+)?"),
        lines.get(1));
    assertTrue(
        lines
            .get(2)
            .matches(
                quoted(JobState.CLAIMED) + "  claimed +4 +1 +7 .* by web1.42.abc for [0-9]+m?s.*"),
        lines.get(2));
    assertTrue(
        lines
            .get(3)
            .matches(
                quoted(JobState.DELAYED)
                    + "  delayed +4 +1 +7 .* due in 1h 59m: connection reset by peer"),
        lines.get(3));
    assertTrue(lines.get(4).startsWith(sample.id(JobState.HELD) + "  held "), lines.get(4));
    assertTrue(
        lines.get(5).matches(quoted(JobState.FAILED) + "  failed +4 +2 .* timeout of 30 s .*"),
        lines.get(5));
  }

  private String quoted(JobState state) {
    return "\\Q" + sample.id(state) + "\\E";
  }

  @Test
  void statesAreChosenByTheirNamesOrTheirDirectories() {
    assertEquals(List.of(sample.id(JobState.DONE)), ids("done"));
    assertEquals(ids("ready", "claimed"), ids("cur", "new"));
    assertEquals(List.of(sample.id(JobState.HELD)), ids("held"));
    String said = spool("ls", root, "running").run().failsWith(ExitCode.USAGE).err();
    assertTrue(said.contains("ready (new), claimed (cur)"), said);
  }

  @Test
  void jobsStandAsTheyAreServed() throws Exception {
    String first = SampleSpool.name(now - 5, 1, "");
    String second = SampleSpool.name(now - 5, 2, "");
    String last = SampleSpool.name(now - 9, 1, "");
    sample.deliver("held", second + ",P=9", "");
    sample.deliver("held", last + ",P=2", "");
    sample.deliver("held", first + ",P=9", "");
    String held = sample.id(JobState.HELD);
    assertEquals(List.of(first, second, held, last), ids("held"));
    assertEquals(List.of(first, second), ids("held", "failed", "--limit", "2"));
    assertEquals(List.of(sample.id(JobState.READY), first), ids("ready", "held", "--limit=2"));
    sample.deliver("delayed", first + ",P=2:2,,u=" + (now + 60) * 1000, "");
    assertEquals(List.of(first, sample.id(JobState.DELAYED)), ids("delayed"));
  }

  @Test
  void ageIsWhatTheNameTells() throws Exception {
    String old = SampleSpool.name(now - 90_000, 1, "");
    sample.deliver("new", old, "");
    sample.deliver("new", "1.without-a-state", "");
    sample.deliver("new", "nobody-knows", "");
    sample.deliver("cur", "claimed-long-ago~x:2,,a=1,t=" + (now - 90_000) * 1000 + ",w=w.1", "");
    assertEquals(
        List.of("1.without-a-state", old, "claimed-long-ago~x"), ids("--older-than", "1d1h"));
    String line = spool("ls", root, "new", "--older-than", "1d").run().ok().lines().get(2);
    assertTrue(line.contains(" 1d 1h"), line);
    assertEquals(List.of(), spool("ls", root, "done", "--older-than", "9w").run().ok().lines());
    spool("ls", root, "--older-than", "long").run().failsWith(ExitCode.USAGE);
  }

  @Test
  void anyRecordedFailureCounts() {
    assertEquals(
        List.of(sample.id(JobState.DELAYED), sample.id(JobState.FAILED)),
        ids("--failed-with", "connection re"));
    assertEquals(
        List.of(sample.id(JobState.FAILED)), ids("failed", "delayed", "--failed-with", "30 s"));
    assertEquals(List.of(), spool("ls", root, "--failed-with", "Timeout").run().ok().lines());
  }

  @Test
  void jsonIsOneObjectALine() {
    List<String> lines = spool("ls", root, "--json").run().ok().lines();
    assertEquals(5, lines.size());
    String time = "\"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\\.[0-9]+)?Z\"";
    String head = "\\{\"id\":\"%s\",\"state\":\"%s\",\"priority\":%d,\"attempts\":%d,\"size\":%s,";
    head += "\"enqueuedAt\":" + time + ",";
    String tail = "\"host\":\"[^\"]+\",\"foreign\":false";
    String ready = head.formatted(sample.id(JobState.READY), "ready", 7, 0, "5") + tail + "}";
    assertTrue(lines.get(0).matches(ready), lines.get(0));
    String claimed =
        head.formatted(sample.id(JobState.CLAIMED), "claimed", 4, 1, "7")
            + "\"claimedAt\":"
            + time
            + ",\"worker\":\"[^\"]+\","
            + tail
            + "}";
    assertTrue(lines.get(1).matches(claimed), lines.get(1));
    String delayed =
        head.formatted(sample.id(JobState.DELAYED), "delayed", 4, 1, "7")
            + ("\"due\":" + time + "," + tail + ",\"failure\":\\{\"at\":" + time)
            + ",\"attempt\":1,\"worker\":\"[^\"]+\","
            + "\"reason\":\"connection reset by peer\"\\}\\}";
    assertTrue(lines.get(2).matches(delayed), lines.get(2));
    assertTrue(lines.get(4).contains("\"attempt\":2"), "the last failure: " + lines.get(4));
    assertTrue(lines.get(4).contains("30 s \\u001b[31m\\u0007\\u000a"), lines.get(4));
  }

  @Test
  void theTableFitsTheTerminalButTheIdIsWhole() {
    for (int columns : List.of(40, 80, 200)) {
      List<String> lines = terminal(columns, "spool ls " + root).run().ok().lines();
      assertEquals(6, lines.size());
      for (String line : lines) {
        boolean idAlone = line.indexOf(' ') < 0;
        assertTrue(TextWidth.of(line) <= columns || idAlone, columns + ": " + line);
      }
      assertTrue(lines.get(5).startsWith(sample.id(JobState.FAILED)), lines.get(5));
      assertEquals(columns >= 80, lines.get(0).contains("STATE"), lines.get(0));
      assertEquals(columns == 200, lines.get(0).contains("PRI"), lines.get(0));
      if (columns != 80) { // there it depends on the length of the host's name
        assertEquals(columns == 200, lines.get(5).contains("timeout of 30 s"), lines.get(5));
      }
    }
  }

  @Test
  void whatIsPipedIsWholeThoughThereIsATerminal() {
    List<String> lines = terminal(40, "spool ls " + root + " | cat").run().ok().lines();
    assertTrue(lines.get(5).contains("timeout of 30 s \\u001b"), lines.get(5));
  }

  @Test
  void noControlCharacterGetsThrough() throws Exception {
    Files.writeString(root.resolve("new").resolve("1700000000." + "\u001b]0;x\u0007\n\u009b"), "x");
    shell("printf x > " + root + "/new/$'1700000001.\\xff\\xfe\\033[2J'").run().ok();
    sample.deliver("cur", SampleSpool.name(now, 1, ":2,,a=1,t=1,w=\u001b[31m\n\u202e.1"), "");
    for (String option : List.of("--limit=99", "--json")) {
      SpoolCommand.Result listed = spool("ls", root, option).run().ok();
      assertTrue(listed.out().contains("1700000001"), listed.out());
      assertHarmless(listed.out());
      assertHarmless(listed.err());
    }
    terminal(80, "spool ls " + root).run().ok().lines().forEach(LsIT::assertHarmless);
  }

  /** Asserts that no control character is in it but the line feed. */
  static void assertHarmless(String printed) {
    for (int i = 0; i < printed.length(); i++) {
      char c = printed.charAt(i);
      assertFalse(
          (c != '\n' && Character.isISOControl(c)) || c == '\u202e',
          () -> "control character " + (int) c + " in " + Printable.of(printed));
    }
  }

  @Test
  void aPlainMaildirIsListed() throws Exception {
    Path maildir = HandmadeSpool.maildir(directory.resolve("maildir")).root();
    Files.writeString(maildir.resolve("new/1700000000.1.mx"), "unread");
    Files.writeString(maildir.resolve("cur/1700000001.1.mx:2,S"), "read");
    List<String> lines = spool("ls", maildir).run().ok().lines();
    assertTrue(lines.get(1).matches("1700000000.1.mx +ready .*"), lines.get(1));
    assertTrue(lines.get(2).matches("1700000001.1.mx +claimed .* by nobody"), lines.get(2));
    spool("ls", directory).run().failsWith(ExitCode.CONFIG);
  }

  @Test
  void aClosedPipeEndsItQuietly() throws Exception {
    fill(2_000);
    SpoolCommand.Result piped =
        shell("spool ls " + root + " | head -1; echo ${PIPESTATUS[0]}").run().ok();
    assertEquals(String.valueOf(ExitCode.BROKEN_PIPE), piped.lines().get(1));
    assertEquals("", piped.err());
  }

  @Test
  void aLargeListingTakesLittleMemory() throws Exception {
    Path memory = Path.of("/dev/shm"); // a disk takes ten seconds for so many files
    root = Files.createTempDirectory(Files.isWritable(memory) ? memory : directory, "spool-ls-it");
    try {
      spool("init", root, "--reserve", 0).run().ok();
      fill(100_000);
      List<String> first =
          spool("ls", root, "--limit", 5).with("SPOOL_JAVA_OPTS", "-Xmx32m").run().ok().lines();
      assertEquals(6, first.size());
      assertTrue(first.get(1).startsWith(SampleSpool.name(now - 1, 8, " ")), first.get(1));
      String all = "set -o pipefail; spool ls " + root + " ready | wc -l";
      assertEquals(
          "100001\n", shell(all).with("SPOOL_JAVA_OPTS", "-Xmx32m").run().ok().out(), "and titles");
    } finally {
      shell("rm -rf " + root).run().ok();
    }
  }

  private void fill(int entries) throws Exception {
    for (int i = 0; i < entries; i++) {
      Files.createFile(
          root.resolve("new").resolve(SampleSpool.name(now - 1, i, ",S=0,P=" + i % 9)));
    }
  }
}
