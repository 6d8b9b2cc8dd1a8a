package org.spooldir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.JobState;

/** {@code spool work}: one job and its command. */
class WorkIT extends WorkScene {

  @Test
  void thePayloadIsStandardInputAndStatus0CompletesTheJob() throws Exception {
    JobId id = put("hello\n");
    SpoolCommand.Result result = work("--drain", "cat").run().ok();
    assertEquals("hello\n", result.out());
    assertTrue(result.err().contains(id + " completed (attempt 1, "), result.err());
    assertGone(id);
  }

  @Test
  void status65MakesADeadLetter() throws Exception {
    JobId id = put("x");
    work("--drain", "echo bad data >&2; exit 65").run().ok();
    assertEquals(JobState.FAILED, job(id).state());
    assertEquals("exit status 65: bad data", reason(id));
  }

  @ParameterizedTest
  @CsvSource({
    "exit 75, exit status 75",
    "exit 1, exit status 1",
    "exit 127, exit status 127",
    "kill -9 $$, killed by signal 9 (KILL)",
    "kill -s TERM $$, killed by signal 15 (TERM)"
  })
  void whateverElseIsTriedAgain(String script, String reason) throws Exception {
    JobId id = put("x");
    SpoolCommand.Result result = work("--drain --backoff 1h", script).run().ok();
    assertEquals(JobState.DELAYED, job(id).state());
    assertEquals(1, job(id).attempts());
    assertEquals(reason, reason(id));
    assertTrue(result.err().contains(id + " retried (attempt 1, "), result.err());
    assertTrue(result.err().contains("no job is ready; 1 delayed job is left"), result.err());
  }

  @Test
  void theLastAttemptMakesADeadLetter() throws Exception {
    JobId id = put("x");
    work("--max 3 --attempts 3 --backoff 10ms", "echo no >&2; exit 1").run().ok();
    assertEquals(JobState.FAILED, job(id).state());
    assertEquals(3, job(id).attempts());
    assertEquals("attempt limit 3 reached: exit status 1: no", reason(id));
  }

  @Test
  void theBackoffIsTakenAsALengthOfTimeOrARange() throws Exception {
    put("x");
    work("--max 2 --backoff 10ms..20ms", "exit 1").run().ok();
    assertEquals(1, count("delayed"));
    for (String wrong : List.of("x", "1s..", "1h..1s", "..")) {
      SpoolCommand.Result result = work("--backoff " + wrong, "true").run();
      assertTrue(result.failsWith(ExitCode.USAGE).err().contains("--backoff"), result.err());
    }
  }

  @Test
  void theEnvironmentTellsOfTheJob() throws Exception {
    Job job =
        Job.of("body")
            .attribute("Reply-to", "ä b")
            .attribute("reply.to", "c")
            .attribute("n", "a\0b");
    JobId id = put(job);
    String out =
        work(
                "--drain",
                "env | grep ^SPOOL_ | sort; tail -c +$((SPOOL_HEADER_BYTES + 1)) \"$SPOOL_FILE\"; echo;"
                    + " head -c $SPOOL_HEADER_BYTES \"$SPOOL_FILE\"")
            .with("SPOOL_ATTR_OUTER", "of another job")
            .run()
            .ok()
            .out();
    List<String> lines = out.lines().toList();
    assertEquals("SPOOL_ATTEMPT=1", lines.get(0));
    assertEquals("SPOOL_ATTR_REPLY_TO=ä b", lines.get(1));
    assertTrue(lines.get(2).startsWith("SPOOL_FILE=" + root.toRealPath() + "/cur/"), lines.get(2));
    assertTrue(lines.get(3).matches("SPOOL_HEADER_BYTES=[1-9][0-9]+"), lines.get(3));
    assertEquals("SPOOL_ID=" + id, lines.get(4));
    assertEquals("SPOOL_SIZE=4", lines.get(5));
    assertEquals("body", lines.get(6));
    assertTrue(lines.get(7).startsWith("Reply-to: "), lines.get(7));
  }

  @Test
  void withoutAttributesTheFileIsThePayload() throws Exception {
    put("body");
    assertEquals(
        "0body", work("--drain", "printf $SPOOL_HEADER_BYTES; cat $SPOOL_FILE").run().ok().out());
  }

  @Test
  void theEndOfStandardErrorIsTheReasonAndAllOfItIsPassedOn() throws Exception {
    JobId id = put("x");
    String script = "i=0; while [ $i -lt 2000 ]; do echo line $i >&2; i=$((i+1)); done; exit 1";
    SpoolCommand.Result result = work("--drain --backoff 1h", script).run().ok();
    assertTrue(result.err().contains("line 0\nline 1\n"), "passed on from the beginning");
    assertTrue(reason(id).startsWith("exit status 1: "));
    assertTrue(reason(id).endsWith("line 1998\nline 1999"));
    assertTrue(reason(id).length() > 2000 && reason(id).length() < 4096);
  }

