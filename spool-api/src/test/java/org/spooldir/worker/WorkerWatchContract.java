package org.spooldir.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.spooldir.SpoolFixture.eventually;
import static org.spooldir.worker.WorkerFixture.awaitStubbornly;
import static org.spooldir.worker.WorkerFixture.runUntil;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.JobState;
import org.spooldir.Spool;
import org.spooldir.SpoolEvent.ClaimLost;
import org.spooldir.SpoolEvent.HandlerFailed;
import org.spooldir.SpoolEvent.OverTime;
import org.spooldir.SpoolEvent.Settled;
import org.spooldir.SpoolEvent.Settlement;

/** Handlers at work: how many at once, for how long, and only while they hold their claim. */
public interface WorkerWatchContract extends WorkerFixture {

  /** Short, so that tests are; the watchdog adds up to a quarter of a second. */
  Duration LIMIT = Duration.ofMillis(50);

  @Test
  default void asManyHandlersRunAtOnceAsAskedForAndNoMore() throws Exception {
    int threads = 3;
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CyclicBarrier together = new CyclicBarrier(threads);
    RecordedEvents events = new RecordedEvents();
    spool().enqueueAll(IntStream.range(0, 4 * threads).mapToObj(i -> Job.of("" + i)).toList());
    runUntil(
        () -> events.of(Settled.class).size() == 4 * threads,
        worker().concurrency(threads).listener(events),
        claim -> {
          most.accumulateAndGet(running.incrementAndGet(), Math::max);
          together.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
          running.decrementAndGet();
        });
    assertEquals(threads, most.get());
    assertTrue(
        events.of(Settled.class).stream().allMatch(s -> s.how() == Settlement.COMPLETED),
        () -> "some never ran together: " + events.all());
  }

  @Test
  default void aHandlerOverItsTimeIsInterruptedAndItsJobRetried() throws Exception {
    RecordedEvents events = new RecordedEvents();
    JobId id = spool().enqueue(Job.of("x"));
    runUntil(
        () -> !events.of(Settled.class).isEmpty(),
        worker().timeLimit(LIMIT).listener(events),
        claim -> new CountDownLatch(1).await());
    assertEquals(Settlement.RETRIED, events.settled().how());
    assertEquals(
        "over the time limit of PT0.05S: java.lang.InterruptedException",
        read(id).failures().get(0).reason());
    OverTime told = events.of(OverTime.class).get(0);
    assertEquals(id, told.id());
    assertTrue(told.ran().compareTo(LIMIT) > 0, told::toString);
  }

  @Test
  default void aHandlerThatReturnsOverItsTimeIsDoneAllTheSame() throws Exception {
    RecordedEvents events = new RecordedEvents();
    CountDownLatch mayEnd = new CountDownLatch(1);
    JobId id = spool().enqueue(Job.of("x"));
    Worker worker =
        worker().timeLimit(LIMIT).listener(events).start(claim -> awaitStubbornly(mayEnd));
    try (worker) {
      events.await(1, OverTime.class);
      mayEnd.countDown();
      assertEquals(new Settled(id, 1, Settlement.COMPLETED, ""), events.settled());
    } finally {
      mayEnd.countDown();
    }
  }

