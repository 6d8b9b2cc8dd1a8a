package org.spooldir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.spooldir.SpoolFixture.eventually;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Moving jobs along: each operation moves what it applies to, and reports the rest. */
public interface MaintenanceContract extends SpoolFixture {

  /** Purges without mercy until this job is gone: an engine's clock may tick coarsely. */
  static void purgeUntilGone(Spool spool, JobState state, JobId id) {
    eventually()
        .until(
            () -> {
              spool.maintenance().purge(state, Duration.ZERO);
              return spool.inspector().find(id).isEmpty();
            });
  }

  private static void assertChanged(MaintenanceReport report, JobId... ids) {
    assertEquals(new MaintenanceReport(List.of(ids), List.of()), report);
  }

  private static void assertMissing(MaintenanceReport report, JobId... ids) {
    assertEquals(new MaintenanceReport(List.of(), List.of(ids)), report);
  }

  private SpoolMaintenance maintenance() throws Exception {
    return spool().maintenance();
  }

  @Test
  default void aHeldJobIsNotServedUntilItIsLetGo() throws Exception {
    JobId id = spool().enqueue(Job.of("x").priority(9));
    spool().enqueue(Job.of("y"));
    assertChanged(maintenance().hold(List.of(id)), id);
    assertEquals(Optional.of(JobState.HELD), state(id));
    assertEquals(List.of("y"), drain(spool()));
    assertChanged(maintenance().unhold(List.of(id)), id);
    assertEquals(Optional.of(JobState.READY), state(id));
    assertEquals(List.of("x"), drain(spool()));
  }

  @Test
  default void aHeldJobWhoseTimeHasNotComeGoesOnWaiting() throws Exception {
    JobId id = spool().enqueue(Job.of("x").delay(LONG));
    Optional<Instant> due = spool().inspector().find(id).orElseThrow().due();
    assertChanged(maintenance().hold(List.of(id)), id);
    assertEquals(Optional.of(JobState.HELD), state(id));
    assertChanged(maintenance().unhold(List.of(id)), id);
    assertEquals(Optional.of(JobState.DELAYED), state(id));
    assertEquals(due, spool().inspector().find(id).orElseThrow().due());
  }

  @Test
  default void aHeldJobWhoseTimeHasComeIsReady() throws Exception {
    Instant due = Instant.now().plusMillis(500);
    JobId id = spool().enqueue(Job.of("x").notBefore(due));
    maintenance().hold(List.of(id));
    eventually().until(() -> Instant.now().isAfter(due));
    assertEquals(Optional.empty(), spool().claim());
    assertChanged(maintenance().unhold(List.of(id)), id);
    assertEquals(id, claimNext().id());
  }

  @Test
  default void aHeldJobKeepsItsAttempts() throws Exception {
    JobId id = spool().enqueue(Job.of("x"));
    claimNext().retry(LONG, "busy");
    maintenance().hold(List.of(id));
    assertEquals(1, spool().inspector().find(id).orElseThrow().attempts());
    maintenance().unhold(List.of(id));
    maintenance().retryNow(List.of(id));
    assertEquals(2, claimNext().attempt());
  }

  @Test
  default void aRequeuedJobHasAllItsAttemptsBeforeItAndItsFailuresOnRecord() throws Exception {
    JobId id = spool().enqueue(Job.of("x"));
    claimNext().retry(Duration.ZERO, "first");
    claimNext().reject("second");
    assertChanged(maintenance().requeue(List.of(id)), id);
    JobRecord job = read(id);
    assertEquals(JobState.READY, job.snapshot().state());
    assertEquals(0, job.snapshot().attempts());
    Claim claim = claimNext();
    assertEquals(1, claim.attempt());
    claim.retry(LONG, "third");
    assertEquals(
        List.of("first", "second", "third"),
        read(id).failures().stream().map(Failure::reason).toList());
  }

