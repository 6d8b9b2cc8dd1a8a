package org.spooldir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.spooldir.cli.SpoolCommand.shell;
import static org.spooldir.cli.SpoolCommand.spool;
import static org.spooldir.cli.SpoolCommand.terminal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spooldir.Exposition;
import org.spooldir.cli.SpoolCommand.Result;

/** {@code spool stat}, for people, as JSON and as metrics. */
class StatIT {

  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir Path directory;

  /** Something in each place. */
  private HandmadeSpool sample(String name) throws Exception {
    long due = Instant.now().plus(Duration.ofMinutes(90)).toEpochMilli();
    HandmadeSpool spool =
        HandmadeSpool.in(directory.resolve(name))
            .job("new", HOUR.plusMinutes(2), "web1", ",S=1000")
            .job("new", Duration.ofSeconds(3), "\\033[31mweb2", ",S=536,P=9")
            .job("cur", HOUR, "web1", ",S=7:2,,a=1,t=1,w=web1.1.abc.1")
            .job("delayed", HOUR, "web1", ",S=8:2,,u=" + due)
            .job("held", HOUR, "web1", ",S=9")
            .job("failed", HOUR.multipliedBy(100), "web1", ",S=2097152:2,,a=3")
            .job("failed", HOUR, "web1", ":2,,a=3")
            .file("tmp", "half")
            .file("workers", "web1.1.abc")
            .file("workers", "web2.1.def");
    Files.createDirectory(spool.root().resolve("new/directory"));
    return spool;
  }

  @Test
  void showsWhatThereIs() throws Exception {
    Path root = sample("a").root();
    List<String> lines = spool("stat", root).run().ok().lines();
    assertEquals(root.toString(), lines.get(0));
    assertEquals(
        List.of(
            "  STATE    JOBS  BYTES",
            "  ready       2   1.5K",
            "  claimed     1      7",
            "  delayed     1      8",
            "  held        1      9",
            "  failed      2   2.0M",
            "  done        0      0",
            "  oldest ready   1h 2m",
            "  next due       in 1h 29m",
            "  workers        2",
            "  being written  1",
            "  foreign        1"),
        lines.subList(1, 13));
    assertTrue(
        lines.get(13).matches("  free space     [0-9.]+[KMGTPE]? of [0-9.]+[KMGTPE]"),
        lines::toString);
    assertEquals(14, lines.size());
  }

  @Test
  void whatIsDueAndWhatHasNoAgeIsSaid() throws Exception {
    Path root = HandmadeSpool.in(directory.resolve("a")).file("new", "hello").root();
    long due = Instant.now().minus(Duration.ofHours(51).plusMinutes(30)).toEpochMilli();
    Files.createFile(
        root.resolve("delayed/1795247682.M355712P4711Q3R9f3c2a1b00112233.web1:2,,u=" + due));
    String out = spool("stat", root).run().ok().out();
    assertTrue(out.contains("oldest ready   unknown: the names do not tell\n"), out);
    assertTrue(out.matches("(?s).*next due       since [0-9]+d [0-9]+h\n.*"), out);
  }

  @Test
  void anEmptySpoolIsAllZeros() throws Exception {
    Path root = directory.resolve("a");
    spool("init", root).run().ok();
    Result table = spool("stat", root).run().ok();
    assertTrue(table.out().contains("  ready       0      0\n"), table.out());
    assertTrue(table.out().contains("  oldest ready   -\n  next due       -\n"), table.out());
    String json = spool("stat", "--json", root).run().ok().out();
    assertTrue(json.contains("\"oldestReadyAgeSeconds\":0,\"workers\":0,"), json);
  }

  @Test
  void aPlainMaildirWillDo() throws Exception {
    HandmadeSpool maildir =
        HandmadeSpool.maildir(directory.resolve("Maildir"))
            .file("new", "1700000000.M1P1.host,S=77")
            .file("cur", "1700000001.M1P1.host:2,S");
    String before = maildir.tree();
    String out = spool("stat", maildir.root()).run().ok().out();
    assertTrue(out.contains("  ready       1      0\n  claimed     1      0\n"), out);
    assertTrue(out.contains("  oldest ready   "), out);
    assertFalse(out.contains("unknown"), out);
    assertEquals(before, maildir.tree());
  }

  @Test
  void jsonIsOneObjectALineForEachSpool() throws Exception {
    HandmadeSpool a = sample("a \"\\\u00fc\n");
    HandmadeSpool b = HandmadeSpool.in(directory.resolve("b")).file("new", "hello");
    String before = a.tree();
    List<String> lines = spool("stat", "--json", a.root(), b.root()).run().ok().lines();
    assertEquals(2, lines.size());
    String time = "\"20[0-9-]{8}T[0-9:]{8}(\\.[0-9]+)?Z\"";
    assertTrue(
        lines
            .get(0)
            .matches(
                "\\{\"spool\":\"\\Q"
                    + directory
                    + "/a \\\"\\\\\\u00fc\\u000a\\E\",\"time\":"
                    + time
                    + ",\"states\":\\{\"ready\":\\{\"jobs\":2,\"bytes\":1536},"
                    + "\"claimed\":\\{\"jobs\":1,\"bytes\":7},\"delayed\":\\{\"jobs\":1,\"bytes\":8},"
                    + "\"held\":\\{\"jobs\":1,\"bytes\":9},\"failed\":\\{\"jobs\":2,\"bytes\":2097152},"
                    + "\"done\":\\{\"jobs\":0,\"bytes\":0}},\"oldestReady\":"
                    + time
                    + ",\"oldestReadyAgeSeconds\":37[2-9][0-9],\"nextDue\":"
                    + time
                    + ",\"workers\":2,\"writing\":1,\"foreign\":1,"
                    + "\"freeBytes\":[0-9]+,\"totalBytes\":[0-9]+}"),
        lines.get(0));
    assertTrue(lines.get(1).contains("\"ready\":{\"jobs\":1,\"bytes\":0}"), lines.get(1));
    assertFalse(lines.get(1).contains("oldest"), "the name does not tell its age");
    assertFalse(lines.get(1).contains("nextDue"), lines.get(1));
    assertEquals(before, a.tree());
  }

