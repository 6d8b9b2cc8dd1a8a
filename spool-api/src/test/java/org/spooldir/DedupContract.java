package org.spooldir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.spooldir.SpoolFixture.inBackground;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Dedup keys: while a job of the key is anywhere in the spool, there is no second. */
public interface DedupContract extends SpoolFixture {

  /** Enqueues a job of the one key that most of these tests share. */
  private JobId again() throws Exception {
    return spool().enqueue(Job.of("again").key("thumbnail-42"));
  }

  @Test
  default void theSameKeyIsTheSameJob() throws Exception {
    JobId first = spool().enqueue(Job.of("first").key("thumbnail-42"));
    assertEquals(first, again());
    assertEquals(first, another().enqueue(Job.of("other process").key("thumbnail-42")));
    assertEquals(List.of("first"), drain(spool()));
    assertEquals(Optional.of("thumbnail-42"), keyOf(again()));
  }

  private Optional<String> keyOf(JobId id) throws Exception {
    return read(id).key();
  }

  @Test
  default void otherKeysAreOtherJobs() throws Exception {
    Set<JobId> ids = new HashSet<>();
    for (String key :
        List.of("k", "K", "k ", " k", "../k", "k\n", "\u00e9", "e\u0301", "k".repeat(1024))) {
      JobId id = spool().enqueue(Job.of(key).key(key));
      assertEquals(Optional.of(key), keyOf(id));
      ids.add(id);
    }
    ids.add(spool().enqueue(Job.of("none")));
    ids.add(spool().enqueue(Job.of("none")));
    assertEquals(11, ids.size());
  }

  @Test
  default void aCompleteJobFreesItsKey() throws Exception {
    JobId first = again();
    claimNext().complete();
    assertNotEquals(first, again());
  }

  @Test
  default void aDiscardedJobFreesItsKey() throws Exception {
    JobId first = again();
    spool().maintenance().discard(List.of(first));
    assertNotEquals(first, again());
  }

  @Test
  default void aPurgedJobFreesItsKey() throws Exception {
    JobId first = again();
    claimNext().reject("never");
    MaintenanceContract.purgeUntilGone(spool(), JobState.FAILED, first);
    assertNotEquals(first, again());
  }

  @Test
  default void aClaimedJobKeepsItsKey() throws Exception {
    JobId first = again();
    Claim claim = claimNext();
    assertEquals(first, again());
    assertEquals(Optional.empty(), spool().claim());
    claim.complete();
    assertNotEquals(first, again());
  }

  @Test
  default void aReleasedAndARetriedJobKeepTheirKey() throws Exception {
    JobId first = again();
    claimNext().release();
    assertEquals(first, again());
    claimNext().retry(LONG, "busy");
    assertEquals(first, again());
    assertEquals(Optional.of(JobState.DELAYED), state(first));
  }

  @Test
  default void aDelayedJobKeepsItsKey() throws Exception {
    JobId first = spool().enqueue(Job.of("later").delay(LONG).key("thumbnail-42"));
    assertEquals(first, again());
    assertEquals(Optional.empty(), spool().claim());
  }

  @Test
  default void aHeldJobKeepsItsKey() throws Exception {
    JobId first = again();
    spool().maintenance().hold(List.of(first));
    assertEquals(first, again());
    assertEquals(Optional.empty(), spool().claim());
  }

  @Test
  default void aFailedJobKeepsItsKey() throws Exception {
    JobId first = again();
    claimNext().reject("never");
    assertEquals(first, again());
    spool().maintenance().requeue(List.of(first));
    assertEquals(first, again());
    claimNext().complete();
    assertNotEquals(first, again());
  }

  @Test
  default void aDoneJobThatIsKeptKeepsItsKey() throws Exception {
    JobId first = retaining().enqueue(Job.of("x").key("k"));
    claimNext(retaining()).complete();
    assertEquals(first, retaining().enqueue(Job.of("y").key("k")));
    retaining().maintenance().discard(List.of(first));
    assertNotEquals(first, retaining().enqueue(Job.of("z").key("k")));
  }

  @Test
  default void aJobThatLostItsWorkerKeepsItsKey() throws Exception {
    JobId first = again();
    claimNext();
    Spool other = another();
    recoverFrom(spool(), other, first);
    assertEquals(first, other.enqueue(Job.of("again").key("thumbnail-42")));
    claimNext(other).complete();
    assertNotEquals(first, other.enqueue(Job.of("again").key("thumbnail-42")));
  }

  @Test
  default void manyAtOnceKnowTheSameKeys() throws Exception {
    JobId there = spool().enqueue(Job.of("there").key("a"));
    List<JobId> ids =
        spool()
            .enqueueAll(
                List.of(
                    Job.of("1").key("a"), Job.of("2").key("b"), Job.of("3").key("b"), Job.of("4")));
    assertEquals(there, ids.get(0));
    assertEquals(ids.get(1), ids.get(2));
    assertEquals(List.of("there", "2", "4"), drain(spool()));
  }

  @Test
  default void aRaceForOneKeyStoresOneJob() throws Exception {
    for (int round = 0; round < 10; round++) {
      String key = "round " + round;
      CyclicBarrier start = new CyclicBarrier(8);
      List<Background<JobId>> racers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        Spool spool = i % 2 == 0 ? spool() : another();
        racers.add(
            inBackground(
                () -> {
                  start.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                  return spool.enqueue(Job.of("x").key(key));
                }));
      }
      Set<JobId> ids = new HashSet<>();
      for (Background<JobId> racer : racers) {
        ids.add(racer.result());
      }
      assertEquals(1, ids.size(), () -> key + ": " + ids);
      assertEquals(1, drain(spool()).size());
    }
  }
}
