package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.RecoveryReport;

/** R1 and R2: who is dead, and who may not be believed so. */
class DeadWorkersTest extends SpoolTest {

  private static final String WORKER = "host.1.abcdefg";
  private static final Duration LEASE = Duration.ofSeconds(60);
  private static final Duration OTHER_LEASE = Duration.ofSeconds(10);

  /** A worker on this machine, of this boot; nobody has that pid. */
  private static WorkerIdentity gone() {
    return identity(Machine.bootId(), Machine.pidNamespace(), "12345");
  }

  private static WorkerIdentity identity(String boot, String namespace, String start) {
    return new WorkerIdentity("host", boot, namespace, (1L << 22) + 1, start, LEASE);
  }

  private RecoveryReport recover(String presence) throws IOException {
    lab.presence(WORKER, presence);
    lab.claimedBy(WORKER);
    return recover();
  }

  private RecoveryReport recover() throws IOException {
    return lab.open(Lab.OPTIONS.poll(LEASE).lease(LEASE)).maintenance().recover();
  }

  // ---- R1: proof ----

  @Test
  void aProcessThatIsGoneIsDeadAtOnce() throws Exception {
    assertEquals(List.of(WORKER), recover(gone().text(0)).deadWorkers());
    assertEquals(1, lab.names("new").size());
  }

  @Test
  void whereFilesHaveNoOwnersNothingIsProven() throws Exception {
    lab.presence(WORKER, gone().text(0));
    Site site =
        lab.siteOn(
            ops ->
                new ForwardingFileOps(ops) {
                  @Override
                  public Inode inode(Path file) {
                    throw new UnsupportedOperationException("no inodes");
                  }
                });
    WorkerIdentity self = WorkerIdentity.ofThisProcess(LEASE);
    DeadWorkers deadWorkers = new DeadWorkers(site, self, new Presence(site, self));
    assertEquals(List.of(), deadWorkers.declareGone());
  }

  @Test
  void aPidThatIsAnothersNowProvesDeath() throws Exception {
    long pid = ProcessHandle.current().pid();
    WorkerIdentity earlier =
        new WorkerIdentity("host", Machine.bootId(), Machine.pidNamespace(), pid, "1", LEASE);
    assertEquals(List.of(WORKER), recover(earlier.text(0)).deadWorkers());
  }

  @Test
  void aLivingProcessIsNotDead() throws Exception {
    assertEquals(RecoveryReport.NOTHING, recover(WorkerIdentity.ofThisProcess(LEASE).text(0)));
  }

