package org.spooldir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.spooldir.cli.Patience.await;
import static org.spooldir.cli.SpoolCommand.spool;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.spooldir.JobState;
import org.spooldir.worker.RetryPolicy;
import org.spooldir.worker.Worker;

/** The verbs that alter, with many jobs and with workers at work on the same ones. */
@Tag("slow")
class AlterManyIT extends JobsScene {

  /** A listing for each id would take hours. */
  @Test
  void twentyThousandIdsAreOneListing() throws Exception {
    List<String> ids = jobs.files("failed", LONG_AGO, 20_000);
    SpoolCommand.Result result =
        spool("retry", directory, "-").input(String.join("\n", ids)).run().ok();
    assertEquals("20000 retried\n", result.out());
    assertEquals(20_000, jobs.count(JobState.READY));
    result = spool("retry", directory, "-").input(String.join("\n", ids)).run();
    assertEquals("0 retried, 20000 not found\n", result.failsWith(ExitCode.NO_INPUT).out());
  }

  @Test
  void moreThanABatchFitsIntoASmallHeap() throws Exception {
    int count = Altering.BATCH * 3 / 2;
    List<String> ids = jobs.files("new", LONG_AGO, count);
    assertEquals(
        count + " held\n",
        small("hold", directory, "-").input(String.join("\n", ids)).run().ok().out());
    assertEquals(count + " let go\n", small("unhold", directory, "ALL").run().ok().out());
    assertEquals(count, jobs.count(JobState.READY));
  }

  private static SpoolCommand small(Object... arguments) {
    return spool(arguments).with("SPOOL_JAVA_OPTS", "-Xmx48m");
  }

  @Test
  void jobsThatMoveMeanwhileAreNoErrorForAllAndEachIsHandled() throws Exception {
    int count = 1000;
    jobs.files("new", LONG_AGO, count);
    Set<String> handled = ConcurrentHashMap.newKeySet();
    try (Worker worker =
        Worker.on(jobs.spool())
            .concurrency(2)
            .retry(RetryPolicy.exponential(Duration.ofMillis(5), Duration.ofMillis(20)).attempts(3))
            .start(
                claim -> {
                  if (claim.attempt() == 1) {
                    throw new IllegalStateException("once more");
                  }
                  handled.add(claim.id().value());
                })) {
      for (int i = 0; i < 3; i++) {
        spool("hold", directory, "ALL").run().ok();
        spool("unhold", directory, "ALL").run().ok();
        spool("retry", directory, "ALL", "--state", "delayed").run().ok();
      }
      await().until(() -> jobs.count(JobState.DONE) == count);
      worker.stop();
    }
    assertEquals(count, handled.size());
    assertEquals(0, jobs.count(JobState.FAILED));
  }

  @Test
  void namedJobsThatAWorkerIsFasterWithAreToldAndNoneIsBoth() throws Exception {
    int count = 3000;
    List<String> ids = jobs.files("new", LONG_AGO, count);
    try (Worker worker = Worker.on(jobs.spool()).concurrency(2).start(claim -> {})) {
      await().until(() -> jobs.count(JobState.DONE) > 0);
      SpoolCommand.Result result =
          spool("hold", directory, "-").input(String.join("\n", ids)).run();
      long held = jobs.count(JobState.HELD);
      assertEquals(held + " held, " + (count - held) + " not found\n", result.out());
      assertEquals(ExitCode.NO_INPUT, result.code());
      assertEquals(
          count - held, result.err().lines().filter(line -> line.contains("hold: 17")).count());
      await().until(() -> jobs.count(JobState.DONE) == count - held);
      worker.stop();
    }
  }
}
