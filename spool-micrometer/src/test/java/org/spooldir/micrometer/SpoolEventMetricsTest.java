package org.spooldir.micrometer;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spooldir.Claim;
import org.spooldir.ClaimLostException;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.RecoveryReport;
import org.spooldir.Spool;
import org.spooldir.SpoolEvent;
import org.spooldir.SpoolEvent.Settlement;
import org.spooldir.SpoolFixture;
import org.spooldir.fs.DirectorySpool;
import org.spooldir.fs.SpoolOptions;
import org.spooldir.worker.RejectException;
import org.spooldir.worker.Worker;

final class SpoolEventMetricsTest {

  private static final SpoolOptions OPTIONS =
      SpoolOptions.DEFAULTS.lease(Duration.ofSeconds(3)).poll(Duration.ofMillis(50)).reserve(0);

  private final Scrape scrape = new Scrape();
  private final SpoolEventMetrics metrics = new SpoolEventMetrics("jobs", scrape.registry);
  private Path directory;
  private Spool spool;

  @BeforeEach
  void open(@TempDir Path scratch) throws IOException {
    directory = scratch.resolve("jobs");
    spool = DirectorySpool.create(directory, OPTIONS.listener(metrics));
  }

  @AfterEach
  void close() throws IOException {
    spool.close();
  }

  private double value(String series) {
    return scrape.samples("jobs").getOrDefault(series, Double.NaN);
  }

  @Test
  void allBeginsAtZero() {
    Map<String, Double> samples = scrape.samples("jobs");
    assertEquals(Set.of(0.0), Set.copyOf(samples.values()), samples.toString());
    assertEquals(9 + 5 * 3, samples.size(), samples.toString());
  }

  @Test
  void claimsAreTimedByHowTheyEnd() throws IOException {
    spool.enqueueAll(List.of(Job.of("1"), Job.of("2"), Job.of("3"), Job.of("4"), Job.of("5")));
    Claim completed = claim();
    Claim retried = claim();
    Claim rejected = claim();
    Claim lost = claim();
    Claim released = claim();
    scrape.clock.add(Duration.ofMillis(1500));
    completed.complete();
    retried.retry(SpoolFixture.LONG, "not now");
    rejected.reject("never");
    released.release(SpoolFixture.LONG);
    try (Stream<Path> claims = Files.list(directory.resolve("cur"))) {
      Files.delete(claims.findFirst().orElseThrow());
    }
    assertThrows(ClaimLostException.class, lost::complete);

    String text = scrape.registry.scrape();
    assertTrue(
        text.contains(
            """
            # HELP spool_claims_seconds How long this process held claims, by how they ended.
            # TYPE spool_claims_seconds summary
            spool_claims_seconds_count{outcome="completed",spool="jobs"} 1
            spool_claims_seconds_sum{outcome="completed",spool="jobs"} 1.5
            spool_claims_seconds_count{outcome="lost",spool="jobs"} 1
            spool_claims_seconds_sum{outcome="lost",spool="jobs"} 1.5
            """),
        text);
    for (String outcome : List.of("completed", "retried", "released", "rejected", "lost")) {
      assertEquals(1, value("spool_claims_seconds_count{outcome=" + outcome + "}"), outcome);
      assertEquals(1.5, value("spool_claims_seconds_sum{outcome=" + outcome + "}"), outcome);
      assertEquals(1.5, value("spool_claims_seconds_max{outcome=" + outcome + "}"), outcome);
    }
    assertEquals(5, value("spool_enqueued_total"));
    assertEquals(5, value("spool_claimed_total"));
  }

  private Claim claim() throws IOException {
    return spool.claim().orElseThrow();
  }

