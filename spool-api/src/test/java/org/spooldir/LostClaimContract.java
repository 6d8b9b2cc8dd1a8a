package org.spooldir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.spooldir.SpoolFixture.eventually;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.spooldir.SettleContract.Settle;

/**
 * Workers that were believed dead: their jobs come back, and they can harm nobody when they wake
 * up.
 */
public interface LostClaimContract extends SpoolFixture {

  @Test
  default void theJobsOfADeadWorkerComeBackAndTheAttemptCounts() throws Exception {
    JobId first = spool().enqueue(Job.of("1"));
    JobId second = spool().enqueue(Job.of("2"));
    claimNext();
    claimNext();
    Spool other = another();
    recoverFrom(spool(), other, first, second);
    assertEquals(1, other.inspector().find(first).orElseThrow().attempts());
    Claim successor = claimNext(other);
    assertEquals(first, successor.id());
    assertEquals(2, successor.attempt());
    assertEquals(2, claimNext(other).attempt());
    assertEquals(List.of(), other.inspector().read(first).orElseThrow().failures());
  }

  @Test
  default void theJobsOfADeadWorkerComeBackByThemselves() throws Exception {
    JobId id = spool().enqueue(Job.of("x"));
    claimNext();
    Spool other = another();
    declareDead(spool());
    Claim successor = claimNext(other);
    assertEquals(id, successor.id());
    assertEquals(2, successor.attempt());
  }

  @Test
  default void theJobsOfLivingWorkersStay() throws Exception {
    JobId id = spool().enqueue(Job.of("x"));
    Claim claim = claimNext();
    Spool other = another();
    RecoveryReport report = other.maintenance().recover();
    assertEquals(0, report.recovered());
    assertEquals(List.of(), report.deadWorkers());
    assertEquals(Optional.of(JobState.CLAIMED), state(id));
    claim.complete();
  }

  @Test
  default void aLateWorkerCannotHarmItsSuccessor() throws Exception {
    for (Settle way : SettleContract.everyWay()) {
      Spool late = another();
      Spool other = another();
      JobId id = spool().enqueue(Job.of("payload"));
      Claim lost = claimNext(late);
      recoverFrom(late, other, id);
      Claim successor = claimNext(other);

      ClaimLostException thrown = assertThrows(ClaimLostException.class, () -> way.settle(lost));
      assertFalse(thrown.mayRetry());
      assertFalse(lost.isHeld());
      lost.close();

      assertTrue(successor.isHeld());
      assertEquals(Optional.of(JobState.CLAIMED), state(id));
      assertEquals(List.of(), read(id).failures());
      assertEquals("payload", successor.payload().text());
      successor.complete();
      assertEquals(Optional.empty(), state(id));
    }
  }

  @Test
  default void aLateWorkerCannotHarmAJobThatNobodyHas() throws Exception {
    for (Settle way : SettleContract.everyWay()) {
      Spool late = another();
      JobId id = spool().enqueue(Job.of("x"));
      Claim lost = claimNext(late);
      recoverFrom(late, spool(), id);
      assertThrows(ClaimLostException.class, () -> way.settle(lost));
      assertEquals(Optional.of(JobState.READY), state(id));
      assertEquals(List.of("x"), drain(spool()));
    }
  }

  @Test
  default void aLateWorkerCannotHarmItselfEither() throws Exception {
    JobId id = spool().enqueue(Job.of("x"));
    Claim lost = claimNext();
    recoverFrom(spool(), another(), id);
    assertThrows(ClaimLostException.class, lost::release); // now the process knows
    Claim successor = claimNext();
    assertThrows(ClaimLostException.class, lost::complete);
    assertTrue(successor.isHeld());
    successor.complete();
    assertEquals(Optional.empty(), state(id));
  }

  @Test
  default void aHolderHearsThatHisClaimIsLost() throws Exception {
    JobId id = spool().enqueue(Job.of("x"));
    Claim lost = claimNext();
    recoverFrom(spool(), another(), id);
    eventually().until(() -> !lost.isHeld());
  }

  @Test
  default void closingALostClaimDoesNothing() throws Exception {
    JobId id = spool().enqueue(Job.of("x"));
    Claim lost = claimNext();
    Spool other = another();
    recoverFrom(spool(), other, id);
    Claim successor = claimNext(other);
    lost.close();
    assertTrue(successor.isHeld());
    assertEquals(Optional.of(JobState.CLAIMED), state(id));
  }

  @Test
  default void closingALateSpoolHarmsNobody() throws Exception {
    Spool late = another();
    JobId id = spool().enqueue(Job.of("x"));
    claimNext(late);
    recoverFrom(late, spool(), id);
    Claim successor = claimNext();
    late.close();
    assertEquals(Optional.of(JobState.CLAIMED), state(id));
    successor.complete();
    assertEquals(Optional.empty(), state(id));
  }

  @Test
  default void aProcessThatWasBelievedDeadGoesOn() throws Exception {
    JobId id = spool().enqueue(Job.of("first"));
    Claim lost = claimNext();
    Spool other = another();
    recoverFrom(spool(), other, id);
    claimNext(other).complete();
    assertThrows(ClaimLostException.class, lost::complete);
    spool().enqueue(Job.of("second"));
    Claim claim = claimNext();
    assertEquals("second", claim.payload().text());
    other.maintenance().recover();
    assertTrue(claim.isHeld());
    claim.complete();
  }
}
