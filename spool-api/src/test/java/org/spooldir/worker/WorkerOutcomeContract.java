package org.spooldir.worker;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.spooldir.SpoolFixture.eventually;
import static org.spooldir.worker.WorkerFixture.runUntil;

import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.spooldir.Failure;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.JobRecord;
import org.spooldir.JobState;
import org.spooldir.SpoolEvent.ClaimLost;
import org.spooldir.SpoolEvent.Claimed;
import org.spooldir.SpoolEvent.HandlerFailed;
import org.spooldir.SpoolEvent.Settled;
import org.spooldir.SpoolEvent.Settlement;

/** How a handler ends settles its claim. */
public interface WorkerOutcomeContract extends WorkerFixture {

  /** Enqueues one job, runs the handler on it and returns how its claim was settled. */
  private Settled settledBy(RecordedEvents events, JobHandler handler) throws Exception {
    spool().enqueue(Job.of("payload").attribute("size", "128"));
    runUntil(() -> !events.of(Settled.class).isEmpty(), worker().listener(events), handler);
    return events.settled();
  }

  /** The same, where nothing else that was told matters. */
  private Settled settledBy(JobHandler handler) throws Exception {
    return settledBy(new RecordedEvents(), handler);
  }

  @Test
  default void theExampleWorks() throws Exception {
    List<String> thumbnails = new CopyOnWriteArrayList<>();
    spool().enqueue(Job.of("picture").attribute("size", "128").priority(7));
    Worker worker =
        Worker.on(spool())
            .concurrency(4)
            .retry(RetryPolicy.exponential(ofSeconds(1), ofHours(1)).attempts(8))
            .start(
                claim -> thumbnails.add(claim.payload().text() + claim.attributes().get("size")));
    try (worker) {
      eventually().until(() -> !thumbnails.isEmpty());
      worker.stop();
      worker.awaitStop();
    }
    assertEquals(List.of("picture128"), thumbnails);
    assertEquals(0, spool().inspector().stats().jobs(JobState.CLAIMED));
  }

  @Test
  default void aHandlerThatReturnsCompletesItsJob() throws Exception {
    RecordedEvents events = new RecordedEvents();
    List<String> seen = new CopyOnWriteArrayList<>();
    Settled settled =
        settledBy(
            events,
            claim -> {
              seen.add(claim.payload().text() + " " + claim.attributes().get("size"));
              seen.add(claim.id() + " " + claim.priority() + " " + claim.enqueuedAt().isPresent());
            });
    JobId id = settled.id();
    assertEquals(List.of("payload 128", id + " 4 true"), seen);
    assertEquals(Optional.empty(), state(id));
    assertEquals(
        List.of(new Claimed(id, 1), new Settled(id, 1, Settlement.COMPLETED, "")), events.all());
  }

  @Test
  default void aHandlerThatThrowsHasItsJobRetriedWithTheReason() throws Exception {
    RecordedEvents events = new RecordedEvents();
    IOException cause = new IOException("connection refused");
    Settled settled =
        settledBy(
            events,
            claim -> {
              throw cause;
            });
    assertEquals(Settlement.RETRIED, settled.how());
    assertEquals("java.io.IOException: connection refused", settled.reason());
    JobRecord job = read(settled.id());
    assertEquals(JobState.DELAYED, job.snapshot().state());
    assertEquals(List.of(settled.reason()), job.failures().stream().map(Failure::reason).toList());
    assertEquals(3, events.all().size());
    assertSame(cause, ((HandlerFailed) events.all().get(1)).cause());
  }

  @Test
  default void anErrorIsAFailureLikeAnyOther() throws Exception {
    Settled settled =
        settledBy(
            claim -> {
              throw new StackOverflowError("too deep");
            });
    assertEquals(Settlement.RETRIED, settled.how());
    assertEquals("java.lang.StackOverflowError: too deep", settled.reason());
  }

  @Test
  default void anExceptionThatCannotBePrintedIsAFailureLikeAnyOther() throws Exception {
    Settled settled =
        settledBy(
            claim -> {
              throw new Unprintable();
            });
    assertEquals(Settlement.RETRIED, settled.how());
    assertEquals(Unprintable.class.getName(), settled.reason());
  }

