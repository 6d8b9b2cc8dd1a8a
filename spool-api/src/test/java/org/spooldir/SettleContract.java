package org.spooldir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.spooldir.SpoolFixture.inBackground;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The four ways to settle a claim, and what is left of the job after each. */
public interface SettleContract extends SpoolFixture {

  /** One way to settle a claim. */
  @FunctionalInterface
  interface Settle {
    void settle(Claim claim) throws SpoolException;
  }

  /** Every way to settle a claim. */
  static List<Settle> everyWay() {
    return List.of(
        Claim::complete,
        claim -> claim.retry(Duration.ZERO, "busy"),
        claim -> claim.retry(LONG, "busy"),
        Claim::release,
        claim -> claim.release(LONG),
        claim -> claim.reject("never"));
  }

  @Test
  default void aCompleteJobIsGone() throws Exception {
    JobId id = spool().enqueue(Job.of("x"));
    Claim claim = claimNext();
    claim.complete();
    assertFalse(claim.isHeld());
    assertEquals(Optional.empty(), state(id));
    assertEquals(Optional.empty(), spool().inspector().read(id));
    assertEquals(Optional.empty(), spool().claim());
  }

  @Test
  default void aCompleteJobIsDoneWhereDoneJobsAreKept() throws Exception {
    JobId id = retaining().enqueue(Job.of("x").attribute("a", "b"));
    claimNext(retaining()).complete();
    JobRecord done = retaining().inspector().read(id).orElseThrow();
    assertEquals(JobState.DONE, done.snapshot().state());
    assertEquals("x", done.payload().text());
    assertEquals("b", done.attributes().get("a"));
    assertEquals(Optional.empty(), retaining().claim());
  }

  @Test
  default void aRetriedJobBacksOffAndTheReasonIsKept() throws Exception {
    JobId id = spool().enqueue(Job.of("x"));
    Claim claim = claimNext();
    String worker = spool().inspector().find(id).flatMap(JobSnapshot::worker).orElseThrow();
    claim.retry(LONG, "connection refused");
    assertFalse(claim.isHeld());
    assertEquals(Optional.empty(), spool().claim());
    JobRecord job = read(id);
    assertEquals(JobState.DELAYED, job.snapshot().state());
    assertEquals(1, job.snapshot().attempts());
    assertTrue(job.snapshot().due().isPresent());
    assertEquals(Optional.empty(), job.snapshot().worker());
    assertEquals(1, job.failures().size());
    Failure failure = job.failures().get(0);
    assertEquals(1, failure.attempt());
    assertEquals(worker, failure.worker());
    assertEquals("connection refused", failure.reason());
  }

  @Test
  default void aRetriedJobComesBackAsTheNextAttempt() throws Exception {
    JobId id = spool().enqueue(Job.of("x"));
    claimNext().retry(Duration.ZERO, "first");
    claimNext().retry(Duration.ofMillis(50), "second");
    Claim third = claimNext();
    assertEquals(id, third.id());
    assertEquals(3, third.attempt());
    assertEquals(
        List.of("1 first", "2 second"),
        read(id).failures().stream().map(f -> f.attempt() + " " + f.reason()).toList());
  }

  @Test
  default void aReleasedJobIsReadyAndNothingIsCounted() throws Exception {
    JobId id = spool().enqueue(Job.of("x"));
    Claim claim = claimNext();
    claim.release();
    assertFalse(claim.isHeld());
    JobRecord job = read(id);
    assertEquals(JobState.READY, job.snapshot().state());
    assertEquals(0, job.snapshot().attempts());
    assertEquals(List.of(), job.failures());
    assertEquals(1, claimNext().attempt());
  }

  @Test
  default void aReleasedJobMayWait() throws Exception {
    JobId id = spool().enqueue(Job.of("x"));
    claimNext().retry(Duration.ZERO, "counted");
    claimNext().release(LONG);
    assertEquals(Optional.empty(), spool().claim());
    JobSnapshot job = spool().inspector().find(id).orElseThrow();
    assertEquals(JobState.DELAYED, job.state());
    assertEquals(1, job.attempts());
    spool().maintenance().retryNow(List.of(id));
    assertEquals(2, claimNext().attempt());
  }