  @Test
  default void aDoneJobCanBeRequeued() throws Exception {
    JobId id = retaining().enqueue(Job.of("x"));
    claimNext(retaining()).complete();
    assertChanged(retaining().maintenance().requeue(List.of(id)), id);
    Claim claim = claimNext(retaining());
    assertEquals(id, claim.id());
    assertEquals(1, claim.attempt());
  }

  @Test
  default void aDelayedJobCanBeHurried() throws Exception {
    JobId id = spool().enqueue(Job.of("x").delay(LONG));
    assertChanged(maintenance().retryNow(List.of(id)), id);
    assertEquals(Optional.of(JobState.READY), state(id));
    assertEquals(id, spool().claim().orElseThrow().id());
  }

  @Test
  default void aDiscardedJobIsGone() throws Exception {
    JobId ready = spool().enqueue(Job.of("ready"));
    JobId delayed = spool().enqueue(Job.of("delayed").delay(LONG));
    JobId held = spool().enqueue(Job.of("held"));
    maintenance().hold(List.of(held));
    JobId failed = spool().enqueue(Job.of("failed").priority(9));
    claimNext().reject("never");
    List<JobId> all = List.of(ready, delayed, held, failed);
    assertEquals(new MaintenanceReport(all, List.of()), maintenance().discard(all));
    for (JobId id : all) {
      assertEquals(Optional.empty(), state(id));
    }
    assertEquals(Optional.empty(), spool().claim());
    JobId done = retaining().enqueue(Job.of("done"));
    claimNext(retaining()).complete();
    assertChanged(retaining().maintenance().discard(List.of(done)), done);
    assertEquals(Optional.empty(), retaining().inspector().find(done));
  }

  @Test
  default void whatHasLeftTheStatesThatAreToBeDiscardedStays() throws Exception {
    JobId delayed = spool().enqueue(Job.of("x").delay(Duration.ofDays(1)));
    maintenance().retryNow(List.of(delayed));
    assertMissing(maintenance().discard(List.of(delayed), Set.of(JobState.DELAYED)), delayed);
    assertChanged(
        maintenance().discard(List.of(delayed), Set.of(JobState.DELAYED, JobState.READY)), delayed);
    assertThrows(
        IllegalArgumentException.class,
        () -> maintenance().discard(List.of(delayed), Set.of(JobState.CLAIMED)));
  }

  @Test
  default void whatWasFailedAndIsDoneByNowIsNotRequeued() throws Exception {
    JobId id = retaining().enqueue(Job.of("x"));
    claimNext(retaining()).reject("never");
    SpoolMaintenance maintenance = retaining().maintenance();
    assertChanged(maintenance.requeue(List.of(id), Set.of(JobState.FAILED)), id);
    claimNext(retaining()).complete();
    assertMissing(maintenance.requeue(List.of(id), Set.of(JobState.FAILED)), id);
    assertEquals(Optional.empty(), retaining().claim());
    assertThrows(
        IllegalArgumentException.class,
        () -> maintenance.requeue(List.of(id), Set.of(JobState.HELD)));
  }

  @Test
  default void aPurgeDeletesWhatIsOldEnough() throws Exception {
    JobId failed = spool().enqueue(Job.of("x"));
    claimNext().reject("never");
    JobId ready = spool().enqueue(Job.of("y"));
    assertEquals(0, maintenance().purge(JobState.FAILED, LONG));
    assertEquals(0, maintenance().purge(JobState.FAILED, Duration.ofSeconds(Long.MAX_VALUE)));
    assertEquals(Optional.of(JobState.FAILED), state(failed));
    purgeUntilGone(spool(), JobState.FAILED, failed);
    assertEquals(Optional.empty(), state(failed));
    assertEquals(Optional.of(JobState.READY), state(ready));
  }