  @Test
  void quietPrintsNothingButKeepsTheReason() throws Exception {
    JobId id = put("x");
    SpoolCommand.Result result =
        work("--drain --quiet --backoff 1h", "echo seen; echo why >&2; exit 1").run().ok();
    assertEquals("seen\n", result.out());
    assertFalse(result.err().contains("why") || result.err().contains(id.value()), result.err());
    assertEquals("exit status 1: why", reason(id));
  }

  @Test
  void aBigPayloadStreams() throws Exception {
    byte[] bytes = new byte[50 << 20];
    Arrays.fill(bytes, (byte) 'x');
    put(Job.of(bytes));
    String out = work("--drain", "wc -c").with("SPOOL_JAVA_OPTS", "-Xmx32m").run().ok().out();
    assertEquals(50 << 20, Integer.parseInt(out.strip()));
  }

  @Test
  void aCommandNeedNotReadItsInput() throws Exception {
    JobId id = put(Job.of(new byte[10 << 20]));
    work("--drain", "exec true").run().ok();
    assertGone(id);
  }

  @Test
  void aCommandThatIsNotThereIsFoundOutBeforeTheFirstClaim() throws Exception {
    JobId id = put("x");
    Path noProgram = Files.writeString(directory.resolve("noprogram"), "echo");
    for (Object command : List.of("no-such-command", noProgram, directory.resolve("nothing"))) {
      SpoolCommand.Result result = SpoolCommand.spool("work", root, "--drain", "--", command).run();
      assertTrue(result.failsWith(ExitCode.NO_INPUT).err().contains(command.toString()));
    }
    assertReadyAndNotCounted(id);
    SpoolCommand.spool("work", root, "--drain").run().failsWith(ExitCode.USAGE);
  }

  @Test
  void anEmptyElementOfThePathIsTheCurrentDirectory() throws Exception {
    JobId id = put("x");
    assertTrue(
        Files.writeString(directory.resolve("here"), "#!/bin/sh\n").toFile().setExecutable(true));
    SpoolCommand.spool("work", root, "--drain", "--", "here")
        .in(directory)
        .with("PATH", ":/usr/local/bin:/usr/bin:/bin:")
        .run()
        .ok();
    assertGone(id);
  }

  @Test
  void aCommandThatVanishesStopsTheWorkerAndCostsNoAttempt() throws Exception {
    Path script = directory.resolve("script");
    Files.writeString(script, "#!/bin/sh\nrm -f \"$0\"\n");
    assertTrue(script.toFile().setExecutable(true));
    JobId first = put("1");
    JobId second = put("2");
    SpoolCommand.Result result = SpoolCommand.spool("work", root, "--drain", "--", script).run();
    assertTrue(
        result.failsWith(ExitCode.NO_INPUT).err().contains(script + ": there is no such command"));
    assertGone(first);
    assertReadyAndNotCounted(second);
  }

  @Test
  void aCommandWhoseInterpreterIsMissingStopsTheWorkerAndCostsNoAttempt() throws Exception {
    Path script = Files.writeString(directory.resolve("script"), "#!/no/such/interpreter\n");
    assertTrue(script.toFile().setExecutable(true));
    JobId id = put("1");
    SpoolCommand.Result result = SpoolCommand.spool("work", root, "--drain", "--", script).run();
    assertTrue(
        result.failsWith(ExitCode.NO_INPUT).err().contains("cannot be started"), result.err());
    assertReadyAndNotCounted(id);
  }

  @Test
  void aBackgroundChildThatHoldsThePipesBlocksNobody() throws Exception {
    JobId id = put("x");
    work("--drain", "sleep 1000 & echo $! > $D/child").run().ok();
    assertGone(id);
    assertTrue(runs(file("child")), "it is left alone");
  }

  @Test
  void anIdIsPrintedAsOtherVerbsTakeIt() throws Exception {
    String id = "1795247682.M355712P4711Q3R9f3c2a1b00112233.we\\057b";
    Files.writeString(root.resolve("new").resolve(id), "x");
    String err = work("--drain --backoff 1h", "exit 1").run().ok().err();
    assertTrue(err.contains(id + " retried "), err);
    SpoolCommand.spool("hold", root, "-").input(id + "\n").run().ok();
    assertEquals(JobState.HELD, job(new JobId(id)).state());
  }

  @Test
  void aWeakFileSystemIsWarnedOfAsByPut() throws Exception {
    String put = SpoolCommand.spool("put", root).input("x").run().ok().err();
    assumeTrue(put.startsWith("spool: "), "this file system is not weak");
    String work = work("--drain --quiet", "true").run().ok().err();
    assertEquals(put.lines().toList(), work.lines().toList());
  }

  @Test
  void aSpoolThatIsNoneIsRefused() throws Exception {
    SpoolCommand.spool("work", directory, "--drain", "--", "true").run().failsWith(ExitCode.CONFIG);
  }
}
