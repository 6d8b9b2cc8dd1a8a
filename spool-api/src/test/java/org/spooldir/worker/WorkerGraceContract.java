package org.spooldir.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.spooldir.SpoolFixture.inBackground;
import static org.spooldir.worker.WorkerFixture.awaitStubbornly;
import static org.spooldir.worker.WorkerFixture.close;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.SpoolEvent.Claimed;
import org.spooldir.SpoolEvent.HandlerFailed;
import org.spooldir.SpoolEvent.Settled;
import org.spooldir.SpoolEvent.Settlement;

/** The end of the grace: handlers are interrupted, and no job is counted for it. */
public interface WorkerGraceContract extends WorkerFixture {

  @Test
  default void aHandlerThatEndsWhenTheGraceIsOverHasItsJobGivenBackUncounted() throws Exception {
    RecordedEvents events = new RecordedEvents();
    JobId id = spool().enqueue(Job.of("x"));
    Worker worker =
        worker()
            .shutdownGrace(Duration.ofMillis(50))
            .listener(events)
            .start(claim -> new CountDownLatch(1).await());
    events.await(1, Claimed.class);
    worker.close();
    assertGivenBackUncounted(id);
    assertEquals(new Settled(id, 1, Settlement.RELEASED, ""), events.settled());
    assertEquals(
        List.of(Claimed.class, HandlerFailed.class, Settled.class),
        events.all().stream().map(Object::getClass).toList(),
        "it ended before its job was given back");
  }

  @Test
  default void aHandlerThatDoesNotEndIsLeftBehindAndItsJobGivenBackUncounted() throws Exception {
    RecordedEvents events = new RecordedEvents();
    CountDownLatch mayEnd = new CountDownLatch(1);
    JobId id = spool().enqueue(Job.of("x"));
    Worker worker =
        worker()
            .shutdownGrace(Duration.ofMillis(50))
            .listener(events)
            .start(
                claim -> {
                  awaitStubbornly(mayEnd);
                  throw new IOException("much later");
                });
    try {
      events.await(1, Claimed.class);
      close(worker).result();
      assertGivenBackUncounted(id);
      Claim successor = claimNext();
      mayEnd.countDown();
      events.await(1, HandlerFailed.class);
      assertEquals(List.of(new Settled(id, 1, Settlement.RELEASED, "")), events.of(Settled.class));
      assertTrue(successor.isHeld());
      successor.complete();
    } finally {
      mayEnd.countDown();
    }
  }

  @Test
  default void aHandlerThatNeedsItsLastMomentKeepsItsJobUntilItHasEnded() throws Exception {
    RecordedEvents events = new RecordedEvents();
    CountDownLatch interrupted = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    JobId id = spool().enqueue(Job.of("x"));
    Worker worker =
        worker()
            .shutdownGrace(Duration.ZERO)
            .lastMoment(GRACE)
            .listener(events)
            .start(
                claim -> {
                  try {
                    mayEnd.await();
                  } catch (InterruptedException e) {
                    interrupted.countDown();
                    awaitStubbornly(mayEnd);
                    throw e;
                  }
                });
    events.await(1, Claimed.class);
    Background<?> closer = close(worker);
    interrupted.await();
    closer.awaitWaiting();
    assertEquals(List.of(), events.of(Settled.class));
    mayEnd.countDown();
    closer.result();
    assertGivenBackUncounted(id);
    assertEquals(
        List.of(Claimed.class, HandlerFailed.class, Settled.class),
        events.all().stream().map(Object::getClass).toList());
  }

  @Test
  default void anInterruptOfTheOneWhoClosesEndsTheGrace() throws Exception {
    RecordedEvents events = new RecordedEvents();
    JobId id = spool().enqueue(Job.of("x"));
    Worker worker =
        worker()
            .shutdownGrace(GRACE)
            .listener(events)
            .start(claim -> new CountDownLatch(1).await());
    events.await(1, Claimed.class);
    Background<Boolean> closer =
        inBackground(
            () -> {
              worker.close();
              return Thread.currentThread().isInterrupted();
            });
    closer.awaitWaiting();
    closer.thread().interrupt();
    assertTrue(closer.result(), "the interrupt status is kept");
    assertGivenBackUncounted(id);
  }
}
