package org.spooldir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.spooldir.JobState.CLAIMED;
import static org.spooldir.JobState.DELAYED;
import static org.spooldir.JobState.DONE;
import static org.spooldir.JobState.FAILED;
import static org.spooldir.JobState.HELD;
import static org.spooldir.JobState.READY;
import static org.spooldir.cli.SpoolCommand.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.spooldir.JobId;
import org.spooldir.JobState;

/** {@code spool retry}, {@code hold}, {@code unhold} and {@code discard}: which jobs, and what. */
class AlterIT extends JobsScene {

  private void assertStates(List<JobId> ids, JobState... states) throws IOException {
    assertEquals(List.of(states).stream().map(Optional::of).toList(), jobs.states(ids));
  }

  // ---- what each verb does, to each state ----

  @Test
  void retryAllMakesReadyWhatFailedIsDoneOrWaitsAndTouchesNothingElse() throws Exception {
    List<JobId> ids = jobs.oneOfEach();
    assertEquals("3 retried\n", spool("retry", directory, "ALL").run().ok().out());
    assertStates(ids, READY, CLAIMED, READY, HELD, READY, READY);
  }

  @Test
  void holdAllParksWhatIsReadyOrWaitsAndUnholdAllLetsItGoOn() throws Exception {
    List<JobId> ids = jobs.oneOfEach();
    assertEquals("2 held\n", spool("hold", directory, "ALL").run().ok().out());
    assertStates(ids, HELD, CLAIMED, HELD, HELD, FAILED, DONE);
    assertEquals("3 let go\n", spool("unhold", directory, "ALL").run().ok().out());
    assertStates(ids, READY, CLAIMED, DELAYED, READY, FAILED, DONE);
  }

  @Test
  void discardDeletesNamedJobsInAnyStateButTheClaimed() throws Exception {
    List<JobId> ids = jobs.oneOfEach();
    SpoolCommand.Result result =
        spool(
                "discard",
                directory,
                ids.get(0),
                ids.get(1),
                ids.get(2),
                ids.get(3),
                ids.get(4),
                ids.get(5))
            .run()
            .failsWith(ExitCode.NO_INPUT);
    assertEquals("5 discarded, 1 not found\n", result.out());
    assertEquals(
        Collections.nCopies(5, Optional.empty()),
        jobs.states(List.of(ids.get(0), ids.get(2), ids.get(3), ids.get(4), ids.get(5))));
    assertEquals(Optional.of(CLAIMED), jobs.state(ids.get(1)));
  }

  @Test
  void aJobInAWorkersHandsIsToldWithTheWorker() throws Exception {
    JobId id = jobs.a(CLAIMED);
    String worker =
        jobs.spool().inspector().find(id).orElseThrow().worker().orElseThrow(AssertionError::new);
    SpoolCommand.Result result = spool("hold", directory, id).run().failsWith(ExitCode.NO_INPUT);
    assertEquals("spool hold: " + id + ": claimed by " + worker, lastLine(result.err()));
    assertEquals("0 held, 1 not found\n", result.out());
    assertEquals(Optional.of(CLAIMED), jobs.state(id));
  }

  private static String lastLine(String text) {
    return text.strip().substring(text.strip().lastIndexOf('\n') + 1);
  }

  // ---- which jobs ----

  @Test
  void allIsNarrowedByStateAndByAge() throws Exception {
    jobs.files("failed", LONG_AGO, 2);
    jobs.files("done", LONG_AGO, 1);
    jobs.a(FAILED);
    jobs.file("failed", "ageless");
    assertEquals(
        "2 discarded\n",
        spool("discard", directory, "ALL", "--state", "failed", "--older-than", "1h")
            .run()
            .ok()
            .out());
    assertEquals(2, jobs.count(FAILED), "the young one, and the one that does not tell its age");
    assertEquals(1, jobs.count(DONE));
  }

