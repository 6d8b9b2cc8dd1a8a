package org.spooldir;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.spooldir.SpoolFixture.inBackground;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Claiming: one job in one worker's hands, in order, and waiting for it. */
public interface ClaimContract extends SpoolFixture {

  @Test
  default void anEmptySpoolGivesNothing() throws Exception {
    assertEquals(Optional.empty(), spool().claim());
  }

  @Test
  default void aClaimTellsAllOfItsJob() throws Exception {
    Instant before = Instant.now();
    JobId id = spool().enqueue(Job.of("payload").attribute("size", "128").priority(7));
    Claim claim = spool().claim().orElseThrow();
    assertEquals(id, claim.id());
    assertEquals(1, claim.attempt());
    assertEquals(7, claim.priority());
    assertEquals(Map.of("size", "128"), claim.attributes());
    assertEquals("payload", claim.payload().text());
    assertTrue(claim.isHeld());
    // An hour either way: engines read the clock in their own ways, but it is this time.
    Duration age = Duration.between(before, claim.enqueuedAt().orElseThrow());
    assertTrue(age.abs().compareTo(LONG) < 0, () -> "enqueued " + age + " after the test began");
  }

  @Test
  default void aPlainJobHasTheUsualPriority() throws Exception {
    spool().enqueue(Job.of("x"));
    assertEquals(Job.DEFAULT_PRIORITY, claimNext().priority());
  }

  @Test
  default void aClaimedJobIsNotServedAgain() throws Exception {
    spool().enqueue(Job.of("x"));
    claimNext();
    assertEquals(Optional.empty(), spool().claim());
    assertEquals(Optional.empty(), another().claim());
  }

  @Test
  default void thePayloadCanBeOpenedAgainAndAgain() throws Exception {
    byte[] bytes = {1, 2, 3};
    spool().enqueue(Job.of(bytes).attribute("a", "b"));
    Payload payload = claimNext().payload();
    assertArrayEquals(bytes, payload.bytes());
    try (var first = payload.open();
        var second = payload.open()) {
      assertArrayEquals(bytes, first.readAllBytes());
      assertArrayEquals(bytes, second.readAllBytes());
    }
    assertEquals(3, payload.size().orElseThrow());
  }

  @Test
  default void higherPrioritiesComeFirst() throws Exception {
    for (int priority : new int[] {3, 9, 0, 5, 1, 8, 2, 7, 4, 6}) {
      spool().enqueue(Job.of("priority " + priority).priority(priority));
    }
    List<String> expected =
        IntStream.rangeClosed(0, 9).mapToObj(i -> "priority " + (9 - i)).toList();
    assertEquals(expected, drain(spool()));
  }

  @Test
  default void oneProducersJobsComeInItsOrder() throws Exception {
    List<String> expected = IntStream.range(0, 200).mapToObj(i -> "job " + i).toList();
    for (String text : expected) {
      spool().enqueue(Job.of(text));
    }
    assertEquals(expected, drain(spool()));
  }

  @Test
  default void aWaitTakesWhatIsReady() throws Exception {
    JobId id = spool().enqueue(Job.of("x"));
    assertEquals(id, spool().claim(LONG).orElseThrow().id());
  }

  @Test
  default void aWaitEndsWhenAJobArrives() throws Exception {
    Background<Optional<Claim>> waiter = inBackground(() -> spool().claim(LONG));
    waiter.awaitWaiting();
    JobId id = spool().enqueue(Job.of("x"));
    assertEquals(id, waiter.result().orElseThrow().id());
  }

  @Test
  default void aWaitEndsWhenAnotherProcessBringsAJob() throws Exception {
    Background<Optional<Claim>> waiter = inBackground(() -> spool().claim(LONG));
    waiter.awaitWaiting();
    JobId id = another().enqueue(Job.of("x"));
    assertEquals(id, waiter.result().orElseThrow().id());
  }

  @Test
  default void aWaitEndsWhenAJobComesBack() throws Exception {
    JobId id = spool().enqueue(Job.of("x"));
    Claim claim = claimNext();
    Background<Optional<Claim>> waiter = inBackground(() -> spool().claim(LONG));
    waiter.awaitWaiting();
    claim.release();
    assertEquals(id, waiter.result().orElseThrow().id());
  }

