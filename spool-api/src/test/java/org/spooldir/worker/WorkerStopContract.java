package org.spooldir.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.spooldir.SpoolFixture.inBackground;
import static org.spooldir.worker.WorkerFixture.awaitStubbornly;
import static org.spooldir.worker.WorkerFixture.close;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.JobState;
import org.spooldir.Spool;
import org.spooldir.SpoolEvent.Claimed;
import org.spooldir.SpoolEvent.Settled;
import org.spooldir.SpoolEvent.Settlement;

/**
 * Stopping a worker: whoever does it, whenever, no job is lost, counted in vain or waited for in
 * vain.
 */
public interface WorkerStopContract extends WorkerFixture {

  /** Waits for the end of a worker, but not for ever. */
  private static void awaitStop(Worker worker) throws Exception {
    inBackground(
            () -> {
              worker.awaitStop();
              return true;
            })
        .result();
  }

  @Test
  default void closingWaitsForRunningHandlers() throws Exception {
    RecordedEvents events = new RecordedEvents();
    CountDownLatch mayEnd = new CountDownLatch(1);
    JobId id = spool().enqueue(Job.of("x"));
    Worker worker = worker().listener(events).start(claim -> mayEnd.await());
    try (worker) {
      events.await(1, Claimed.class);
      Background<Boolean> closer = close(worker);
      closer.awaitWaiting();
      assertFalse(closer.task().isDone());
      assertEquals(Optional.of(JobState.CLAIMED), state(id));
      mayEnd.countDown();
      closer.result();
      assertEquals(Settlement.COMPLETED, events.settled().how());
    } finally {
      mayEnd.countDown();
    }
  }

  @Test
  default void stoppingDoesNotWaitAndNothingIsClaimedAnyMore() throws Exception {
    RecordedEvents events = new RecordedEvents();
    CountDownLatch mayEnd = new CountDownLatch(1);
    JobId first = spool().enqueue(Job.of("first"));
    Worker worker = worker().concurrency(2).listener(events).start(claim -> mayEnd.await());
    try (worker) {
      events.await(1, Claimed.class);
      worker.stop();
      JobId second = spool().enqueue(Job.of("second"));
      mayEnd.countDown();
      awaitStop(worker);
      assertEquals(Optional.empty(), state(first));
      assertEquals(Optional.of(JobState.READY), state(second));
    } finally {
      mayEnd.countDown();
    }
  }

  @Test
  default void anIdleWorkerStopsAtOnce() throws Exception {
    for (int i = 0; i < 30; i++) {
      Worker worker = worker().concurrency(2).idlePoll(LONG).shutdownGrace(GRACE).start(c -> {});
      close(worker).result();
    }
  }

