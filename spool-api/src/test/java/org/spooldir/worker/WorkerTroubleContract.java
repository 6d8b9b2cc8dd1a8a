package org.spooldir.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.spooldir.worker.WorkerFixture.runUntil;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.JobState;
import org.spooldir.Spool;
import org.spooldir.SpoolEvent.ClaimLost;
import org.spooldir.SpoolEvent.Settled;
import org.spooldir.SpoolEvent.Settlement;
import org.spooldir.SpoolEvent.Trouble;
import org.spooldir.SpoolException;
import org.spooldir.SpoolException.InSpool;
import org.spooldir.SpoolException.Where;

/** A worker dies of nothing, and never keeps silent. */
public interface WorkerTroubleContract extends WorkerFixture {

  private static SpoolException ioError(String operation) {
    return new SpoolException(
        new Where(operation, "test", null, InSpool.YES), "Input/output error", false, null);
  }

  @Test
  default void whatIsDoneButMayNotSurviveAPowerCutIsNoLostClaim() throws Exception {
    Spool weak =
        Interposed.onClaims(
            spool(),
            (method, call) -> {
              Object result = call.proceed();
              if (method.equals("complete")) {
                throw new SpoolException(
                    new Where(method, "test", null, InSpool.UNKNOWN), "may not last", false, null);
              }
              return result;
            });
    RecordedEvents events = new RecordedEvents();
    spool().enqueue(Job.of("x"));
    runUntil(
        () -> !events.of(Settled.class).isEmpty(),
        Worker.on(weak).listener(events),
        Claim::complete);
    assertEquals(
        List.of(Settlement.COMPLETED),
        events.of(Settled.class).stream().map(Settled::how).toList());
    assertEquals(List.of(), events.of(ClaimLost.class));
  }

  @Test
  default void whateverAClaimThrowsIsReportedAndSurvived() throws Exception {
    List<Throwable> failures =
        List.of(
            ioError("claim"),
            new IllegalStateException("a bug of the engine"),
            new OutOfMemoryError("not really"));
    AtomicInteger claims = new AtomicInteger();
    Spool flaky =
        Interposed.onSpool(
            spool(),
            (method, call) -> {
              int count = method.equals("claim") ? claims.getAndIncrement() : 0;
              if (count % 2 == 1) {
                throw failures.get(count / 2 % failures.size());
              }
              return call.proceed();
            });
    RecordedEvents events = new RecordedEvents();
    spool().enqueueAll(IntStream.range(0, 6).mapToObj(i -> Job.of("job " + i)).toList());
    runUntil(
        () -> events.of(Settled.class).size() == 6, Worker.on(flaky).listener(events), claim -> {});
    assertTrue(events.of(Settled.class).stream().allMatch(s -> s.how() == Settlement.COMPLETED));
    List<Throwable> told = events.of(Trouble.class).stream().map(Trouble::cause).toList();
    assertTrue(told.containsAll(failures), told::toString);
  }

  @Test
  default void aJobIsSettledAtLastIfTheStorageRecovers() throws Exception {
    List<Throwable> failures =
        List.of(ioError("complete"), new IllegalArgumentException("bug"), new AssertionError("e"));
    AtomicInteger tries = new AtomicInteger();
    Spool flaky =
        Interposed.onClaims(
            spool(),
            (method, call) -> {
              if (method.equals("complete") && tries.get() < failures.size()) {
                throw failures.get(tries.getAndIncrement());
              }
              return call.proceed();
            });
    RecordedEvents events = new RecordedEvents();
    AtomicInteger runs = new AtomicInteger();
    JobId id = spool().enqueue(Job.of("x"));
    runUntil(
        () -> !events.of(Settled.class).isEmpty(),
        Worker.on(flaky).listener(events),
        claim -> runs.incrementAndGet());
    assertEquals(1, runs.get());
    assertEquals(new Settled(id, 1, Settlement.COMPLETED, ""), events.settled());
    assertEquals(failures, events.of(Trouble.class).stream().map(Trouble::cause).toList());
  }

