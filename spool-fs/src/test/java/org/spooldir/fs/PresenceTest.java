package org.spooldir.fs;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.spooldir.Claim;
import org.spooldir.ClaimLostException;
import org.spooldir.Job;
import org.spooldir.SpoolEvent;

/** C0, the beat, C4. */
class PresenceTest extends SpoolTest {

  private static final Duration SHORT = Duration.ofMillis(20);

  private Claim claimNew(DirectorySpool spool) throws Exception {
    spool.enqueue(Job.of("x"));
    return Lab.claim(spool);
  }

  @Test
  void itTellsWhoWorksHere() throws Exception {
    claimNew(lab.openWorker(Lab.OPTIONS));
    Path presence = lab.only("workers");
    long pid = ProcessHandle.current().pid();
    List<String> lines = Files.readAllLines(presence);
    assertEquals("spool worker 1", lines.get(0));
    assertTrue(lines.contains("pid=" + pid), lines::toString);
    assertTrue(lines.contains("boot=" + Machine.bootId()), lines::toString);
    assertTrue(lines.contains("pidns=" + Machine.pidNamespace()), lines::toString);
    assertTrue(lines.contains("start=" + Machine.startTime(pid).orElseThrow()), lines::toString);
    assertTrue(lines.contains("lease=3600000"), lines::toString);
    assertTrue(lines.contains("beat=" + FakeTime.START.toEpochMilli()), lines::toString);
    assertEquals(
        PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(presence));
  }

  @Test
  void itsNameHasNoCapitalsThatAMailReaderWouldTakeForFlags() {
    assertEquals("test-1.exam", Presence.hostIn("TEST-1.Example.org"));
    assertEquals("t\\303\\234v", Presence.hostIn("TÜV"));
  }

  @Test
  void whatWasWrittenIsUnderstood() {
    WorkerIdentity identity = WorkerIdentity.ofThisProcess(Duration.ofSeconds(7));
    assertEquals(identity, WorkerIdentity.parse(identity.text(123)).orElseThrow());
    assertTrue(identity.text(0).length() < WorkerIdentity.MAX_BYTES);
    assertEquals(identity.text(0).length(), identity.text(9_999_999_999_999L).length());
  }

  @Test
  void itsBeatWritesOverTheSameBytes() throws Exception {
    DirectorySpool spool = lab.openWorker();
    claimNew(spool);
    Path presence = lab.only("workers");
    Object inode = Files.getAttribute(presence, "unix:ino");
    String before = Files.readString(presence);
    lab.time.advance(Duration.ofSeconds(1));
    spool.maintenance().recover(); // beats
    String after = Files.readString(presence);
    assertNotEquals(before, after);
    assertEquals(before.length(), after.length());
    assertEquals(inode, Files.getAttribute(presence, "unix:ino"));
  }

  @Test
  void itBeatsEveryThirdOfTheLease() throws Exception {
    SpoolOptions options =
        SpoolOptions.DEFAULTS.reserve(0).poll(Duration.ofSeconds(1)).lease(Duration.ofSeconds(1));
    FaultyFileOps ops = FaultyFileOps.forReal(NioFileOps.on(lab.root), lab.root);
    Ground real = Ground.of(lab.root);
    Ground ground =
        new Ground(ops, real.clock(), real.nanoTime(), real.random(), real.names(), real.window());
    try (DirectorySpool spool = DirectorySpool.open(lab.root, options, ground)) {
      claimNew(spool);
      long start = System.nanoTime();
      await().atMost(Duration.ofSeconds(20)).until(() -> ops.faults.count("overwrite .*") >= 4);
      Duration taken = Duration.ofNanos(System.nanoTime() - start);
      assertTrue(taken.toMillis() < 3000, () -> "four beats took " + taken);
    }
  }

  @Test
  void aBeatThatFailsIsTriedAgain() throws Exception {
    DirectorySpool spool = lab.open(Lab.OPTIONS.poll(SHORT));
    lab.faults.on("overwrite workers/.*").nth(1).fails(Faults.broken());
    Claim claim = claimNew(spool);
    await().until(() -> lab.faults.count("overwrite workers/.*") >= 2);
    assertTrue(claim.isHeld());
  }