  @Test
  default void aRejectedJobIsADeadLetterWithItsReason() throws Exception {
    JobId id = spool().enqueue(Job.of("x").attribute("a", "b"));
    Claim claim = claimNext();
    claim.reject("not a picture");
    assertFalse(claim.isHeld());
    assertEquals(Optional.empty(), spool().claim());
    JobRecord job = read(id);
    assertEquals(JobState.FAILED, job.snapshot().state());
    assertEquals(1, job.snapshot().attempts());
    assertEquals("not a picture", job.failures().get(0).reason());
    assertEquals("x", job.payload().text());
    assertEquals("b", job.attributes().get("a"));
  }

  @Test
  default void noReasonIsOneToo() throws Exception {
    JobId retried = spool().enqueue(Job.of("x"));
    claimNext().retry(LONG, null);
    JobId rejected = spool().enqueue(Job.of("y"));
    claimNext().reject(null);
    assertEquals(Optional.of(JobState.DELAYED), state(retried));
    assertEquals(Optional.of(JobState.FAILED), state(rejected));
  }

  @Test
  default void closingReleasesWhatIsHeld() throws Exception {
    JobId id = spool().enqueue(Job.of("x"));
    try (Claim claim = claimNext()) {
      assertEquals(id, claim.id());
    }
    assertEquals(Optional.of(JobState.READY), state(id));
    assertEquals(1, claimNext().attempt());
  }

  @Test
  default void closingDoesNothingToWhatIsSettled() throws Exception {
    for (Settle way : everyWay()) {
      JobId id = spool().enqueue(Job.of("x"));
      Optional<JobState> settled;
      try (Claim claim = claimNext()) {
        way.settle(claim);
        settled = state(id);
      }
      assertEquals(settled, state(id));
      spool().maintenance().discard(List.of(id));
    }
  }

  @Test
  default void nothingIsSettledTwice() throws Exception {
    for (Settle first : everyWay()) {
      for (Settle second : everyWay()) {
        JobId id = spool().enqueue(Job.of("x"));
        Claim claim = claimNext();
        first.settle(claim);
        Optional<JobState> settled = state(id);
        assertThrows(IllegalStateException.class, () -> second.settle(claim));
        assertEquals(settled, state(id));
        spool().maintenance().discard(List.of(id));
      }
    }
  }

  @Test
  default void ofManyWhoSettleAtOnceOneWins() throws Exception {
    for (int round = 0; round < 10; round++) {
      JobId id = spool().enqueue(Job.of("x"));
      Claim claim = claimNext();
      List<Settle> ways = everyWay();
      CyclicBarrier start = new CyclicBarrier(ways.size());
      List<Background<Boolean>> racers = new ArrayList<>();
      for (Settle way : ways) {
        racers.add(
            inBackground(
                () -> {
                  start.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                  way.settle(claim);
                  return true;
                }));
      }
      int winners = 0;
      for (Background<Boolean> racer : racers) {
        try {
          racer.result();
          winners++;
        } catch (ExecutionException lost) {
          assertEquals(IllegalStateException.class, lost.getCause().getClass());
        }
      }
      assertEquals(1, winners);
      spool().maintenance().discard(List.of(id));
      assertEquals(Optional.empty(), state(id));
    }
  }

  @Test
  default void anInterruptedThreadMaySettle() throws Exception {
    for (Settle way : everyWay()) {
      JobId id = spool().enqueue(Job.of("x"));
      Claim claim = claimNext();
      Thread.currentThread().interrupt();
      try {
        way.settle(claim);
        assertTrue(Thread.currentThread().isInterrupted());
      } finally {
        Thread.interrupted();
      }
      assertFalse(claim.isHeld());
      spool().maintenance().discard(List.of(id));
    }
  }

  @Test
  default void everyTextIsAReason() throws Exception {
    List<String> reasons =
        List.of(
            "",
            "two\nlines\r\n",
            "{\"json\": \"\\u0041\"}",
            "\u0000\u001b[31mred\u007f\u2028",
            "Größe \u65e5\u672c\u8a9e \ud83d\ude00");
    JobId id = spool().enqueue(Job.of("x"));
    for (String reason : reasons) {
      claimNext().retry(Duration.ZERO, reason);
    }
    assertEquals(reasons, read(id).failures().stream().map(Failure::reason).toList());
  }

  @Test
  default void aLongReasonIsCut() throws Exception {
    JobId id = spool().enqueue(Job.of("x"));
    claimNext().retry(Duration.ZERO, "r".repeat(4096));
    claimNext().retry(Duration.ZERO, "s".repeat(5000));
    claimNext().reject("t".repeat(1_000_000));
    assertEquals(
        List.of("r".repeat(4096), "s".repeat(4096), "t".repeat(4096)),
        read(id).failures().stream().map(Failure::reason).toList());
  }
}