  @Test
  default void aJobThatCannotBeSettledIsGivenBackUncounted() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    List<Integer> attempts = new CopyOnWriteArrayList<>();
    Spool flaky =
        Interposed.onClaims(
            spool(),
            (method, call) -> {
              if (method.equals("complete") && runs.get() == 1) {
                throw ioError("complete");
              }
              return call.proceed();
            });
    RecordedEvents events = new RecordedEvents();
    spool().enqueue(Job.of("x"));
    runUntil(
        () -> events.of(Settled.class).size() == 2,
        Worker.on(flaky).listener(events),
        claim -> {
          runs.incrementAndGet();
          attempts.add(claim.attempt());
        });
    assertEquals(
        List.of(Settlement.RELEASED, Settlement.COMPLETED),
        events.of(Settled.class).stream().map(Settled::how).toList());
    assertEquals(List.of(1, 1), attempts);
    assertEquals(5, events.of(Trouble.class).size(), "told at each try");
  }

  @Test
  default void aJobThatCannotEvenBeGivenBackDoesNotStopTheOthers() throws Exception {
    Spool other = another();
    JobId stuck = spool().enqueue(Job.of("stuck").priority(9));
    JobId next = spool().enqueue(Job.of("next"));
    AtomicInteger runs = new AtomicInteger();
    SpoolException failure = ioError("settle");
    Spool flaky =
        Interposed.onClaims(
            other,
            (method, call) -> {
              if (List.of("complete", "release", "close").contains(method) && runs.get() == 1) {
                throw failure;
              }
              return call.proceed();
            });
    RecordedEvents events = new RecordedEvents();
    runUntil(
        () -> !events.of(Settled.class).isEmpty(),
        Worker.on(flaky).listener(events),
        claim -> runs.incrementAndGet());
    assertEquals(new Settled(next, 1, Settlement.COMPLETED, ""), events.settled());
    List<Trouble> told = events.of(Trouble.class);
    assertEquals(6, told.size(), "told at each of five tries, and when it was not given back");
    told.forEach(trouble -> assertSame(failure, trouble.cause()));
    assertEquals(Optional.of(JobState.CLAIMED), state(stuck));
    other.close();
    assertEquals(Optional.of(JobState.READY), state(stuck));
  }

  @Test
  default void whateverAListenerThrowsHarmsNothing() throws Exception {
    RecordedEvents events = new RecordedEvents();
    spool().enqueueAll(List.of(Job.of("1"), Job.of("2"), Job.of("bad"), Job.of("3")));
    runUntil(
        () -> events.of(Settled.class).size() == 4,
        worker()
            .listener(
                event -> {
                  events.on(event);
                  if (events.all().size() % 2 == 0) {
                    throw new IllegalStateException("listener");
                  }
                  throw new AssertionError("listener");
                }),
        claim -> {
          if (claim.payload().text().equals("bad")) {
            throw new IllegalStateException("bad job");
          }
        });
    assertEquals(
        List.of(
            Settlement.COMPLETED, Settlement.COMPLETED, Settlement.RETRIED, Settlement.COMPLETED),
        events.of(Settled.class).stream().map(Settled::how).toList());
    assertEquals(List.of(), events.of(Trouble.class));
  }

  @Test
  default void aPauseAfterTroubleEndsWithTheWorker() throws Exception {
    Spool broken =
        Interposed.onSpool(
            spool(),
            (method, call) -> {
              if (method.equals("claim")) {
                throw ioError("claim");
              }
              return call.proceed();
            });
    RecordedEvents events = new RecordedEvents();
    Worker worker = Worker.on(broken).listener(events).shutdownGrace(GRACE).start(claim -> {});
    try (worker) {
      events.await(4, Trouble.class);
    }
    assertTrue(
        events.of(Trouble.class).get(3).what().endsWith("goes on in PT0.8S"),
        () -> "pauses grow: " + events.all());
  }
}