  @Test
  void namedJobsAreNarrowedToo() throws Exception {
    JobId delayed = jobs.a(DELAYED);
    JobId failed = jobs.a(FAILED);
    SpoolCommand.Result result =
        spool("retry", directory, delayed, "--state", "failed").run().failsWith(ExitCode.NO_INPUT);
    assertEquals("spool retry: " + delayed + ": delayed, not failed", lastLine(result.err()));
    result =
        spool("retry", directory, failed, "--older-than", "7d").run().failsWith(ExitCode.NO_INPUT);
    assertEquals("spool retry: " + failed + ": failed, but not old enough", lastLine(result.err()));
    assertStates(List.of(delayed, failed), DELAYED, FAILED);
  }

  @Test
  void allOfNothingIsNoError() {
    assertEquals("0 retried\n", spool("retry", directory, "ALL").run().ok().out());
    assertEquals("0 retried\n", spool("retry", directory, "-").run().ok().out());
  }

  @Test
  void whoIsNotThereIsNamedAndTheOthersHaveTheirTurn() throws Exception {
    JobId held = jobs.a(HELD);
    JobId ready = jobs.a(READY);
    SpoolCommand.Result result =
        spool("unhold", directory, "nobody", held, ready).run().failsWith(ExitCode.NO_INPUT);
    assertEquals("1 let go, 2 not found\n", result.out());
    assertTrue(result.err().contains("spool unhold: nobody: no such job\n"), result.err());
    assertTrue(result.err().contains("spool unhold: " + ready + ": ready, not held\n"));
    assertStates(List.of(held, ready), READY, READY);
  }

  @Test
  void idsAreReadFromStandardInputAndFileNamesAndPathsWillDo() throws Exception {
    JobId plain = jobs.a(READY);
    JobId name = jobs.a(READY);
    JobId path = jobs.a(DELAYED);
    jobs.file("new", "hello");
    String input =
        String.join(
            "\r\n",
            plain.value(),
            "",
            nameOf("new", name),
            "  ",
            directory + "/delayed/" + nameOf("delayed", path),
            "new/hello");
    assertEquals("4 held\n", spool("hold", directory, "-").input(input).run().ok().out());
    assertStates(List.of(plain, name, path), HELD, HELD, HELD);
    assertEquals(4, jobs.count(HELD));
  }

  private String nameOf(String state, JobId id) throws IOException {
    try (var files = Files.newDirectoryStream(directory.resolve(state), id + "*")) {
      return files.iterator().next().getFileName().toString();
    }
  }

  // ---- what is refused ----

  @Test
  void discardOfAllMustSayWhich() throws Exception {
    jobs.a(READY);
    String err =
        spool("discard", directory, "ALL", "--older-than", "1s")
            .run()
            .failsWith(ExitCode.USAGE)
            .err();
    assertTrue(err.contains("--state, ready, delayed, held, failed or done"), err);
    assertEquals(1, jobs.count(READY));
    assertEquals(
        "1 discarded\n", spool("discard", directory, "ALL", "--state", "ready").run().ok().out());
  }

  @Test
  void aStateToWhichTheVerbDoesNotApplyIsRefused() {
    for (String state : List.of("claimed", "failed", "FAILED", "")) {
      String err =
          spool("hold", directory, "ALL", "--state=" + state).run().failsWith(ExitCode.USAGE).err();
      assertTrue(err.contains("ready or delayed"), err);
    }
  }

  @Test
  void allAndStandardInputStandAlone() throws Exception {
    JobId id = jobs.a(READY);
    spool("hold", directory, "ALL", id).run().failsWith(ExitCode.USAGE);
    spool("hold", directory, id, "-").run().failsWith(ExitCode.USAGE);
    spool("hold", directory).run().failsWith(ExitCode.USAGE);
    assertEquals(Optional.of(READY), jobs.state(id));
  }

