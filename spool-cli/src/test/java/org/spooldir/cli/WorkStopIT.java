package org.spooldir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.spooldir.cli.Patience.await;

import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spooldir.JobId;
import org.spooldir.JobState;

/** How commands of {@code spool work} are ended: signals, time limit, lost claims, death. */
@Tag("slow")
class WorkStopIT extends WorkScene {

  /** A command with a child; neither ends by itself nor at TERM. */
  private static final String STUBBORN =
      "trap '' TERM; (trap '' TERM; while :; do sleep 1; done) & echo $! > $D/child; echo $$ > $D/pid; wait; wait";

  /** Tells that it runs, and ends when it is told. */
  private static final String PATIENT =
      "echo $$ > $D/pid; while [ ! -e $D/go ]; do sleep 0.05; done";

  private void go() throws Exception {
    Files.writeString(directory.resolve("go"), "");
  }

  private static void awaitThatItStops(Process worker) {
    await().until(() -> worker.inputReader().readLine().startsWith("stopping: 1 running"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT", "HUP"})
  void aCommandThatEndsWithinTheGraceCompletesItsJobAndNoMoreAreClaimed(String signal)
      throws Exception {
    JobId first = put("1");
    JobId second = put("2");
    Process worker = start("", PATIENT);
    file("pid");
    signal(worker, signal);
    awaitThatItStops(worker);
    go();
    assertEquals(ExitCode.OK, exitCode(worker));
    assertGone(first);
    assertReadyAndNotCounted(second);
  }

  @Test
  void aCommandThatOutlivesTheGraceIsKilledWithItsChildrenAndItsJobGivenBack() throws Exception {
    assertIsKilledWithItsChildren(work("--grace 100ms", STUBBORN));
  }

  private void assertIsKilledWithItsChildren(SpoolCommand work) throws Exception {
    JobId id = put("x");
    Process worker = start(work);
    String pid = file("pid");
    String child = file("child");
    signal(worker, "TERM");
    assertEquals(ExitCode.OK, exitCode(worker));
    assertFalse(runs(pid));
    awaitEnd(child);
    assertReadyAndNotCounted(id);
  }

  @Test
  void aCommandIsToldByTermFirst() throws Exception {
    JobId id = put("x");
    Process worker =
        start(
            "--grace 0",
            "trap 'echo told > $D/told; exit 0' TERM; echo $$ > $D/pid; while :; do sleep 0.1; done");
    file("pid");
    signal(worker, "TERM");
    assertEquals(ExitCode.OK, exitCode(worker));
    assertEquals("told", file("told"));
    assertReadyAndNotCounted(id); // it did not do the job, whatever its status says
  }

  @Test
  void aSecondSignalEndsTheGraceAtOnce() throws Exception {
    JobId id = put("x");
    Process worker = start("--grace 1h", "echo $$ > $D/pid; sleep 1000");
    String pid = file("pid");
    signal(worker, "TERM");
    awaitThatItStops(worker);
    assertTrue(runs(pid));
    signal(worker, "TERM");
    assertEquals(ExitCode.OK, exitCode(worker));
    assertFalse(runs(pid));
    assertReadyAndNotCounted(id);
  }

  @Test
  void withoutSetsidItsDescendantsAreEnded() throws Exception {
    Path tools = Files.createDirectory(directory.resolve("tools"));
    for (String tool :
        new String[] {"sh", "bash", "sleep", "readlink", "mkdir", "mktemp", "mv", "rm", "stty"}) {
      Files.createSymbolicLink(tools.resolve(tool), Path.of("/bin", tool));
    }
    assertIsKilledWithItsChildren(work("--grace 0", STUBBORN).with("PATH", tools.toString()));
  }

  @Test
  void aCommandOverTheTimeLimitIsTerminatedAndItsJobTriedAgain() throws Exception {
    JobId id = put("x");
    work("--max 1 --time-limit 5s --backoff 1h", "echo $$ > $D/pid; echo slow >&2; sleep 1000")
        .run()
        .ok();
    assertFalse(runs(file("pid")));
    assertEquals(JobState.DELAYED, job(id).state());
    assertEquals(1, job(id).attempts());
    assertEquals("over the time limit of PT5S: terminated: slow", reason(id));
  }

  @Test
  void aCommandIsKilledWhereThereIsNoRoomForAnotherThread() throws Exception {
    SpoolCommand.needs("prlimit");
    JobId id = put("x");
    // It takes the room from the worker, which has all its threads once the payload was written.
    SpoolCommand work =
        work(
            "--max 1 --time-limit 5s --backoff 1h",
            "cat > $D/read; prlimit --pid $PPID --nproc=1: && (sleep 1000 & echo $! > $D/child; echo $$ > $D/pid; wait)");
    if ("root".equals(System.getProperty("user.name"))) { // whom no limit holds
      SpoolCommand.shell("chown -R 65534:65534 " + directory).run().ok();
      work.under(OtherUser.nobody());
    }
    start(work);
    String pid = file("pid");
    String child = file("child");
    awaitEnd(pid);
    awaitEnd(child);
    await().until(() -> job(id).state() == JobState.DELAYED);
    assertEquals(1, job(id).attempts());
  }

  @Test
  void aCommandWhoseClaimIsLostIsTerminated() throws Exception {
    JobId id = put("x");
    Process worker =
        start("--max 2", "[ $SPOOL_ATTEMPT = 1 ] || exit 0; echo $$ > $D/pid; sleep 1000");
    String pid = file("pid");
    // Somebody who finds it silent declares it dead like this; it notices with its next beat.
    try (DirectoryStream<Path> presences = Files.newDirectoryStream(root.resolve("workers"))) {
      for (Path each : presences) {
        Files.delete(each);
      }
    }
    awaitEnd(pid);
    assertEquals(ExitCode.OK, exitCode(worker));
    assertGone(id); // by the second attempt
  }

  @Test
  void theJobOfAKilledWorkerGoesToAnotherAndTheAttemptCounts() throws Exception {
    JobId id = put("x");
    Process killed = start("", "echo $$ > $D/pid; exec sleep 1000");
    file("pid");
    killed.destroyForcibly().waitFor();
    String out = work("--max 1", "echo $SPOOL_ID $SPOOL_ATTEMPT").run().ok().out();
    assertEquals(id + " 2\n", out);
    assertGone(id);
  }
}