  @Test
  void itsEndIsNoticedAndAllClaimsAreLost() throws Exception {
    SpoolOptions options = Lab.OPTIONS.poll(SHORT).lease(Duration.ofSeconds(1));
    DirectorySpool spool = lab.openWorker(options);
    Claim one = claimNew(spool);
    Claim two = claimNew(spool);
    await().until(() -> lab.faults.count("overwrite workers/.*") >= 1);
    lab.declareWorkersDead();
    await().until(() -> !one.isHeld() && !two.isHeld());
    assertTrue(lab.events.contains(new SpoolEvent.ClaimLost(one.id(), 1)));
    assertTrue(lab.events.contains(new SpoolEvent.ClaimLost(two.id(), 1)));
  }

  @Test
  void whoWasDeclaredDeadGoesOnUnderANewId() throws Exception {
    DirectorySpool spool = lab.openWorker();
    claimNew(spool);
    String first = lab.names("workers").get(0);
    lab.declareWorkersDead();
    spool.maintenance().recover(); // beats: C4
    lab.declareWorkersDead();
    Claim claim = claimNew(spool);
    assertEquals(1, lab.names("workers").size());
    assertNotEquals(first, lab.names("workers").get(0));
    assertEquals(lab.names("workers").get(0), lab.layout().nameOf(lab.only("cur")).worker());
    claim.complete();
  }

  @Test
  void whoWasStoppedForLongAsksBeforeItClaimsAgain() throws Exception {
    DirectorySpool spool = lab.openWorker();
    Claim lost = claimNew(spool);
    lab.declareWorkersDead();
    lab.time.advance(Lab.LONG); // without a beat: the machine slept
    Claim claim = claimNew(spool);
    assertFalse(lost.isHeld());
    lab.another().open().maintenance().recover();
    claim.complete();
  }

  @Test
  void aLostClaimMakesItAskAtOnce() throws Exception {
    DirectorySpool spool = lab.openWorker();
    Claim one = claimNew(spool);
    Claim two = claimNew(spool);
    lab.declareWorkersDead();
    lab.another().open().maintenance().recover();
    assertThrows(ClaimLostException.class, one::complete);
    assertFalse(two.isHeld());
    Claim claim = claimNew(spool);
    lab.another().open().maintenance().recover();
    claim.complete();
  }

  @Test
  void twoSpoolsOfOneProcessAreTwoWorkers() throws Exception {
    claimNew(lab.openWorker());
    DirectorySpool other = lab.another().open();
    claimNew(other);
    assertEquals(2, lab.names("workers").size());
    other.close();
    assertEquals(1, lab.names("workers").size());
    assertEquals(1, lab.names("cur").size());
  }

  @Test
  void nothingIsLeftOfAWorkerThatLeaves() throws Exception {
    DirectorySpool spool = lab.openWorker();
    claimNew(spool);
    spool.close();
    assertEquals(List.of(), lab.names("workers"));
    assertEquals(List.of(), lab.names("cur"));
  }

  // ---- on its own ----

  private Presence join() throws Exception {
    Presence presence = new Presence(lab.site(Lab.OPTIONS), WorkerIdentity.ofThisProcess(Lab.LONG));
    presence.join();
    return presence;
  }

  @Test
  void itAsksBeforeAClaimIfItsLastBeatIsTwoThirdsOfALeaseAgo() throws Exception {
    Presence presence = join();
    lab.time.advance(Lab.LONG.dividedBy(3).multipliedBy(2));
    presence.newClaim();
    assertEquals(0, lab.faults.count("overwrite workers/.*"));
    lab.time.advance(Duration.ofNanos(1));
    presence.newClaim();
    assertEquals(1, lab.faults.count("overwrite workers/.*"));
  }

  @Test
  void aBeatTellsItsTimes() throws Exception {
    Presence presence = join();
    assertEquals(lab.names("workers"), List.of(presence.id()));
    Presence.Beat beat = presence.beat();
    assertEquals(lab.time.nanoTime(), beat.nano());
    assertEquals(beat, presence.lastBeat());
  }

  @Test
  void aBeatThatFailsOnSuspicionIsTold() throws Exception {
    Presence presence = join();
    lab.faults.on("overwrite workers/.*").fails(Faults.broken());
    presence.suspect();
    assertTrue(lab.events.get(0).toString().contains("cannot give a sign of life"));
  }
}