  @Test
  default void aPurgeOfTheDoneLeavesTheFailed() throws Exception {
    JobId done = retaining().enqueue(Job.of("x"));
    claimNext(retaining()).complete();
    JobId failed = retaining().enqueue(Job.of("y"));
    claimNext(retaining()).reject("never");
    purgeUntilGone(retaining(), JobState.DONE, done);
    assertTrue(retaining().inspector().find(failed).isPresent());
  }

  @Test
  default void whatAPurgeWouldDeleteCanBeSeenBefore() throws Exception {
    JobId failed = spool().enqueue(Job.of("x"));
    claimNext().reject("never");
    spool().enqueue(Job.of("y"));
    eventually().until(() -> purgeable(Duration.ZERO).equals(List.of(failed)));
    assertEquals(List.of(), purgeable(LONG));
    assertEquals(Optional.of(JobState.FAILED), state(failed));
  }

  private List<JobId> purgeable(Duration olderThan) throws Exception {
    try (Stream<JobSnapshot> jobs = maintenance().purgeable(JobState.FAILED, olderThan)) {
      return jobs.map(JobSnapshot::id).toList();
    }
  }

  @Test
  default void onlyTheFailedAndTheDoneCanBePurged() throws Exception {
    for (JobState state :
        List.of(JobState.READY, JobState.CLAIMED, JobState.DELAYED, JobState.HELD)) {
      assertThrows(IllegalArgumentException.class, () -> maintenance().purge(state, Duration.ZERO));
      assertThrows(
          IllegalArgumentException.class, () -> maintenance().purgeable(state, Duration.ZERO));
    }
  }

  @Test
  default void whatIsNotThereIsReportedMissing() throws Exception {
    JobId there = spool().enqueue(Job.of("x"));
    JobId missing = new JobId("no-such-job");
    assertEquals(
        new MaintenanceReport(List.of(there), List.of(missing)),
        maintenance().hold(List.of(missing, there)));
    assertMissing(maintenance().unhold(List.of(missing)), missing);
    assertMissing(maintenance().requeue(List.of(missing)), missing);
    assertMissing(maintenance().retryNow(List.of(missing)), missing);
    assertMissing(maintenance().discard(List.of(missing)), missing);
    assertChanged(maintenance().discard(List.of()));
  }

  @Test
  default void whatAnOperationDoesNotApplyToIsReportedMissing() throws Exception {
    JobId ready = spool().enqueue(Job.of("ready"));
    assertMissing(maintenance().unhold(List.of(ready)), ready);
    assertMissing(maintenance().requeue(List.of(ready)), ready);
    assertMissing(maintenance().retryNow(List.of(ready)), ready);
    assertEquals(Optional.of(JobState.READY), state(ready));
    maintenance().hold(List.of(ready));
    assertMissing(maintenance().hold(List.of(ready)), ready);
    assertMissing(maintenance().retryNow(List.of(ready)), ready);
    assertEquals(Optional.of(JobState.HELD), state(ready));
  }

  @Test
  default void jobsInWorkersHandsAreNeverTouched() throws Exception {
    JobId id = spool().enqueue(Job.of("x"));
    Claim claim = claimNext();
    SpoolMaintenance other = another().maintenance();
    assertMissing(other.hold(List.of(id)), id);
    assertMissing(other.unhold(List.of(id)), id);
    assertMissing(other.requeue(List.of(id)), id);
    assertMissing(other.retryNow(List.of(id)), id);
    assertMissing(other.discard(List.of(id)), id);
    other.recover();
    assertTrue(claim.isHeld());
    claim.complete();
  }

  @Test
  default void recoveryMakesDueJobsReady() throws Exception {
    Instant due = Instant.now().plusMillis(300);
    JobId id = spool().enqueue(Job.of("x").notBefore(due));
    eventually()
        .until(
            () -> {
              maintenance().recover();
              return state(id).equals(Optional.of(JobState.READY));
            });
    assertTrue(Instant.now().isAfter(due));
  }
}
