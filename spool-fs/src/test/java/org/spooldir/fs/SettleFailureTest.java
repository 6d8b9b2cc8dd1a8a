package org.spooldir.fs;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.spooldir.Claim;
import org.spooldir.ClaimLostException;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.SettleContract;
import org.spooldir.SettleContract.Settle;
import org.spooldir.SpoolEvent;
import org.spooldir.SpoolException;
import org.spooldir.SpoolException.InSpool;

/** D1 to D4 when the system says no. */
class SettleFailureTest extends SpoolTest {

  private static final String STEP = "(delete cur/.*|rename cur/.*)";

  private static Claim claimNew(DirectorySpool spool) throws SpoolException {
    spool.enqueue(Job.of("x").key("k"));
    return Lab.claim(spool);
  }

  @Test
  void aClaimThatCannotBeSettledIsStillHeldAndMayBeSettledAgain() throws Exception {
    DirectorySpool spool = lab.openWorker();
    for (Settle way : SettleContract.everyWay()) {
      Claim claim = claimNew(spool);
      lab.faults.on(STEP).fails(Faults.broken());
      SpoolException thrown = assertThrows(SpoolException.class, () -> way.settle(claim));
      assertEquals(InSpool.YES, thrown.jobIn());
      assertFalse(thrown instanceof ClaimLostException);
      assertTrue(claim.isHeld());
      assertEquals(1, lab.names("cur").size());
      lab.faults.clear();
      way.settle(claim);
      assertFalse(claim.isHeld());
      assertEquals(List.of(), lab.names("cur"));
      JobId id = claim.id();
      spool.maintenance().discard(List.of(id));
    }
  }

  @Test
  void aReasonThatCannotBeNotedHarmsNoJob() throws Exception {
    DirectorySpool spool = lab.openWorker();
    lab.faults.on("append .*").fails(Faults.broken());
    claimNew(spool).retry(Duration.ZERO, "busy");
    Lab.claim(spool).reject("never");
    assertEquals(1, lab.names("failed").size());
    assertEquals(2, lab.events.stream().filter(SpoolEvent.Trouble.class::isInstance).count());
    assertTrue(
        lab.events.stream()
            .filter(SpoolEvent.Trouble.class::isInstance)
            .allMatch(event -> event.toString().matches(".*(busy|never).*")));
  }

  @Test
  void aDeadLetterThatCannotBeForcedIsOneAllTheSame() throws Exception {
    DirectorySpool spool = lab.openWorker();
    Claim claim = claimNew(spool);
    lab.faults.on("forceDirectory failed").fails(Faults.broken());
    SpoolException thrown = assertThrows(SpoolException.class, () -> claim.reject("never"));
    assertEquals(InSpool.UNKNOWN, thrown.jobIn());
    assertFalse(claim.isHeld());
    assertThrows(IllegalStateException.class, () -> claim.reject("never"));
    assertEquals(1, lab.names("failed").size());
    assertEquals(1, lab.faults.count("forceDirectory failed"));
  }

  @Test
  void atLevelFullAForceThatFailsIsTold() throws Exception {
    DirectorySpool spool = lab.openWorker(Lab.OPTIONS.durability(Durability.FULL));
    for (Settle way : SettleContract.everyWay()) {
      Claim claim = claimNew(spool);
      lab.faults.on("forceDirectory .*").fails(Faults.broken());
      assertThrows(SpoolException.class, () -> way.settle(claim));
      assertFalse(claim.isHeld());
      assertEquals(List.of(), lab.names("cur"));
      lab.faults.clear();
      spool.maintenance().discard(List.of(claim.id()));
    }
  }

  @Test
  void aKeyThatCannotBeGivenBackDoesNotBlock() throws Exception {
    DirectorySpool spool = lab.openWorker();
    Claim claim = claimNew(spool);
    lab.faults.on("delete keys/.*").fails(Faults.broken());
    assertThrows(SpoolException.class, claim::complete);
    assertFalse(claim.isHeld());
    lab.faults.clear();
    assertEquals("y", next(spool, Job.of("y").key("k")));
  }

  private static String next(DirectorySpool spool, Job job) throws Exception {
    spool.enqueue(job);
    return Lab.claim(spool).payload().text();
  }

  // ---- giving up on a claim ----

  @Test
  void whatCannotBeReleasedByClosingTheClaimIsReleasedLater() throws Exception {
    DirectorySpool spool = lab.openWorker(Lab.OPTIONS.poll(Duration.ofMillis(20)));
    Claim claim = claimNew(spool);
    lab.faults.on(STEP).nth(1).fails(Faults.broken());
    assertThrows(SpoolException.class, claim::close);
    await().until(() -> lab.names("cur").isEmpty());
    assertFalse(claim.isHeld());
    assertEquals(1, Lab.claim(spool).attempt());
  }

  @Test
  void aClaimThatCannotBeReleasedKeepsNobodyFromBeingRecovered() throws Exception {
    DirectorySpool spool = lab.openWorker(Lab.OPTIONS.poll(Duration.ofMillis(20)));
    Claim claim = claimNew(spool);
    lab.faults.on("rename cur/" + claim.id() + ".*").fails(Faults.broken());
    assertThrows(SpoolException.class, claim::close);
    String job = lab.abandonedBy("host.1.abcdefg");
    await().until(() -> lab.names("new").stream().anyMatch(name -> name.startsWith(job)));
  }

  @Test
  void aSpoolIsClosedEvenIfAClaimCannotBeReleased() throws Exception {
    DirectorySpool spool = lab.openWorker();
    spool.enqueueAll(List.of(Job.of("1"), Job.of("2")));
    Claim one = Lab.claim(spool);
    Lab.claim(spool);
    lab.faults.on("rename cur/" + one.id() + ".*").fails(Faults.broken());
    assertThrows(SpoolException.class, spool::close);
    assertFalse(spool.isOpen());
    assertEquals(1, lab.names("new").size());
    assertEquals(List.of(), lab.names("workers"));
    lab.another().open().maintenance().recover();
    assertEquals(2, lab.names("new").size());
  }
}
