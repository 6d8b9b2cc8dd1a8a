package org.spooldir.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.spooldir.cli.SpoolCommand.shell;
import static org.spooldir.cli.SpoolCommand.spool;
import static org.spooldir.cli.SpoolCommand.terminal;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spooldir.JobId;
import org.spooldir.JobRecord;
import org.spooldir.JobState;
import org.spooldir.SpoolInspector;
import org.spooldir.fs.DirectorySpool;
import org.spooldir.fs.SpoolOptions;

/** {@code spool put}. */
class PutIT {

  @TempDir Path directory;
  private Path spool;

  @BeforeEach
  void makeSpool() throws Exception {
    spool = directory.resolve("spool");
    DirectorySpool.create(spool, SpoolOptions.DEFAULTS).close();
  }

  private JobRecord job(String id) throws IOException {
    return DirectorySpool.inspect(spool).read(new JobId(id)).orElseThrow();
  }

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(directory.resolve(name), bytes);
  }

  @Test
  void eachFileIsAJobWithItsBytes() throws Exception {
    byte[] bytes = new byte[300_000];
    new Random(1).nextBytes(bytes);
    List<String> ids =
        spool("put", spool, file("a", bytes), file("b", new byte[0])).run().ok().lines();
    assertEquals(2, ids.size());
    assertArrayEquals(bytes, job(ids.get(0)).payload().bytes());
    assertEquals(0, job(ids.get(1)).payload().bytes().length);
    assertTrue(Files.exists(directory.resolve("a")));
  }

  @Test
  void standardInputIsAJob() throws Exception {
    for (SpoolCommand command : List.of(spool("put", spool), spool("put", spool, "-"))) {
      String id = command.input("a\nb").run().ok().lines().get(0);
      assertEquals("a\nb", job(id).payload().text());
    }
  }

  @Test
  void everyLineIsAJobButEmptyOnes() throws Exception {
    List<String> ids =
        spool("put", spool, "--each-line").input("one\n\n zwei \u00e9\nlast").run().ok().lines();
    assertEquals(3, ids.size());
    assertEquals("one", job(ids.get(0)).payload().text());
    assertEquals(" zwei \u00e9", job(ids.get(1)).payload().text());
    assertEquals("last", job(ids.get(2)).payload().text());
  }

  @Test
  void aLineIsInAsSoonAsItIsWritten() throws Exception {
    Process put = spool("put", spool, "--each-line").start();
    try (BufferedWriter lines = put.outputWriter();
        BufferedReader ids = put.inputReader()) {
      for (String line : List.of("first", "second")) {
        lines.write(line + "\n");
        lines.flush();
        String id = ids.readLine();
        while (id.startsWith("spool:")) { // a warning of a weak file system
          id = ids.readLine();
        }
        assertEquals(line, job(id).payload().text());
      }
    } finally {
      put.destroyForcibly();
    }
  }

  @Test
  void prioritiesAttributesAndTimesTravelWithTheJob() throws Exception {
    Path file = file("f", new byte[] {1});
    String later =
        spool("put", spool, "--priority", 7, "--attr", "size=128", "--attr=q=a b=c")
            .input("x")
            .run()
            .ok()
            .lines()
            .get(0);
    assertEquals(Map.of("size", "128", "q", "a b=c"), job(later).attributes());
    assertEquals(7, job(later).snapshot().priority());

    Instant before = Instant.now();
    String delayed = spool("put", spool, "--delay", "1h30m", file).run().ok().lines().get(0);
    Duration wait = Duration.between(before, job(delayed).snapshot().due().orElseThrow());
    assertEquals(JobState.DELAYED, job(delayed).snapshot().state());
    assertTrue(wait.toMinutes() >= 90 && wait.toMinutes() < 92, wait::toString);

    String at = spool("put", spool, "--at", "2040-01-02T03:04:05Z", file).run().ok().lines().get(0);
    assertEquals(Instant.parse("2040-01-02T03:04:05Z"), job(at).snapshot().due().orElseThrow());
  }

  @Test
  void aJobOfAKeyThatIsThereIsNotStoredTwice() throws Exception {
    Path file = file("f", new byte[] {1});
    String first = spool("put", spool, "--key", "k", file).run().ok().out();
    assertEquals(first, spool("put", spool, file, "--key=k").run().ok().out());
    spool("put", spool, "--key", "k", file, file).run().failsWith(ExitCode.USAGE);
  }

  @Test
  void whatIsBeforeAFileThatIsMissingIsInAndCounted() throws Exception {
    Path file = file("f", new byte[] {1});
    SpoolCommand.Result result =
        spool("put", spool, file, file, directory.resolve("none"), file)
            .run()
            .failsWith(ExitCode.NO_INPUT);
    assertEquals(2, result.lines().size());
    assertTrue(result.err().contains("2 of 4 jobs are in"), result.err());
    assertTrue(result.err().contains("none"), result.err());
    assertEquals(2, DirectorySpool.inspect(spool).stats().jobs(JobState.READY));
  }

  @Test
  void theLevelOfDurabilityIsAskedFor() throws Exception {
    for (String level : List.of("process", "enqueue", "full")) {
      spool("put", spool, "--durability", level).input("x").run().ok();
    }
    spool("put", spool, "--durability", "none").input("x").run().failsWith(ExitCode.USAGE);
  }

  @Test
  void manyShowTheirProgressOnATerminal() throws Exception {
    file("lines", "job\n".repeat(1000).getBytes(StandardCharsets.US_ASCII));
    String line =
        "spool put --each-line --durability process spool lines > ids; spool put spool $(yes lines | head -200) > ids";
    String shown = terminal(80, line).in(directory).run().ok().out();
    assertTrue(shown.contains("1000 jobs, "), shown);
    assertTrue(shown.contains("%") && shown.contains("[###"), shown);
    assertEquals(200, Files.readAllLines(directory.resolve("ids")).size());
  }

  @Test
  void whatCannotBeRightIsAUsageErrorInOneLine() {
    for (List<String> wrong :
        List.of(
            List.of("--priority", "10"),
            List.of("--priority", "x"),
            List.of("--delay", "soon"),
            List.of("--delay", "1m", "--at", "17:00"),
            List.of("--at", "noon"),
            List.of("--attr", "novalue"),
            List.of("--attr", "Spool-Id=1"),
            List.of("--key", ""),
            List.of("--frobnicate"))) {
      SpoolCommand.Result result =
          shell("spool put " + spool + " '" + String.join("' '", wrong) + "'")
              .input("x")
              .run()
              .failsWith(ExitCode.USAGE);
      assertEquals(2, result.err().lines().count(), result.err()); // and where help is
    }
  }

  @Test
  void noSpoolIsAConfigurationErrorThatSaysWhatToDo() {
    String err = spool("put", directory.resolve("none")).run().failsWith(ExitCode.CONFIG).err();
    assertEquals(1, err.lines().count(), err);
    assertTrue(err.contains("spool init"), err);
    assertTrue(
        spool("put", directory.resolve("none"), "--debug")
            .run()
            .failsWith(ExitCode.CONFIG)
            .err()
            .contains("\tat org.spooldir"));
  }

  @Test
  void theTraceIsPrintableAndKeepsItsLines() {
    Path none = directory.resolve("no\u001b[31m\r\u202eneß");
    String err = spool("put", none, "--debug").run().failsWith(ExitCode.CONFIG).err();
    assertTrue(err.contains("\n\tat org.spooldir"), err);
    assertTrue(err.lines().skip(1).anyMatch(line -> line.contains("\\u001b[31m")), err);
    assertTrue(err.chars().noneMatch(c -> c == '\u001b' || c == '\r' || c == '\u202e'), err);
  }

  @Test
  void aLargeJobStreamsThroughASmallHeap() throws Exception {
    shell("head -c 300M /dev/zero | spool put --durability process " + spool)
        .with("SPOOL_JAVA_OPTS", "-Xmx32m")
        .run()
        .ok();
    assertEquals(
        300 << 20, DirectorySpool.inspect(spool).stats().counts().get(JobState.READY).bytes());
  }

  @Test
  void listsOfJobsAreInTheOrderOfTheFiles() throws Exception {
    List<String> ids = shell("seq 500 | spool put --each-line " + spool).run().ok().lines();
    assertEquals(ids.stream().sorted().toList(), ids);
    SpoolInspector inspector = DirectorySpool.inspect(spool);
    assertEquals(500, inspector.list(Set.of(JobState.READY)).count());
    assertEquals("500", job(ids.get(499)).payload().text());
  }

  @Test
  void aFullDiskSaysHowManyAreInAndToTryAgain() {
    String line =
        "mount -t tmpfs -o size=300k none %1$s && spool init --reserve 0 %1$s/s"
            + " && yes 0123456789 | head -100000 | spool put --each-line %1$s/s > %2$s/ids;"
            + " echo $? $(wc -l < %2$s/ids) $(ls %1$s/s/new | wc -l) $(ls %1$s/s/tmp | wc -l)";
    Path small = spool; // to be mounted over, in a name space of its own
    SpoolCommand.Result result =
        shell("unshare -rm bash -c '" + line.formatted(small, directory) + "'").run();
    assumeTrue(!result.err().contains("unshare:"), () -> "not run: " + result.err());
    Matcher counts = Pattern.compile("75 (\\d+) (\\d+) 0\n").matcher(result.ok().out());
    assertTrue(counts.matches(), () -> result.out() + result.err()); // and nothing in tmp/
    assertEquals(counts.group(1), counts.group(2), "ids printed, and jobs in new/");
    assertTrue(Integer.parseInt(counts.group(1)) > 10, result.out());
    assertTrue(result.err().contains(counts.group(1) + " jobs are in\n"), result.err());
  }

  @Test
  void aLocaleWithoutUmlautsMakesNoTwoKeysOne() throws Exception {
    for (String key : List.of("k\u00e9", "k\u00e8")) {
      String id =
          spool("put", spool, "--key", key, "--attr", "n=" + key)
              .with("LC_ALL", "C")
              .input(key)
              .run()
              .ok()
              .lines()
              .get(0);
      assertEquals(key, job(id).payload().text());
      assertEquals(key, job(id).attributes().get("n"));
    }
    String noText = "spool put %s --key \"$(printf 'k\\377')\"";
    shell(noText.formatted(spool)).input("x").run().failsWith(ExitCode.USAGE);
    String out =
        spool("work", spool, "--max", 1, "--quiet", "--", "sh", "-c", "echo \u00e9 $LC_ALL")
            .with("LC_ALL", "C")
            .run()
            .ok()
            .out();
    assertEquals("\u00e9 C\n", out);
  }

  @Test
  void whatCannotBeMeantIsNotPut() throws Exception {
    shell("spool put " + spool + " <&-").run().failsWith(ExitCode.NO_INPUT);
    shell("spool put " + spool + " - -").input("x").run().failsWith(ExitCode.USAGE);
    spool("put", "").input("x").run().failsWith(ExitCode.USAGE);
    assertEquals(0, DirectorySpool.inspect(spool).stats().jobs(JobState.READY));
  }

  @Test
  void whoCannotBeToldTheIdIsToldThatTheJobIsIn() throws Exception {
    String err = shell("spool put " + spool + " >/dev/full").input("x").run().failsWith(74).err();
    assertTrue(err.contains("1 of 1 jobs are in\n"), err);
    assertTrue(err.contains("cannot write to standard output"), err);
  }
}