  @Test
  default void aRejectionOverTimeIsARejection() throws Exception {
    RecordedEvents events = new RecordedEvents();
    spool().enqueue(Job.of("x"));
    runUntil(
        () -> !events.of(Settled.class).isEmpty(),
        worker().timeLimit(LIMIT).listener(events),
        claim -> {
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException overTime) {
            throw new RejectException("too large", overTime);
          }
        });
    assertEquals(Settlement.REJECTED, events.settled().how());
    assertEquals("too large", events.settled().reason());
  }

  @Test
  default void aHandlerThatIgnoresInterruptsKeepsItsClaimAndIsRemindedAgain() throws Exception {
    RecordedEvents events = new RecordedEvents();
    CountDownLatch mayEnd = new CountDownLatch(1);
    JobId id = spool().enqueue(Job.of("x"));
    Worker worker =
        worker()
            .timeLimit(LIMIT)
            .listener(events)
            .start(
                claim -> {
                  awaitStubbornly(mayEnd);
                  throw new IOException("at last");
                });
    try (worker) {
      List<OverTime> told = events.await(3, OverTime.class);
      assertTrue(told.get(2).ran().minus(told.get(0).ran()).toMillis() >= 1500, told::toString);
      assertEquals(Optional.of(JobState.CLAIMED), state(id));
      assertEquals(List.of(), events.of(Settled.class));
      mayEnd.countDown();
      assertEquals(
          "over the time limit of PT0.05S: java.io.IOException: at last",
          events.settled().reason());
    } finally {
      mayEnd.countDown();
    }
  }

  @Test
  default void aHandlerWithinItsTimeIsLeftAlone() throws Exception {
    RecordedEvents events = new RecordedEvents();
    spool().enqueue(Job.of("x"));
    runUntil(
        () -> !events.of(Settled.class).isEmpty(),
        worker().timeLimit(LONG).listener(events),
        claim -> new CountDownLatch(1).await(600, TimeUnit.MILLISECONDS));
    assertEquals(Settlement.COMPLETED, events.settled().how());
    assertEquals(List.of(), events.of(OverTime.class));
  }

  @Test
  default void anInterruptDoesNotReachTheNextJob() throws Exception {
    RecordedEvents events = new RecordedEvents();
    List<Boolean> interruptedAtStart = new CopyOnWriteArrayList<>();
    spool().enqueueAll(List.of(Job.of("1"), Job.of("2"), Job.of("3")));
    runUntil(
        () -> events.of(Settled.class).size() == 3,
        worker().timeLimit(LIMIT).listener(events),
        claim -> {
          interruptedAtStart.add(Thread.currentThread().isInterrupted());
          while (!Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait(); // and returns with the status still set
          }
        });
    assertEquals(List.of(false, false, false), interruptedAtStart);
    assertTrue(
        events.of(Settled.class).stream().allMatch(s -> s.how() == Settlement.COMPLETED),
        () -> "the interrupt reached the settling: " + events.all());
  }

  @Test
  default void aHandlerThatLostItsClaimIsInterruptedAndSettlesNothing() throws Exception {
    RecordedEvents events = new RecordedEvents();
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    Spool other = another();
    JobId id = spool().enqueue(Job.of("x"));
    Worker worker =
        worker()
            .listener(events)
            .start(
                claim -> {
                  started.countDown();
                  try {
                    new CountDownLatch(1).await();
                  } catch (InterruptedException lost) {
                    interrupted.countDown();
                  }
                  awaitStubbornly(mayEnd);
                  throw new IOException("gave up");
                });
    try (worker) {
      assertTrue(started.await(PATIENCE.toSeconds(), TimeUnit.SECONDS));
      recoverFrom(spool(), other, id);
      Claim successor = claimNext(other);
      assertEquals(2, successor.attempt());
      assertTrue(interrupted.await(PATIENCE.toSeconds(), TimeUnit.SECONDS));
      mayEnd.countDown();
      events.await(1, HandlerFailed.class);
      worker.close();
      assertEquals(List.of(new ClaimLost(id, 1)), events.of(ClaimLost.class));
      assertEquals(List.of(), events.of(Settled.class));
      assertTrue(successor.isHeld());
      assertEquals(Optional.of(JobState.CLAIMED), state(id));
      successor.complete();
    } finally {
      mayEnd.countDown();
    }
  }

  @Test
  default void anIdleWorkerCostsNothing() throws Exception {
    RecordedEvents events = new RecordedEvents();
    spool().enqueue(Job.of("x"));
    Worker worker = worker().idlePoll(LONG).name("idle").listener(events).start(claim -> {});
    try (worker) {
      events.settled();
      // Parked without a timeout: it does not even look at the clock.
      eventually().until(() -> stateOf("idle-watchdog").equals(Thread.State.WAITING));
    }
  }

  private static Thread.State stateOf(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(name))
        .findAny()
        .orElseThrow()
        .getState();
  }
}