  @Test
  default void everyWaiterGetsItsJob() throws Exception {
    List<Background<Optional<Claim>>> waiters = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      waiters.add(inBackground(() -> spool().claim(LONG)));
    }
    waiters.forEach(Background::awaitWaiting);
    spool().enqueueAll(List.of(Job.of("1"), Job.of("2"), Job.of("3")));
    for (Background<Optional<Claim>> waiter : waiters) {
      assertTrue(waiter.result().isPresent());
    }
  }

  @Test
  default void aWaitMayBeAsLongAsDurationsGo() throws Exception {
    Background<Optional<Claim>> waiter =
        inBackground(() -> spool().claim(Duration.ofSeconds(Long.MAX_VALUE)));
    waiter.awaitWaiting();
    spool().enqueue(Job.of("x"));
    assertTrue(waiter.result().isPresent());
  }

  @Test
  default void aWaitIsOverInTime() throws Exception {
    long before = System.nanoTime();
    assertEquals(Optional.empty(), spool().claim(Duration.ofMillis(200)));
    Duration waited = Duration.ofNanos(System.nanoTime() - before);
    assertTrue(waited.toMillis() >= 150, () -> "gave up after " + waited);
  }

  @Test
  default void noWaitIsNoWait() throws Exception {
    assertEquals(Optional.empty(), spool().claim(Duration.ZERO));
    spool().enqueue(Job.of("x"));
    assertTrue(spool().claim(Duration.ZERO).isPresent());
  }

  @Test
  default void anInterruptEndsAWaitAndClaimsNothing() throws Exception {
    Background<Optional<Claim>> waiter = inBackground(() -> spool().claim(LONG));
    waiter.awaitWaiting();
    waiter.thread().interrupt();
    ExecutionException thrown = assertThrows(ExecutionException.class, waiter::result);
    assertInstanceOf(InterruptedException.class, thrown.getCause());
    JobId id = spool().enqueue(Job.of("x"));
    assertEquals(id, spool().claim().orElseThrow().id());
  }

  @Test
  default void anInterruptedThreadMayClaimWithoutWaiting() throws Exception {
    spool().enqueue(Job.of("x").attribute("a", "b"));
    Thread.currentThread().interrupt();
    try {
      Claim claim = spool().claim().orElseThrow();
      assertEquals("x", claim.payload().text());
      assertTrue(Thread.currentThread().isInterrupted());
    } finally {
      Thread.interrupted();
    }
  }

  @Test
  default void interruptsLoseNoJob() throws Exception {
    int jobs = 100;
    Background<Integer> claimer =
        inBackground(
            () -> {
              int done = 0;
              while (done < jobs) {
                try {
                  Optional<Claim> claim = spool().claim(LONG);
                  claim.orElseThrow().complete();
                  done++;
                } catch (InterruptedException expected) {
                  // That is what the other thread is for; nothing was claimed.
                }
              }
              return done;
            });
    for (int i = 0; i < jobs; i++) {
      spool().enqueue(Job.of("job " + i));
      claimer.thread().interrupt();
    }
    assertEquals(jobs, claimer.result());
    SpoolStats stats = spool().inspector().stats();
    assertEquals(0, stats.jobs(JobState.CLAIMED));
    assertEquals(0, stats.jobs(JobState.READY));
    assertEquals(0, stats.jobs(JobState.FAILED));
  }

  @Test
  default void manyWorkersServeEachJobOnce() throws Exception {
    Set<JobId> expected =
        Set.copyOf(
            spool().enqueueAll(IntStream.range(0, 200).mapToObj(i -> Job.of("job " + i)).toList()));
    Set<JobId> served = ConcurrentHashMap.newKeySet();
    List<Background<Integer>> workers = new ArrayList<>();
    for (int w = 0; w < 4; w++) {
      Spool spool = w % 2 == 0 ? spool() : another();
      workers.add(
          inBackground(
              () -> {
                int mine = 0;
                Optional<Claim> next = spool.claim();
                while (next.isPresent()) {
                  assertTrue(served.add(next.get().id()), "served twice");
                  next.get().complete();
                  mine++;
                  next = spool.claim();
                }
                return mine;
              }));
    }
    int sum = 0;
    for (Background<Integer> worker : workers) {
      sum += worker.result();
    }
    // A worker that only lost races may give up early; the jobs it did not get are still there.
    sum += drain(spool()).size();
    assertEquals(expected.size(), sum);
    assertTrue(expected.containsAll(served));
    assertFalse(spool().claim().isPresent());
  }
}
