package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** R2 when the clock of the file system is put back by a day. */
class ClockSetBackTest extends SpoolTest {

  private static final Duration LEASE = Duration.ofSeconds(60);
  private static final Duration BEAT = LEASE.dividedBy(3);
  private static final Duration BACK = Duration.ofDays(-1);
  private static final String ALIVE = "elsewhere.1.abcdefg";
  private static final String DEAD = "elsewhere.2.abcdefg";

  private Presence own;
  private DeadWorkers deadWorkers;

  @BeforeEach
  void join() throws Exception {
    Site site = lab.site(Lab.OPTIONS.poll(LEASE).lease(LEASE));
    WorkerIdentity self = WorkerIdentity.ofThisProcess(LEASE);
    own = new Presence(site, self);
    deadWorkers = new DeadWorkers(site, self, own);
    own.join();
  }

  private void beat(String worker) throws Exception {
    lab.presence(worker, new WorkerIdentity("host", "boot", "pid:[1]", 1, "1", LEASE).text(0));
  }

  @Test
  void whoGaveASignOfLifeBetweenTheOwnOneAndTheLookIsNotSilent() throws Exception {
    Presence.Beat before = own.beat();
    lab.time.step(BACK);
    beat(ALIVE);
    assertEquals(List.of(), deadWorkers.declareSilent(before, true));
  }

  @Test
  void whoIsDatedTomorrowIsSilentWhenHeHasBeenSoForALease() throws Exception {
    beat(ALIVE);
    beat(DEAD);
    assertEquals(List.of(), deadWorkers.declareSilent(own.beat(), true));
    lab.time.step(BACK);
    int beats = 0;
    for (List<String> dead = List.of(); dead.isEmpty() && beats < 30; beats++) {
      lab.time.advance(BEAT);
      beat(ALIVE);
      dead = deadWorkers.declareSilent(own.beat(), false);
      assertTrue(dead.isEmpty() || dead.equals(List.of(DEAD)), dead::toString);
    }
    assertTrue(beats > 3, "too early: after " + beats + " thirds of a lease");
    assertTrue(beats < 10, "too late: after " + beats + " thirds of a lease");
    assertEquals(2, lab.names("workers").size(), "own and alive");
  }

  /** A worker who has been silent for long. */
  private void beatLongAgo(String worker) throws Exception {
    beat(worker);
    Path presence = lab.root.resolve("workers").resolve(worker);
    Files.setLastModifiedTime(presence, FileTime.from(Instant.now().minus(LEASE.multipliedBy(9))));
  }

  @Test
  void aLeaseIsOverWhenItHasPassedAndNotBefore() throws Exception {
    beat(DEAD);
    Path presence = lab.root.resolve("workers").resolve(DEAD);
    Files.setLastModifiedTime(presence, FileTime.from(Instant.now().plus(LEASE.multipliedBy(9))));
    Presence.Beat first = own.beat();
    assertEquals(List.of(), deadWorkers.declareSilent(first, true));
    assertEquals(List.of(), deadWorkers.declareSilent(after(first, LEASE, Duration.ZERO), false));
    List<String> dead =
        deadWorkers.declareSilent(after(first, LEASE.plusNanos(1), Duration.ZERO), false);
    assertTrue(dead.contains(DEAD), dead::toString); // and who pretends that it is so late
  }

  private static Presence.Beat after(Presence.Beat first, Duration time, Duration jump) {
    return new Presence.Beat(first.time().plus(time).plus(jump), first.nano() + time.toNanos());
  }

  @Test
  void whoeverIsSeenForTheFirstTimeIsGivenALeaseAndNoMore() throws Exception {
    beatLongAgo(DEAD);
    assertEquals(List.of(), deadWorkers.declareSilent(own.beat(), false));
    lab.time.advance(LEASE);
    assertEquals(List.of(), deadWorkers.declareSilent(own.beat(), false));
    lab.time.advance(Duration.ofNanos(1));
    assertEquals(List.of(DEAD), deadWorkers.declareSilent(own.beat(), false));
  }

  @Test
  void aQuarterOfALeaseIsNoJump() throws Exception {
    Presence.Beat first = own.beat();
    assertEquals(List.of(), deadWorkers.declareSilent(first, true));
    beatLongAgo(DEAD);
    lab.time.advance(BEAT);
    assertEquals(
        List.of(DEAD), deadWorkers.declareSilent(after(first, BEAT, LEASE.dividedBy(4)), true));
  }
}