  /** An exception with a bug of its own. */
  final class Unprintable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new IllegalStateException("no message");
    }
  }

  @Test
  default void aRejectedJobIsADeadLetter() throws Exception {
    RecordedEvents events = new RecordedEvents();
    Settled settled =
        settledBy(
            events,
            claim -> {
              throw new RejectException("not a picture", new IOException("bad magic"));
            });
    assertEquals(Settlement.REJECTED, settled.how());
    JobRecord job = read(settled.id());
    assertEquals(JobState.FAILED, job.snapshot().state());
    assertEquals("not a picture", job.failures().get(0).reason());
    assertEquals(1, events.of(HandlerFailed.class).size());
  }

  @Test
  default void whatHasNoMessageRejectsAJobAllTheSame() throws Exception {
    Settled settled =
        settledBy(
            claim -> {
              EOFException e = new EOFException();
              throw new RejectException(e.getMessage(), e);
            });
    assertEquals(Settlement.REJECTED, settled.how());
    assertEquals("java.io.EOFException", read(settled.id()).failures().get(0).reason());
  }

  @Test
  default void aJobForLaterWaitsAndIsNotCounted() throws Exception {
    RecordedEvents events = new RecordedEvents();
    Settled settled =
        settledBy(
            events,
            claim -> {
              throw new RetryLaterException(LONG);
            });
    assertEquals(Settlement.RELEASED, settled.how());
    JobRecord job = read(settled.id());
    assertEquals(JobState.DELAYED, job.snapshot().state());
    assertEquals(0, job.snapshot().attempts());
    assertEquals(List.of(), job.failures());
    assertEquals(List.of(), events.of(HandlerFailed.class));
  }

  @Test
  default void aHandlerMaySettleItsJobItself() throws Exception {
    RecordedEvents events = new RecordedEvents();
    Settled settled = settledBy(events, claim -> claim.reject("looked at it"));
    assertEquals(Settlement.REJECTED, settled.how());
    assertEquals(Optional.of(JobState.FAILED), state(settled.id()));
    assertEquals(2, events.all().size(), "claimed, settled, and nothing else");
  }

  @Test
  default void aHandlerThatFailsAfterSettlingChangesNothing() throws Exception {
    RecordedEvents events = new RecordedEvents();
    JobId id = spool().enqueue(Job.of("x"));
    runUntil(
        () -> !events.of(HandlerFailed.class).isEmpty(),
        worker().listener(events),
        claim -> {
          claim.complete();
          throw new IOException("while clearing up");
        });
    assertEquals(Optional.empty(), state(id));
    assertEquals(1, events.of(Settled.class).size());
    assertEquals(List.of(), events.of(ClaimLost.class));
  }

  @Test
  default void aHandlerThatHasSettledMayClearUpInPeace() throws Exception {
    RecordedEvents events = new RecordedEvents();
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch clearedUp = new CountDownLatch(1);
    spool().enqueue(Job.of("x"));
    runUntil(
        () -> clearedUp.getCount() == 0,
        worker().listener(events),
        claim -> {
          claim.complete();
          // Long enough for the watchdog to see a claim that is not held any more.
          never.await(800, TimeUnit.MILLISECONDS);
          clearedUp.countDown();
        });
    assertEquals(2, events.all().size(), () -> "claimed, settled: " + events.all());
  }

  @Test
  default void oneFailureDoesNotKeepAWorkerFromTheNextJob() throws Exception {
    RecordedEvents events = new RecordedEvents();
    spool().enqueue(Job.of("bad"));
    JobId good = spool().enqueue(Job.of("good"));
    runUntil(
        () -> events.of(Settled.class).size() == 2,
        worker().listener(events),
        claim -> {
          if (claim.payload().text().equals("bad")) {
            throw new AssertionError("bad job");
          }
        });
    assertEquals(new Settled(good, 1, Settlement.COMPLETED, ""), events.of(Settled.class).get(1));
  }
}
