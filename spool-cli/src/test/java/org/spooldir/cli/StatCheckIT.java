package org.spooldir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.spooldir.cli.SpoolCommand.shell;
import static org.spooldir.cli.SpoolCommand.spool;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spooldir.cli.SpoolCommand.Result;

/** {@code spool stat --check}, as a monitor runs it. */
class StatCheckIT {

  private static final int OK = 0;
  private static final int WARNING = 1;
  private static final int CRITICAL = 2;
  private static final int UNKNOWN = 3;

  /** A line as the guidelines for plugins want it: text without a bar, performance data. */
  private static final Pattern LINE =
      Pattern.compile(
          "SPOOL (OK|WARNING|CRITICAL|UNKNOWN) - ([^|\n]+)"
              + "(?: \\|((?: (?:[a-z]+|'[^'=|]+')=(?:[0-9]+s?|U);[0-9.]*;[0-9.]*;0)+))?\n");

  @TempDir Path directory;

  private HandmadeSpool three(String name) throws Exception {
    return HandmadeSpool.in(directory.resolve(name))
        .jobs(2, "new", Duration.ofSeconds(1), "web1")
        .job("new", Duration.ofMinutes(10).plusSeconds(2), "web1", "")
        .job("failed", Duration.ofDays(3), "web1", ":2,,a=3")
        .file("workers", "web1.1.abc");
  }

  private static Matcher check(int code, Object... arguments) {
    Result result = SpoolCommand.spool(arguments).run().failsWith(code);
    Matcher line = LINE.matcher(result.out());
    assertTrue(line.matches(), result.out());
    String[] verdicts = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};
    assertEquals(verdicts[code], line.group(1));
    return line;
  }

  @Test
  void saysInOneLineThatAllIsWell() throws Exception {
    Path root = three("a").root();
    Matcher line =
        check(
            OK,
            "stat",
            "--check",
            "--warn-age",
            "15m",
            "--crit-age",
            "1h",
            "--warn-count",
            "100",
            "--crit-count",
            "1000",
            "--warn-failed",
            "1",
            root);
    assertEquals(
        "3 ready, oldest 10m 2s, 1 failed", line.group(2).replaceAll("10m [0-9]+s", "10m 2s"));
    assertEquals(
        " ready=3;100;1000;0 oldest=6xxs;900;3600;0 failed=1;1;;0 claimed=0;;;0 delayed=0;;;0"
            + " held=0;;;0 workers=1;;;0",
        line.group(3).replaceAll("oldest=6[0-9][0-9]s", "oldest=6xxs"));
  }

  @Test
  void withoutThresholdsItTellsAndNeverWarns() throws Exception {
    check(OK, "stat", "--check", three("a").root());
    Path empty = HandmadeSpool.in(directory.resolve("empty")).root();
    Matcher line = check(OK, "stat", "--check", "--warn-age", "0s", "--warn-failed", "0", empty);
    assertEquals("0 ready, 0 failed", line.group(2));
    assertTrue(
        line.group(3).startsWith(" ready=0;;;0 oldest=0s;0;;0 failed=0;0;;0"), line.group(3));
  }

  @Test
  void whatIsAboveAThresholdIsSaidAndTheHigherOneCounts() throws Exception {
    Path root = three("a").root();
    Matcher age = check(WARNING, "stat", "--check", "--warn-age", "5m", "--crit-age", "1h", root);
    assertTrue(age.group(2).contains("(more than 5m)"), age.group(2));
    check(CRITICAL, "stat", "--check", "--warn-age", "1m", "--crit-age", "5m", root);
    Matcher count =
        check(CRITICAL, "stat", "--check", "--warn-count", "1", "--crit-count", "2", root);
    assertTrue(count.group(2).startsWith("3 ready (more than 2), "), count.group(2));
    check(OK, "stat", "--check", "--warn-count", "3", root);
    Matcher dead = check(WARNING, "stat", "--check", "--warn-failed", "0", root);
    assertTrue(dead.group(2).endsWith(", 1 failed (more than 0)"), dead.group(2));
    check(CRITICAL, "stat", "--check", "--crit-failed", "0", root);
  }

  @Test
  void ofSeveralSpoolsTheWorstCounts() throws Exception {
    Path a = three("a").root();
    Path b = HandmadeSpool.in(directory.resolve("b = 'c|d'")).root();
    Path missing = directory.resolve("missing");
    Matcher line = check(WARNING, "stat", "--check", "--warn-count", "2", b, missing, a);
    assertTrue(
        line.group(2).startsWith(directory + "/b = 'c\\u007cd' OK: 0 ready, "), line.group(2));
    assertTrue(line.group(2).contains("; " + missing + " UNKNOWN: "), line.group(2));
    assertTrue(line.group(2).contains("; " + a + " WARNING: 3 ready (more"), line.group(2));
    assertTrue(line.group(3).contains(" '" + directory + "/b _ _c\\u007cd_ ready'=0;2;;0"));
    assertTrue(line.group(3).contains(" '" + a + " ready'=3;2;;0"), line.group(3));
    check(UNKNOWN, "stat", "--check", b, missing);
    check(CRITICAL, "stat", "--check", "--crit-count", "2", missing, a);
  }

  @Test
  void whatCannotBeToldIsUnknown() throws Exception {
    Path a = three("a").root();
    Matcher missing = check(UNKNOWN, "stat", "--check", directory.resolve("missing"));
    assertTrue(missing.group(2).contains("neither a spool nor a Maildir"), missing.group(2));
    check(UNKNOWN, "stat", "--check");
    check(UNKNOWN, "stat", "--check", "--warn-age", "soon", a);
    check(UNKNOWN, "stat", "--check", "--nonsense", a);
    check(UNKNOWN, "stat", "--check", "--json", a);
    Matcher order = check(UNKNOWN, "stat", "--check", "--warn-count", "9", "--crit-count", "8", a);
    assertEquals("--crit-count must not be below --warn-count", order.group(2));

    Path untold = HandmadeSpool.in(directory.resolve("untold")).file("new", "hello").root();
    Matcher line = check(UNKNOWN, "stat", "--check", "--warn-age", "5m", untold);
    assertEquals("1 ready, oldest unknown, 0 failed", line.group(2));
    assertTrue(line.group(3).contains(" oldest=U;300;;0 "), line.group(3));
    check(OK, "stat", "--check", "--warn-count", "5", untold);
  }

  @Test
  void anErrorOfTheMachineIsUnknownToo() throws Exception {
    Path a = three("a").root();
    Path broken = directory.resolve("broken");
    Files.createDirectories(broken.resolve("spool-cli/target/lib"));
    // without the library that knows spools there is a NoClassDefFoundError
    Result result =
        shell(
                "cp $(dirname $(command -v spool))/spool broken; touch broken/pom.xml;"
                    + " cp $(dirname $(command -v spool))/spool-cli/target/lib/spool-[ac]*.jar"
                    + " broken/spool-cli/target/lib; exec broken/spool stat --check "
                    + a)
            .in(directory)
            .run()
            .failsWith(UNKNOWN);
    assertTrue(
        result.out().startsWith("SPOOL UNKNOWN - a mistake of this program: "), result.out());
  }

  @Test
  void withoutPermissionItIsUnknown() throws Exception {
    String[] nobody = OtherUser.nobody();
    Path root = three("a").readableByOwnerOnly().root();
    Result result = spool("stat", "--check", root).under(nobody).run().failsWith(UNKNOWN);
    assertTrue(result.out().startsWith("SPOOL UNKNOWN - "), result.out());
    assertTrue(result.out().contains("permission denied"), result.out());
  }
}