  @Test
  void whatRecoveryDoesIsCounted() throws IOException {
    // Either may be the one that brings the jobs back, and both tell.
    try (Spool dead = DirectorySpool.open(directory, OPTIONS.listener(metrics))) {
      spool.enqueueAll(List.of(Job.of("1"), Job.of("2")));
      assertTrue(dead.claim().isPresent());
      assertTrue(dead.claim().isPresent());
      Path presence;
      try (Stream<Path> workers = Files.list(directory.resolve("workers"))) {
        presence = workers.findFirst().orElseThrow();
      }
      Files.delete(presence); // as another recoverer would, which then died
      assertTrue(spool.claim().map(Claim::isHeld).orElse(true)); // who claims recovers from now on
      await().atMost(SpoolFixture.PATIENCE).until(() -> value("spool_recovered_total") >= 2);
    }
  }

  @Test
  void aWorkerOnTheSpoolDoublesNothing() throws Exception {
    spool.enqueueAll(List.of(Job.of("good"), Job.of("bad"), Job.of("hopeless")));
    try (Worker worker =
        Worker.on(spool)
            .timeLimit(Duration.ofHours(1))
            .listener(metrics.worker())
            .start(
                claim -> {
                  switch (claim.payload().text()) {
                    case "good" -> {}
                    case "hopeless" -> throw new RejectException("never");
                    default -> throw new IOException("not now");
                  }
                })) {
      await()
          .atMost(SpoolFixture.PATIENCE)
          .until(() -> value("spool_claims_seconds_count{outcome=rejected}") == 1);
      worker.stop();
    }
    assertEquals(1, value("spool_claims_seconds_count{outcome=completed}"));
    assertEquals(1, value("spool_claims_seconds_count{outcome=rejected}"));
    double retries = value("spool_claims_seconds_count{outcome=retried}");
    assertTrue(retries >= 1, "retried " + retries);
    assertEquals(retries + 1, value("spool_handler_failures_total"));
    double released = value("spool_claims_seconds_count{outcome=released}"); // by the stop
    assertEquals(retries + released + 2, value("spool_claimed_total"));
  }

  @Test
  void theRestIsCountedAsItIsTold() {
    JobId id = new JobId("a-job");
    metrics.worker().on(new SpoolEvent.OverTime(id, 1, Duration.ofSeconds(2)));
    metrics.worker().on(new SpoolEvent.Trouble("claiming failed", new IOException()));
    metrics.on(new SpoolEvent.Trouble("a beat failed", new IOException()));
    metrics.on(new SpoolEvent.Recovered(new RecoveryReport(List.of("w.1", "w.2"), 3, 4, 5, 6)));
    assertEquals(2, value("spool_workers_dead_total"));
    assertEquals(3, value("spool_recovered_total"));
    assertEquals(4, value("spool_returned_total"));
    assertEquals(6, value("spool_swept_total"));
    metrics.worker().on(new SpoolEvent.Settled(id, 1, Settlement.COMPLETED, ""));
    metrics.worker().on(new SpoolEvent.ClaimLost(id, 1));
    metrics.worker().on(new SpoolEvent.Claimed(id, 1));
    assertEquals(1, value("spool_handler_overtime_total"));
    assertEquals(2, value("spool_trouble_total"));
    assertEquals(0, value("spool_claimed_total"));
    assertEquals(0, value("spool_claims_seconds_count{outcome=completed}"));
    assertEquals(0, value("spool_claims_seconds_count{outcome=lost}"));
  }

  /**
   * Released and claimed again by another thread, before the first has told: counted all the same.
   */
  @Test
  void claimsAreCountedInWhateverOrderTheyAreTold() {
    JobId id = new JobId("a-job");
    metrics.on(new SpoolEvent.Claimed(id, 1));
    metrics.on(new SpoolEvent.Claimed(id, 1));
    metrics.on(new SpoolEvent.Settled(id, 1, Settlement.RELEASED, ""));
    metrics.on(new SpoolEvent.Settled(id, 1, Settlement.COMPLETED, ""));
    assertEquals(1, value("spool_claims_seconds_count{outcome=released}"));
    assertEquals(1, value("spool_claims_seconds_count{outcome=completed}"));
  }

  @Test
  void everyMetricIsInTheDocument() throws IOException {
    assertEquals(Scrape.documented("Micrometer"), scrape.names());
  }
}
