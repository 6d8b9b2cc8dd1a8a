package org.spooldir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.spooldir.SpoolFixture.inBackground;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.spooldir.SettleContract.Settle;

/** Closing a spool: what is held goes back, and nothing goes on. */
public interface CloseContract extends SpoolFixture {

  @Test
  default void closingGivesBackWhatIsHeldAndCountsNothing() throws Exception {
    Spool other = another();
    JobId first = spool().enqueue(Job.of("1"));
    JobId second = spool().enqueue(Job.of("2"));
    Claim one = claimNext(other);
    Claim two = claimNext(other);
    other.close();
    assertFalse(one.isHeld());
    assertFalse(two.isHeld());
    assertEquals(Optional.of(JobState.READY), state(first));
    assertEquals(Optional.of(JobState.READY), state(second));
    assertEquals(1, claimNext().attempt());
    assertEquals(1, claimNext().attempt());
  }

  @Test
  default void jobsOutliveASpool() throws Exception {
    Spool other = another();
    JobId ready = other.enqueue(Job.of("ready"));
    JobId delayed = other.enqueue(Job.of("delayed").delay(LONG));
    other.close();
    assertEquals(Optional.of(JobState.READY), state(ready));
    assertEquals(Optional.of(JobState.DELAYED), state(delayed));
  }

  @Test
  default void nothingGoesOnAfterClosing() throws Exception {
    Spool other = another();
    assertTrue(other.isOpen());
    other.close();
    assertFalse(other.isOpen());
    List<Executable> calls =
        List.of(
            () -> other.enqueue(Job.of("x")),
            () -> other.enqueueAll(List.of(Job.of("x"))),
            other::claim,
            () -> other.claim(Duration.ZERO),
            other::inspector,
            other::maintenance);
    for (Executable call : calls) {
      assertThrows(IllegalStateException.class, call);
    }
    assertEquals(Optional.empty(), spool().claim());
  }

  @Test
  default void nothingIsSettledAfterClosing() throws Exception {
    for (Settle way : SettleContract.everyWay()) {
      Spool other = another();
      JobId id = spool().enqueue(Job.of("x"));
      Claim claim = claimNext(other);
      other.close();
      assertThrows(IllegalStateException.class, () -> way.settle(claim));
      claim.close();
      assertEquals(Optional.of(JobState.READY), state(id));
      drain(spool());
    }
  }

  @Test
  default void closingAgainDoesNothing() throws Exception {
    Spool other = another();
    spool().enqueue(Job.of("x"));
    claimNext(other);
    other.close();
    Claim successor = claimNext();
    other.close();
    assertTrue(successor.isHeld());
    successor.complete();
  }

  @Test
  default void closingEndsAWait() throws Exception {
    Spool other = another();
    Background<Optional<Claim>> waiter = inBackground(() -> other.claim(LONG));
    waiter.awaitWaiting();
    other.close();
    assertEquals(Optional.empty(), waiter.result());
  }

  @Test
  default void closingHarmsNoOtherInstance() throws Exception {
    Spool other = another();
    spool().enqueue(Job.of("x"));
    Claim claim = claimNext();
    Background<Optional<Claim>> waiter = inBackground(() -> spool().claim(LONG));
    waiter.awaitWaiting();
    other.close();
    assertTrue(claim.isHeld());
    claim.complete();
    spool().enqueue(Job.of("y"));
    assertTrue(waiter.result().isPresent());
  }

  @Test
  default void anInterruptedThreadMayClose() throws Exception {
    Spool other = another();
    JobId id = spool().enqueue(Job.of("x"));
    claimNext(other);
    Thread.currentThread().interrupt();
    try {
      other.close();
      assertTrue(Thread.currentThread().isInterrupted());
    } finally {
      Thread.interrupted();
    }
    assertEquals(Optional.of(JobState.READY), state(id));
  }
}
