package org.spooldir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Jobs for later. */
public interface ScheduleContract extends SpoolFixture {

  /** Engines keep instants to the millisecond. */
  Duration GRAIN = Duration.ofMillis(1);

  @Test
  default void aDelayedJobIsNotServed() throws Exception {
    Instant before = Instant.now();
    JobId id = spool().enqueue(Job.of("x").delay(LONG));
    Instant after = Instant.now();
    assertEquals(Optional.empty(), spool().claim());
    JobSnapshot job = spool().inspector().find(id).orElseThrow();
    assertEquals(JobState.DELAYED, job.state());
    Instant due = job.due().orElseThrow();
    assertFalse(due.isBefore(before.plus(LONG).minus(GRAIN)), () -> before + " / " + due);
    assertFalse(due.isAfter(after.plus(LONG).plus(GRAIN)), () -> due + " / " + after);
  }

  @Test
  default void aJobForAnInstantIsNotServedBefore() throws Exception {
    Instant due = Instant.parse("2999-12-31T23:59:59.123Z");
    JobId id = spool().enqueue(Job.of("x").notBefore(due));
    assertEquals(Optional.empty(), spool().claim());
    assertEquals(Optional.of(due), spool().inspector().find(id).orElseThrow().due());
  }

  @Test
  default void aDelayedJobBecomesReadyByItself() throws Exception {
    JobId id = spool().enqueue(Job.of("x").delay(Duration.ofMillis(300)));
    Instant due = spool().inspector().find(id).orElseThrow().due().orElseThrow();
    Claim claim = claimNext();
    assertEquals(id, claim.id());
    assertFalse(Instant.now().isBefore(due), "served too early");
  }

  @Test
  default void aDelayedJobBecomesReadyWhoeverAsks() throws Exception {
    JobId id = spool().enqueue(Job.of("x").delay(Duration.ofMillis(300)));
    assertEquals(id, claimNext(another()).id());
  }

  @Test
  default void noDelayIsReadyAtOnce() throws Exception {
    JobId id = spool().enqueue(Job.of("x").delay(Duration.ZERO));
    assertEquals(id, spool().claim().orElseThrow().id());
  }

  @Test
  default void anInstantInThePastIsReadyAtOnce() throws Exception {
    JobId id = spool().enqueue(Job.of("x").notBefore(Instant.EPOCH));
    assertEquals(id, claimNext().id());
  }

  @Test
  default void theLastWordOnTimeCounts() throws Exception {
    JobId id = spool().enqueue(Job.of("x").delay(LONG).notBefore(Instant.EPOCH));
    assertEquals(id, claimNext().id());
    spool().enqueue(Job.of("x").notBefore(Instant.EPOCH).delay(LONG));
    assertEquals(Optional.empty(), spool().claim());
  }

  @Test
  default void aDelayedJobKeepsItsPriority() throws Exception {
    JobId late = spool().enqueue(Job.of("late").priority(9).delay(LONG));
    spool().enqueue(Job.of("early").priority(8));
    spool().maintenance().retryNow(List.of(late));
    assertEquals(List.of("late", "early"), drain(spool()));
  }

  @Test
  default void aDelayedJobDoesNotHoldUpOthers() throws Exception {
    spool().enqueue(Job.of("later").priority(9).delay(LONG));
    spool().enqueue(Job.of("now").priority(0));
    assertEquals(List.of("now"), drain(spool()));
    assertTrue(spool().inspector().stats().nextDue().isPresent());
  }
}