  @Test
  void whatCanBeNoIdIsRefusedBeforeAnythingIsDone() throws Exception {
    JobId id = jobs.a(READY);
    for (String word : List.of("", "new/", "..", "x".repeat(300), "a\u001b[31mb", "a b", "a\nb")) {
      String err = spool("hold", directory, id, word).run().failsWith(ExitCode.USAGE).err();
      assertFalse(err.contains("\u001b"), "escape sequences are escaped");
      assertTrue(lastLine(err).equals("Try: spool hold --help"), err);
    }
    assertEquals(Optional.of(READY), jobs.state(id));
    spool("hold", directory, "../" + id).run().ok();
    assertEquals(Optional.of(HELD), jobs.state(id));
  }

  @Test
  void oneBadLineKeepsTheOthersFromNothing() throws Exception {
    JobId first = jobs.a(READY);
    JobId last = jobs.a(READY);
    SpoolCommand.Result result =
        spool("hold", directory, "-")
            .input(first + "\n\u001b[2J\n" + "x".repeat(300) + "\n../x\n" + last + "\n")
            .run()
            .failsWith(ExitCode.NO_INPUT);
    assertEquals("2 held, 3 not found\n", result.out());
    assertTrue(result.err().contains("spool hold: line 2: ID: '\\u001b[2J'"), result.err());
    assertTrue(result.err().contains("spool hold: line 3: "), result.err());
    assertTrue(result.err().contains("spool hold: x: no such job\n"), result.err());
    assertStates(List.of(first, last), HELD, HELD);
  }

  @Test
  void aPlainMaildirIsRefusedWithWhatToDo() throws Exception {
    Path maildir = HandmadeSpool.maildir(temporary.resolve("maildir")).root();
    for (String verb : List.of("retry", "hold", "unhold")) {
      String err = spool(verb, maildir, "ALL").run().failsWith(ExitCode.CONFIG).err();
      assertTrue(err.contains("plain Maildir") && err.contains("adopt"), err);
    }
    spool("discard", maildir, "x").run().failsWith(ExitCode.CONFIG);
    spool("recover", maildir).run().failsWith(ExitCode.CONFIG);
    spool("purge", maildir, "--state", "done", "--older-than", "1d")
        .run()
        .failsWith(ExitCode.CONFIG);
    spool("retry", temporary.resolve("nothing"), "ALL").run().failsWith(ExitCode.CONFIG);
  }

  // ---- dry run ----

  @Test
  void aDryRunSaysWhatWouldBeDoneAndChangesNothing() throws Exception {
    JobId ready = jobs.a(READY);
    JobId delayed = jobs.a(DELAYED);
    JobId held = jobs.a(HELD);
    String failed = jobs.files("failed", LONG_AGO, 1).get(0);
    String before = jobs.tree();
    assertEquals(
        List.of(
            "would retry " + delayed + " (delayed)",
            "would retry " + failed + " (failed)",
            "2 would be retried"),
        spool("retry", directory, "ALL", "--dry-run").run().ok().lines());
    assertEquals(
        List.of("would hold " + ready + " (ready)", "1 would be held, 1 not found"),
        spool("hold", directory, ready, held, "--dry-run")
            .run()
            .failsWith(ExitCode.NO_INPUT)
            .lines());
    assertEquals(
        List.of("would unhold " + held + " (held)", "1 would be let go"),
        spool("unhold", directory, "--dry-run", "-").input(held + "\n").run().ok().lines());
    assertEquals(
        List.of("would discard " + failed + " (failed)", "1 would be discarded"),
        spool("discard", directory, "ALL", "--state", "failed", "--dry-run").run().ok().lines());
    assertEquals(
        List.of("would purge " + failed + " (failed)", "1 would be purged"),
        spool("purge", directory, "--state", "failed", "--older-than", "0s", "--dry-run")
            .run()
            .ok()
            .lines());
    assertEquals(before, jobs.tree());
  }
}