  @Test
  void aZombieIsDead() throws Exception {
    // The shell's child ends, and what the shell becomes never asks for it.
    Process parent = new ProcessBuilder("sh", "-c", "sleep 0.01 & echo $!; exec sleep 60").start();
    try (BufferedReader out = parent.inputReader()) {
      long pid = Long.parseLong(out.readLine());
      while (!Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") Z ")) {
        Thread.onSpinWait();
      }
      assertEquals(Optional.empty(), Machine.startTime(pid));
    } finally {
      parent.destroy();
    }
  }

  @Test
  void unsureIsNoProof() throws Exception {
    String sure = gone().text(0);
    Map<String, String> unsure =
        Map.of(
            "another boot or machine", identity("other", Machine.pidNamespace(), "1").text(0),
            "no boot id", identity("", Machine.pidNamespace(), "1").text(0),
            "another container", identity(Machine.bootId(), "pid:[1]", "1").text(0),
            "no start time", identity(Machine.bootId(), Machine.pidNamespace(), "").text(0),
            "being written", "",
            "cut off", sure.substring(0, sure.indexOf("start=")),
            "a later format", sure.replace("worker 1", "worker 2"),
            "garbage", "\u0000\n=\npid=\n");
    for (Map.Entry<String, String> presence : unsure.entrySet()) {
      RecoveryReport report = recover(presence.getValue());
      assertEquals(RecoveryReport.NOTHING, report, presence.getKey());
    }
  }

  @Test
  void theProcessesOfOthersMayBeHidden() throws Exception {
    lab.faults.ownedBy(Machine.user() + 1);
    assertEquals(RecoveryReport.NOTHING, recover(gone().text(0)));
  }

  // ---- R2: silence ----

  private static String elsewhere(Duration lease) {
    return new WorkerIdentity("host", "other boot", "pid:[1]", 1, "1", lease).text(0);
  }

  @Test
  void oneLeaseOfSilenceIsDeath() throws Exception {
    recover(elsewhere(LEASE));
    lab.time.advance(LEASE.minusSeconds(1));
    assertEquals(RecoveryReport.NOTHING, recover());
    lab.time.advance(Duration.ofSeconds(2));
    assertEquals(List.of(WORKER), recover().deadWorkers());
  }

  @Test
  void theLeaseThatAWorkerStatesCounts() throws Exception {
    recover(elsewhere(Duration.ofMinutes(10)));
    lab.time.advance(Duration.ofMinutes(9));
    assertEquals(RecoveryReport.NOTHING, recover());
    lab.time.advance(Duration.ofMinutes(2));
    assertEquals(List.of(WORKER), recover().deadWorkers());
  }

  @Test
  void aPresenceThatSaysNothingIsBelievedForOurLease() throws Exception {
    recover("");
    lab.time.advance(LEASE.plusSeconds(1));
    assertEquals(List.of(WORKER), recover().deadWorkers());
  }

  @Test
  void onlyTheClockOfTheFileSystemCounts() throws Exception {
    lab.presence(WORKER, elsewhere(LEASE));
    Instant future = Instant.now().plus(Duration.ofDays(1)); // its host's clock is a day ahead
    Files.setLastModifiedTime(lab.root.resolve("workers").resolve(WORKER), FileTime.from(future));
    lab.time.advance(LEASE.plusSeconds(1));
    assertEquals(RecoveryReport.NOTHING, recover());
  }

  @Test
  void whoseLeaseHasNoEndIsNeverSilent() throws Exception {
    Path presence = lab.presence(WORKER, elsewhere(Duration.ofMillis(Long.MAX_VALUE)));
    Files.setLastModifiedTime(presence, FileTime.from(Instant.now().plusSeconds(86_400)));
    assertEquals(RecoveryReport.NOTHING, recover());
    Files.setLastModifiedTime(presence, FileTime.fromMillis(0));
    assertEquals(RecoveryReport.NOTHING, recover());
  }

  @Test
  void nobodyFindsHimselfSilent() throws Exception {
    DirectorySpool spool = lab.openWorker(Lab.OPTIONS.poll(LEASE).lease(LEASE));
    spool.enqueue(Job.of("x"));
    Claim claim = Lab.claim(spool);
    lab.time.advance(Duration.ofDays(1));
    assertEquals(List.of(), spool.maintenance().recover().deadWorkers());
    assertTrue(claim.isHeld());
  }

  @Test
  void aStepOfTheClockProvesNothingToWhoAsksEither() throws Exception {
    for (Duration step : List.of(Duration.ofHours(2), Duration.ofHours(-2))) {
      DirectorySpool spool = lab.open(Lab.OPTIONS.poll(LEASE).lease(LEASE));
      spool.maintenance().recover();
      lab.presence(WORKER, elsewhere(OTHER_LEASE));
      lab.time.step(step);
      assertEquals(List.of(), spool.maintenance().recover().deadWorkers(), "stepped " + step);
      lab.time.advance(OTHER_LEASE);
      assertEquals(List.of(), spool.maintenance().recover().deadWorkers(), "too early " + step);
      lab.time.advance(Duration.ofMillis(1));
      assertEquals(List.of(WORKER), spool.maintenance().recover().deadWorkers(), "after " + step);
      lab.presence(WORKER, elsewhere(OTHER_LEASE));
      assertEquals(List.of(), spool.maintenance().recover().deadWorkers(), "lives " + step);
      lab.time.advance(OTHER_LEASE.plusMillis(1));
      assertEquals(List.of(WORKER), spool.maintenance().recover().deadWorkers(), "no step");
    }
  }

  /**
   * The clock of the file system is set while a worker beats; then it falls silent. The leases of
   * the two who look at each other differ: what is a jump for the one is none for the other.
   */
  @ParameterizedTest
  @CsvSource({
    "PT6S, PT60S, P1D", // distrusted for a lease of the recoverer, there would be no beat in it
    "PT6S, PT60S, -P1D",
    "PT6S, PT60S, PT61S",
    "PT60S, PT6S, PT10S", // a small step for the recoverer, and more than the lease of the worker
    "PT60S, PT6S, -PT10S",
    "PT60S, PT6S, P1D"
  })
  void aStepOfTheClockHarmsNobodyWhateverTheLeases(Duration own, Duration others, Duration step)
      throws Exception {
    Site site = lab.site(Lab.OPTIONS.poll(own).lease(own));
    WorkerIdentity self = WorkerIdentity.ofThisProcess(own);
    Presence presence = new Presence(site, self);
    DeadWorkers deadWorkers = new DeadWorkers(site, self, presence);
    presence.join();
    for (int second = 0; second < 180; second++) {
      if (second % others.dividedBy(Duration.ofSeconds(3)) == 0) {
        lab.presence(WORKER, elsewhere(others));
      }
      if (second == 61) {
        lab.time.step(step);
      }
      if (second % own.dividedBy(Duration.ofSeconds(3)) == 1) {
        List<String> dead = deadWorkers.declareSilent(presence.beat(), false);
        assertEquals(List.of(), dead, "after " + second + " s");
      }
      lab.time.advance(Duration.ofSeconds(1));
    }
    Duration silence = Duration.ZERO;
    for (List<String> dead = List.of(); dead.isEmpty(); ) {
      lab.time.advance(own.dividedBy(3));
      silence = silence.plus(own.dividedBy(3));
      dead = deadWorkers.declareSilent(presence.beat(), false);
      assertTrue(silence.compareTo(others.plus(own)) < 0, "still believed after " + silence);
    }
  }

  @Test
  void whoHasNeverClaimedFindsOthersSilentToo() throws Exception {
    // After a reboot: the worker of the last boot had a job, and there is no other.
    lab.presence(WORKER, elsewhere(Duration.ofSeconds(1)));
    lab.claimedBy(WORKER);
    lab.silenceWorkers(Duration.ofHours(1));
    SpoolOptions options =
        SpoolOptions.DEFAULTS.poll(Duration.ofMillis(20)).lease(Duration.ofSeconds(1));
    try (DirectorySpool spool = DirectorySpool.open(lab.root, options)) {
      assertTrue(spool.claim(Duration.ofSeconds(8)).isPresent());
    }
  }
}