  @Test
  void metricsAreWhatPrometheusReads() throws Exception {
    HandmadeSpool a = sample("a \"b\\c\u00fc\nd\u001b,}=");
    Path missing = directory.resolve("missing");
    HandmadeSpool untold = HandmadeSpool.in(directory.resolve("untold")).file("new", "hello");
    Result result =
        spool("stat", "--prometheus", a.root(), missing, untold.root(), untold.root())
            .run()
            .failsWith(ExitCode.CONFIG);
    Map<String, Double> metrics = Exposition.parse(result.out());
    String name = directory + "/a \"b\\c\u00fc\nd\\u001b,}=";
    assertEquals(1, metrics.get("spool_up{spool=" + name + "}"));
    assertEquals(0, metrics.get("spool_up{spool=" + missing + "}"));
    assertEquals(2, metrics.get("spool_jobs{spool=" + name + ",state=ready}"));
    assertEquals(2, metrics.get("spool_jobs{spool=" + name + ",state=failed}"));
    assertEquals(0, metrics.get("spool_jobs{spool=" + name + ",state=done}"));
    assertEquals(1536, metrics.get("spool_bytes{spool=" + name + ",state=ready}"));
    assertEquals(3720, metrics.get("spool_oldest_ready_age_seconds{spool=" + name + "}"), 60.0);
    assertEquals(
        (double) Instant.now().plus(Duration.ofMinutes(90)).getEpochSecond(),
        metrics.get("spool_next_due_timestamp_seconds{spool=" + name + "}"),
        60.0);
    assertEquals(2, metrics.get("spool_workers{spool=" + name + "}"));
    assertEquals(1, metrics.get("spool_writing{spool=" + name + "}"));
    assertEquals(1, metrics.get("spool_foreign{spool=" + name + "}"));
    assertFalse(
        metrics.containsKey("spool_oldest_ready_age_seconds{spool=" + untold.root() + "}"),
        "an age that nobody knows");
  }

  @Test
  void aSpoolThatCannotBeReadDoesNotHideTheOthers() throws Exception {
    Path a = sample("a").root();
    Path missing = directory.resolve("missing\u001b");
    Path none = Files.createDirectory(directory.resolve("none"));
    Result result = spool("stat", missing, a, none).run().failsWith(ExitCode.CONFIG);
    assertTrue(result.out().contains("  ready       2   1.5K\n"), result.out());
    assertTrue(result.err().contains("spool stat: open " + directory + "/missing\\"), result.err());
    assertTrue(result.err().contains("spool stat: open " + none + ": is neither"), result.err());
    assertFalse(result.err().contains("\u001b"), result.err());
  }

  @Test
  void readPermissionIsEnoughAndWithoutItItSaysSo() throws Exception {
    String[] nobody = OtherUser.nobody();
    HandmadeSpool spool = sample("a").readableByAll();
    String before = spool.tree();
    String out = spool("stat", spool.root()).under(nobody).run().ok().out();
    assertTrue(out.contains("  ready       2   1.5K\n"), out);
    assertEquals(before, spool.tree());

    spool.readableByOwnerOnly();
    Result denied =
        spool("stat", "--json", spool.root()).under(nobody).run().failsWith(ExitCode.NO_PERMISSION);
    assertEquals("", denied.out());
    assertTrue(denied.err().contains("permission denied"), denied.err());
  }

  @Test
  void fitsNarrowTerminals() throws Exception {
    Path a = sample("a").root();
    Path b = sample("b").root();
    for (int columns : new int[] {80, 40}) {
      List<String> lines =
          terminal(columns, "cd " + directory + "; spool stat a b").run().ok().lines();
      assertTrue(lines.size() > 2 * 13, lines::toString);
      for (String line : lines) {
        assertTrue(line.length() <= columns, line);
      }
    }
    assertTrue(Files.exists(a) && Files.exists(b));
  }

  @Test
  void whatContradictsItselfIsRefused() throws Exception {
    Path a = sample("a").root();
    spool("stat", "--json", "--prometheus", a).run().failsWith(ExitCode.USAGE);
    Result result = spool("stat", "--warn-age", "5m", a).run().failsWith(ExitCode.USAGE);
    assertTrue(result.err().contains("only together with --check"), result.err());
    spool("stat").run().failsWith(ExitCode.USAGE);
  }

  @Test
  void theExampleGivesNodeExporterAWholeFile() throws Exception {
    sample("a");
    shell("spool stat --prometheus a >spool.tmp; mv spool.tmp spool.prom").in(directory).run().ok();
    Map<String, Double> metrics =
        Exposition.parse(Files.readString(directory.resolve("spool.prom")));
    assertEquals(2, metrics.get("spool_jobs{spool=" + directory.resolve("a") + ",state=ready}"));
  }
}
