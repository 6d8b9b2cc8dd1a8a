package org.spooldir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.spooldir.cli.SpoolCommand.spool;
import static org.spooldir.cli.SpoolCommand.terminal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spooldir.cli.SpoolCommand.Result;

/** {@code spool age}. */
class AgeIT {

  /** What the longest host name in an entry can be: it is one that attacks terminals. */
  private static final String HOSTILE = "\\033]0;x\\007" + "h".repeat(80);

  @TempDir Path directory;

  private HandmadeSpool spool;

  @BeforeEach
  void make() throws Exception {
    spool = HandmadeSpool.in(directory.resolve("spool"));
  }

  /** A row without its spaces. */
  private static List<String> cells(String line) {
    return List.of(line.strip().split(" +"));
  }

  private HandmadeSpool sample() throws Exception {
    spool
        .jobs(12, "new", Duration.ofSeconds(1), "web1")
        .jobs(3, "new", Duration.ofMinutes(2), "web1")
        .job("new", Duration.ofMinutes(10), "web2", ",P=9")
        .job("cur", Duration.ofMinutes(30), "web2", ":2,,a=1")
        .job("delayed", Duration.ofHours(2), "web2", ":2,,u=1")
        .job("held", Duration.ofHours(7), "web2", ",P=0")
        .job("failed", Duration.ofDays(2), "web2", "")
        .job("done", Duration.ofDays(8), "web2", "")
        .job("new", Duration.ofDays(-2), "future", "");
    spool.file("new", "hello");
    return spool;
  }

  @Test
  void countsTheJobsOfEachStateByAge() throws Exception {
    sample();
    String before = spool.tree();
    assertEquals(
        List.of(
            "STATE    TOTAL  1m  5m  15m  1h  6h  1d  1w  older  ?",
            "ready       18  13   3    1   0   0   0   0      0  1",
            "claimed      1   0   0    0   1   0   0   0      0  0",
            "delayed      1   0   0    0   0   1   0   0      0  0",
            "held         1   0   0    0   0   0   1   0      0  0",
            "failed       1   0   0    0   0   0   0   1      0  0",
            "done         1   0   0    0   0   0   0   0      1  0",
            "total       23  13   3    1   1   1   1   1      1  1"),
        spool("age", spool.root()).run().ok().lines());
    assertEquals(before, spool.tree());
  }

  @Test
  void byPriorityTheJobsAreCountedThatAreStillToBeDone() throws Exception {
    List<String> lines = spool("age", "--by", "priority", sample().root()).run().ok().lines();
    assertEquals(List.of("PRIORITY", "TOTAL", "1m"), cells(lines.get(0)).subList(0, 3));
    assertEquals(List.of("9", "1", "0", "0", "1"), cells(lines.get(1)).subList(0, 5));
    assertEquals(List.of("4", "19", "13", "3", "0"), cells(lines.get(2)).subList(0, 5));
    assertEquals(List.of("0", "1"), cells(lines.get(3)).subList(0, 2));
    assertEquals(List.of("total", "21"), cells(lines.get(4)).subList(0, 2));
    assertEquals(5, lines.size());
  }

  @Test
  void ofHostsTheLargestAreShownAndTheRestIsOneRow() throws Exception {
    sample();
    for (int i = 0; i < 30; i++) {
      spool.job("new", Duration.ofSeconds(1), "small" + i, "");
    }
    spool.jobs(2, "new", Duration.ofSeconds(1), HOSTILE);
    Result result = spool("age", "--by", "host", spool.root()).run().ok();
    List<String> lines = result.lines();
    assertEquals(1 + 20 + 2, lines.size());
    assertEquals(List.of("web1", "15"), cells(lines.get(1)).subList(0, 2));
    assertEquals(List.of("web2", "4"), cells(lines.get(2)).subList(0, 2));
    assertEquals(List.of(Printable.of(HOSTILE), "2"), cells(lines.get(3)).subList(0, 2));
    assertEquals(List.of("(foreign)", "1"), cells(lines.get(4)).subList(0, 2));
    assertEquals(List.of("(others)", "15"), cells(lines.get(21)).subList(0, 2));
    assertEquals(List.of("total", "53"), cells(lines.get(22)).subList(0, 2));
  }

  @Test
  void isDrawnOnATerminal() throws Exception {
    sample();
    List<String> lines = terminal(80, "spool age " + spool.root()).run().ok().lines();
    assertEquals("STATE    TOTAL  1m  5m  15m  1h  6h  1d  1w  older  ?  new  old", lines.get(0));
    assertEquals(
        "ready       18  13   3    1   0   0   0   0      0  1  \u2588\u2582\u2581", lines.get(1));
    assertEquals(
        "done         1   0   0    0   0   0   0   0      1  0         \u2588", lines.get(6));

    List<String> ascii = terminal(80, "LC_ALL=C spool age " + spool.root()).run().ok().lines();
    assertEquals("ready       18  13   3    1   0   0   0   0      0  1  #:.", ascii.get(1));
  }

  @Test
  void fitsTheTerminal() throws Exception {
    sample();
    spool.jobs(2000, "new", Duration.ofHours(2), HOSTILE);
    for (String by : List.of("state", "priority", "host")) {
      for (int columns : new int[] {80, 60, 40}) {
        List<String> lines =
            terminal(columns, "spool age --by " + by + " " + spool.root()).run().ok().lines();
        assertTrue(lines.size() > 3, lines::toString);
        for (String line : lines) {
          assertTrue(TextWidth.of(line) <= columns, line);
        }
        assertTrue(String.join("", lines).contains("\u2588"), lines::toString);
      }
    }
  }

  @Test
  void anEmptySpoolHasNothingButATotal() throws Exception {
    List<String> expected =
        List.of(
            "STATE  TOTAL  1m  5m  15m  1h  6h  1d  1w  older",
            "total      0   0   0    0   0   0   0   0      0");
    assertEquals(expected, spool("age", spool.root()).run().ok().lines());
    List<String> drawn =
        new ArrayList<>(terminal(80, "spool age " + spool.root()).run().ok().lines());
    assertEquals(expected.get(1), drawn.get(1));
  }

  @Test
  void aPlainMaildirWillDoAndReadPermissionIsEnough() throws Exception {
    HandmadeSpool maildir =
        HandmadeSpool.maildir(directory.resolve("Maildir")).file("cur", "1700000001.M1P1.host:2,S");
    List<String> lines = spool("age", maildir.root()).run().ok().lines();
    assertEquals(List.of("claimed", "1", "0"), cells(lines.get(1)).subList(0, 3));

    String[] nobody = OtherUser.nobody();
    sample().readableByAll();
    assertEquals(8, spool("age", spool.root()).under(nobody).run().ok().lines().size());
    spool.readableByOwnerOnly();
    spool("age", spool.root()).under(nobody).run().failsWith(ExitCode.NO_PERMISSION);
  }

  @Test
  void whatIsNotThereIsSaid() {
    Path missing = directory.resolve("missing");
    Result result = spool("age", missing).run().failsWith(ExitCode.CONFIG);
    assertTrue(result.err().contains(missing + ": is neither a spool"), result.err());
    assertFalse(result.err().contains("Exception"), result.err());
    Result by = spool("age", "--by", "size", spool.root()).run().failsWith(ExitCode.USAGE);
    assertTrue(by.err().contains("state, priority or host"), by.err());
  }
}
