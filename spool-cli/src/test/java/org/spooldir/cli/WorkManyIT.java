package org.spooldir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.spooldir.cli.Patience.await;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.spooldir.Job;

/** {@code spool work}: many jobs, when it ends, and what it prints of them. */
@Tag("slow")
class WorkManyIT extends WorkScene {

  private void putMany(int jobs) throws Exception {
    for (int i = 0; i < jobs; i++) {
      put("job " + i + "\n");
    }
  }

  @Test
  void asManyRunAtOnceAsWasSaid() throws Exception {
    putMany(5);
    // Each waits for all four: one by one they would wait for ever.
    Process worker =
        start(
            "-j 4",
            "echo x > $D/at-$SPOOL_ID; while [ $(ls $D/at-* | wc -l) -lt 4 ]; do sleep 0.05; done;"
                + " while [ ! -e $D/go ]; do sleep 0.05; done");
    await().until(() -> started() == 4);
    await().during(Duration.ofMillis(300)).until(() -> started() == 4);
    Files.writeString(directory.resolve("go"), "");
    await().until(() -> count("new") + count("cur") == 0);
    signal(worker, "TERM");
    assertEquals(ExitCode.OK, exitCode(worker));
  }

  private int started() throws Exception {
    try (var files = Files.list(directory)) {
      return (int) files.filter(file -> file.getFileName().toString().startsWith("at-")).count();
    }
  }

  @Test
  void drainEndsWhenNothingIsReadyOrRunningAndLeavesDelayedJobs() throws Exception {
    putMany(7);
    put(Job.of("later").delay(Duration.ofHours(1)));
    SpoolCommand.Result result = work("--drain -j 3", "sleep 0.1").run().ok();
    assertEquals(7, result.err().lines().filter(line -> line.contains(" completed ")).count());
    assertTrue(result.err().contains("no job is ready; 1 delayed job is left"), result.err());
    assertEquals(List.of(0, 0, 1), List.of(count("new"), count("cur"), count("delayed")));
  }

  @Test
  void drainTakesWhatTheLastRunningJobMakesReady() throws Exception {
    putMany(1);
    String more =
        "[ -e $D/more ] || { echo x > $D/more; sleep 0.5; cp $SPOOL_FILE "
            + root
            + "/new/2.more.x; }";
    SpoolCommand.Result result = work("--drain -j 3", more).run().ok();
    assertEquals(2, result.err().lines().filter(line -> line.contains(" completed ")).count());
    assertEquals(0, count("new"));
  }

  @Test
  void drainOfAnEmptySpoolEndsAtOnce() throws Exception {
    work("--drain -j 4", "true").run().ok();
  }

  @Test
  void maxClaimsSoManyAndNotOneMore() throws Exception {
    putMany(6);
    SpoolCommand.Result result = work("--max 4 -j 3", "cat").run().ok();
    assertEquals(4, result.lines().size());
    assertEquals(List.of(2, 0), List.of(count("new"), count("cur")));
    assertEquals(0, count("errors"));
  }

  @Test
  void maxWaitsForItsJobs() throws Exception {
    Process worker = start("--max 2 -j 2", "cat");
    putMany(1);
    await().until(() -> count("new") + count("cur") == 0);
    assertTrue(worker.isAlive());
    putMany(1);
    assertEquals(ExitCode.OK, exitCode(worker));
  }

  @Test
  void optionsThatDoNotGoTogetherAreRefused() throws Exception {
    for (String options :
        List.of("--drain --max 1", "--quiet --json", "-j 0", "--max 0", "--time-limit 0")) {
      work(options, "true").run().failsWith(ExitCode.USAGE);
    }
  }

  @Test
  void jsonIsAnObjectALineAndWhatTheCommandPrintsGoesToStandardError() throws Exception {
    SpoolCommand.needs("python3");
    putMany(3);
    SpoolCommand.Result result =
        SpoolCommand.shell(
                "spool work "
                    + root
                    + " --drain -j 2 --json -- sh -c 'cat; echo \"q\\\"\" >&2; exit 65'"
                    + " | while read -r line; do printf '%s\\n' \"$line\" | python3 -c '"
                    + "import json,sys; o=json.load(sys.stdin); print(o[\"outcome\"], o[\"attempt\"],"
                    + " o[\"reason\"], o[\"millis\"] >= 0, o[\"at\"][0], len(o[\"id\"]) > 20)'; done")
            .run()
            .ok();
    assertEquals(
        List.of("rejected 1 exit status 65: q\" True 2 True"),
        result.lines().stream().distinct().toList());
    assertEquals(3, result.lines().size());
    assertTrue(result.err().contains("job 0\n") && result.err().contains("job 2\n"), result.err());
  }

  @Test
  void whenNobodyReadsTheLinesItStops() throws Exception {
    putMany(5);
    String firstOrLate =
        "read -r line; until [ \"$line\" = \"job 0\" -o -e gone ]; do sleep 0.05; done";
    SpoolCommand.Result result =
        SpoolCommand.shell(
                "set -o pipefail; spool work "
                    + root
                    + " --json -- sh -c '"
                    + firstOrLate
                    + "' | { head -1; exec <&-; touch gone; }")
            .in(directory)
            .run();
    assertEquals(1, result.failsWith(ExitCode.BROKEN_PIPE).lines().size());
    assertFalse(count("new") == 0);
  }

  @Test
  void aTerminalShowsProgressAndTheJobsThatWereNotCompleted() throws Exception {
    putMany(3);
    String notTheSecond =
        "read -r line; echo said $line; [ \"$line\" != \"job 1\" ] && exit;"
            + " until [ -e go ]; do sleep 0.05; done; exit 1";
    Process worker =
        start(
            SpoolCommand.terminal(
                    100,
                    "spool work " + root + " --drain --backoff 1h -- sh -c '" + notTheSecond + "'")
                .in(directory)
                .with("D", directory.toString()));
    Screen screen = new Screen(worker);
    await().until(() -> screen.text().contains("1 running, 1 done, 0 retried, 0 dead, "));
    Files.writeString(directory.resolve("go"), "");
    assertEquals(ExitCode.OK, exitCode(worker));
    String out = screen.text();
    assertTrue(out.contains("/s"), out);
    assertTrue(out.contains("retried (attempt 1, "), out);
    assertTrue(out.contains("2 done, 1 retried, 0 dead in "), out);
    assertFalse(out.contains(" completed "), out);
    assertTrue(out.contains("\u001b[Ksaid job 2\r\n"), "on a line of its own: " + out);
  }
}