  @Test
  default void aJobThatIsClaimedTooLateIsGivenBackUncounted() throws Exception {
    CountDownLatch claimed = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Spool slow =
        Interposed.onSpool(
            spool(),
            (method, call) -> {
              Object result = call.proceed();
              if (method.equals("claim")) {
                claimed.countDown();
                awaitStubbornly(stopped);
              }
              return result;
            });
    List<Claim> ran = new CopyOnWriteArrayList<>();
    JobId id = spool().enqueue(Job.of("x"));
    Worker worker = Worker.on(slow).start(ran::add);
    try (worker) {
      assertTrue(claimed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS));
      worker.stop();
      stopped.countDown();
      awaitStop(worker);
      assertEquals(List.of(), ran);
      assertGivenBackUncounted(id);
    } finally {
      stopped.countDown();
    }
  }

  @Test
  default void aWorkerThatIsJustGoingToWaitStopsAtOnce() throws Exception {
    CountDownLatch looked = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Spool slow =
        Interposed.onSpool(
            spool(),
            (method, call) -> {
              if (method.equals("isOpen")) {
                looked.countDown();
                awaitStubbornly(stopped);
              }
              return call.proceed();
            });
    Worker worker = Worker.on(slow).idlePoll(LONG).shutdownGrace(GRACE).start(claim -> {});
    try (worker) {
      // RACE: the stop comes after the loop has looked for one, and before it waits for a job.
      assertTrue(looked.await(PATIENCE.toSeconds(), TimeUnit.SECONDS));
      worker.stop();
      stopped.countDown();
      awaitStop(worker);
    } finally {
      stopped.countDown();
    }
  }

  @Test
  default void aHandlerMayCloseItsWorker() throws Exception {
    CompletableFuture<Worker> self = new CompletableFuture<>();
    JobId id = spool().enqueue(Job.of("x"));
    Worker worker = worker().concurrency(2).shutdownGrace(GRACE).start(claim -> self.get().close());
    self.complete(worker);
    awaitStop(worker);
    assertEquals(Optional.empty(), state(id), "complete, for the handler returned");
  }

  @Test
  default void aListenerMayCloseItsWorker() throws Exception {
    CompletableFuture<Worker> self = new CompletableFuture<>();
    spool().enqueue(Job.of("x"));
    Worker worker =
        worker().shutdownGrace(GRACE).listener(event -> self.join().close()).start(claim -> {});
    self.complete(worker);
    awaitStop(worker);
    assertEquals(0, spool().inspector().stats().jobs(JobState.CLAIMED));
  }

  @Test
  default void aHandlerCannotWaitForItsWorker() throws Exception {
    RecordedEvents events = new RecordedEvents();
    CompletableFuture<Worker> self = new CompletableFuture<>();
    spool().enqueue(Job.of("x"));
    Worker worker = worker().listener(events).start(claim -> self.get().awaitStop());
    try (worker) {
      self.complete(worker);
      assertTrue(events.settled().reason().startsWith("java.lang.IllegalStateException"));
    }
  }

  @Test
  default void manyMayCloseAtOnceAndAgain() throws Exception {
    RecordedEvents events = new RecordedEvents();
    CountDownLatch mayEnd = new CountDownLatch(1);
    spool().enqueue(Job.of("x"));
    Worker worker = worker().listener(events).start(claim -> mayEnd.await());
    try {
      events.await(1, Claimed.class);
      List<Background<Boolean>> closers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        closers.add(close(worker));
      }
      closers.forEach(Background::awaitWaiting);
      mayEnd.countDown();
      for (Background<Boolean> closer : closers) {
        closer.result();
      }
      worker.close();
      worker.stop();
      worker.awaitStop();
      assertEquals(1, events.of(Settled.class).size());
    } finally {
      mayEnd.countDown();
    }
  }

  @Test
  default void anInterruptEndsTheWaitForAStopAndNotTheWorker() throws Exception {
    RecordedEvents events = new RecordedEvents();
    Worker worker = worker().listener(events).start(claim -> {});
    try (worker) {
      Background<Boolean> waiter =
          inBackground(
              () -> {
                worker.awaitStop();
                return true;
              });
      waiter.awaitWaiting();
      waiter.thread().interrupt();
      ExecutionException thrown = assertThrows(ExecutionException.class, waiter::result);
      assertEquals(InterruptedException.class, thrown.getCause().getClass());
      spool().enqueue(Job.of("x"));
      assertEquals(Settlement.COMPLETED, events.settled().how());
    }
  }

  @Test
  default void aWorkerWhoseSpoolIsClosedStops() throws Exception {
    Spool other = another();
    Worker worker = Worker.on(other).concurrency(2).idlePoll(LONG).start(claim -> {});
    try (worker) {
      other.close();
      awaitStop(worker);
    }
  }

  @Test
  default void aHandlerWhoseSpoolIsClosedIsInterrupted() throws Exception {
    Spool other = another();
    CountDownLatch started = new CountDownLatch(1);
    JobId id = spool().enqueue(Job.of("x"));
    Worker worker =
        Worker.on(other)
            .shutdownGrace(GRACE)
            .start(
                claim -> {
                  started.countDown();
                  new CountDownLatch(1).await();
                });
    try (worker) {
      assertTrue(started.await(PATIENCE.toSeconds(), TimeUnit.SECONDS));
      other.close();
      awaitStop(worker);
      assertGivenBackUncounted(id);
    }
  }

  @Test
  default void aHandlerThatDoesNotEndWhenItsSpoolIsClosedIsLeftBehind() throws Exception {
    Spool other = another();
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    spool().enqueue(Job.of("x"));
    Worker worker =
        Worker.on(other)
            .concurrency(2)
            .shutdownGrace(Duration.ZERO)
            .start(
                claim -> {
                  started.countDown();
                  awaitStubbornly(mayEnd);
                });
    try (worker) {
      assertTrue(started.await(PATIENCE.toSeconds(), TimeUnit.SECONDS));
      other.close();
      awaitStop(worker);
    } finally {
      mayEnd.countDown();
    }
  }

  @Test
  default void aWorkerOnAClosedSpoolStopsAtOnce() throws Exception {
    Spool other = another();
    other.close();
    awaitStop(Worker.on(other).start(claim -> {}));
  }
}
