package org.spooldir.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.spooldir.worker.WorkerFixture.runUntil;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.JobRecord;
import org.spooldir.JobState;
import org.spooldir.Spool;
import org.spooldir.SpoolEvent.HandlerFailed;
import org.spooldir.SpoolEvent.Settled;
import org.spooldir.SpoolEvent.Settlement;

/** How often a job is tried, and what becomes of it then. */
public interface WorkerAttemptsContract extends WorkerFixture {

  @Test
  default void aFailedJobIsTriedAgainUntilItSucceeds() throws Exception {
    List<Integer> attempts = new CopyOnWriteArrayList<>();
    RecordedEvents events = new RecordedEvents();
    spool().enqueue(Job.of("x"));
    runUntil(
        () -> events.of(Settled.class).size() == 3,
        worker().retry(RetryPolicy.fixed(Duration.ofMillis(10))).listener(events),
        claim -> {
          attempts.add(claim.attempt());
          if (claim.attempt() < 3) {
            throw new IOException("not yet");
          }
        });
    assertEquals(List.of(1, 2, 3), attempts);
    assertEquals(
        List.of(Settlement.RETRIED, Settlement.RETRIED, Settlement.COMPLETED),
        events.of(Settled.class).stream().map(Settled::how).toList());
  }

  @Test
  default void aJobThatFailsInItsLastAttemptIsADeadLetter() throws Exception {
    RecordedEvents events = new RecordedEvents();
    JobId id = spool().enqueue(Job.of("x"));
    runUntil(
        () -> events.of(Settled.class).size() == 2,
        worker().retry(RetryPolicy.fixed(Duration.ZERO).attempts(2)).listener(events),
        claim -> {
          throw new IOException("refused " + claim.attempt());
        });
    JobRecord job = read(id);
    assertEquals(JobState.FAILED, job.snapshot().state());
    assertEquals("java.io.IOException: refused 1", job.failures().get(0).reason());
    assertEquals(
        "attempt limit 2 reached: java.io.IOException: refused 2", job.failures().get(1).reason());
  }

  @Test
  default void aJobThatKillsItsWorkersIsNotRunAgain() throws Exception {
    JobId id = spool().enqueue(Job.of("x"));
    for (int i = 0; i < 2; i++) {
      Spool victim = another();
      assertEquals(id, claimNext(victim).id());
      recoverFrom(victim, spool(), id);
    }
    List<Claim> ran = new CopyOnWriteArrayList<>();
    RecordedEvents events = new RecordedEvents();
    runUntil(
        () -> !events.of(Settled.class).isEmpty(),
        worker().retry(RetryPolicy.fixed(Duration.ZERO).attempts(2)).listener(events),
        ran::add);
    assertEquals(List.of(), ran);
    assertEquals(
        "worker lost 2 times, failed attempts included; the limit is 2", events.settled().reason());
    assertEquals(JobState.FAILED, read(id).snapshot().state());
    assertEquals(List.of(), events.of(HandlerFailed.class));
  }

  @Test
  default void aJobThatKilledOneWorkerHasItsLastAttempt() throws Exception {
    JobId id = spool().enqueue(Job.of("x"));
    Spool victim = another();
    claimNext(victim);
    recoverFrom(victim, spool(), id);
    List<Integer> attempts = new CopyOnWriteArrayList<>();
    RecordedEvents events = new RecordedEvents();
    runUntil(
        () -> !events.of(Settled.class).isEmpty(),
        worker().retry(RetryPolicy.fixed(Duration.ZERO).attempts(2)).listener(events),
        claim -> attempts.add(claim.attempt()));
    assertEquals(List.of(2), attempts);
    assertEquals(Settlement.COMPLETED, events.settled().how());
  }

  @Test
  default void theBackoffIsThePolicys() throws Exception {
    RecordedEvents events = new RecordedEvents();
    JobId id = spool().enqueue(Job.of("x"));
    runUntil(
        () -> !events.of(Settled.class).isEmpty(),
        worker().retry(RetryPolicy.fixed(Duration.ofDays(7))).listener(events),
        claim -> {
          throw new IOException("refused");
        });
    JobRecord job = read(id);
    Duration backoff =
        Duration.between(job.failures().get(0).at(), job.snapshot().due().orElseThrow());
    assertEquals(7, backoff.plusHours(1).toDays(), () -> "backed off for " + backoff);
  }
}
