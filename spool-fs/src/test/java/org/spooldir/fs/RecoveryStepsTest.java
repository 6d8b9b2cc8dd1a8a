package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.RecoveryReport;
import org.spooldir.SpoolFixture;
import org.spooldir.SpoolFixture.Background;

/** R0: what is done about a worker that is dead, whoever found out. */
class RecoveryStepsTest extends SpoolTest {

  private RecoveryReport recover() throws Exception {
    return lab.open().maintenance().recover();
  }

  @Test
  void aWorkerIsDeclaredDeadBeforeItsClaimsComeBack() throws Exception {
    lab.presence("host.1.abcdefg", "");
    lab.claimedBy("host.1.abcdefg");
    lab.time.advance(Duration.ofHours(2));
    DirectorySpool spool = lab.open();
    List<String> calls = lab.faults.during(() -> spool.maintenance().recover());
    assertEquals(
        List.of("delete workers/W1", "rename cur/J1:2,,a=1,t,w=W1.1 new/J1:2,,a=1"),
        new Shorthand()
            .changes(calls.stream().filter(call -> call.matches(".*(workers|cur)/.*")).toList()));
  }

  @Test
  void whatWasDoneIsReported() throws Exception {
    lab.presence("host.1.abcdefg", "");
    lab.claimedBy("host.1.abcdefg");
    lab.claimedBy("host.1.abcdefg");
    lab.time.advance(Duration.ofHours(2));
    assertEquals(new RecoveryReport(List.of("host.1.abcdefg"), 2, 0, 0, 0), recover());
    assertEquals(RecoveryReport.NOTHING, recover());
  }

  @Test
  void whatBecameDueIsReported() throws Exception {
    DirectorySpool spool = lab.open();
    spool.enqueue(Job.of("x").delay(Duration.ofMinutes(1)));
    lab.time.advance(Duration.ofMinutes(2));
    assertEquals(new RecoveryReport(List.of(), 0, 0, 1, 0), recover());
  }

  @Test
  void atLevelFullWhatComesBackIsForcedAndNothingElse() throws Exception {
    SpoolOptions full = Lab.OPTIONS.durability(Durability.FULL);
    DirectorySpool spool = lab.open(full);
    lab.presence("living.1.abcdefg", "");
    lab.claimedBy("living.1.abcdefg");
    spool.maintenance().recover();
    assertEquals(0, lab.faults.count("forceDirectory .*"));
    lab.claimedBy("gone.1.abcdefg");
    spool.maintenance().recover();
    assertEquals(List.of("forceDirectory new", "forceDirectory cur"), forced());
    Files.writeString(lab.root.resolve("cur/mail:2,S"), "x");
    Files.delete(lab.root.resolve("workers/living.1.abcdefg"));
    spool.maintenance().recover();
    lab.faults.forget();
    lab.time.advance(Duration.ofHours(2));
    assertEquals(1, spool.maintenance().recover().returned());
    assertEquals(List.of("forceDirectory new", "forceDirectory cur"), forced());
  }

  private List<String> forced() {
    return lab.faults.matching("forceDirectory .*");
  }

  @Test
  void whereThereAreNoInodesWhatNobodyClaimedStays() throws Exception {
    Files.writeString(lab.root.resolve("cur/mail:2,S"), "x");
    lab.time.advance(Duration.ofHours(2));
    lab.faults
        .on("inode cur/.*")
        .first(
            () -> {
              throw new UnsupportedOperationException("no inodes");
            });
    assertEquals(RecoveryReport.NOTHING, recover());
    assertEquals(List.of("mail:2,S"), lab.names("cur"));
  }

  @Test
  void whatIsNoFileIsNobodysPresence() throws Exception {
    lab.claimedBy("host.1.abcdefg");
    Files.createDirectory(lab.root.resolve("workers/host.1.abcdefg"));
    assertEquals(new RecoveryReport(List.of(), 1, 0, 0, 0), recover());
  }

  @Test
  void aPresenceThatIsALinkOrAFifoIsNeitherOpenedNorBelieved() throws Exception {
    Path alive = Files.writeString(directory.resolve("alive"), "spool worker 1\n");
    Files.createSymbolicLink(lab.root.resolve("workers/host.1.abcdefg"), alive);
    Shell.run("mkfifo", lab.root.resolve("workers/host.2.abcdefg").toString());
    lab.claimedBy("host.1.abcdefg");
    lab.claimedBy("host.2.abcdefg");
    assertEquals(new RecoveryReport(List.of(), 2, 0, 0, 0), recover());
    assertEquals(0, lab.faults.count("read workers/.*"));
    assertEquals(2, lab.names("workers").size());
  }

  @Test
  void aClaimWithoutAPresenceComesBackAtOnce() throws Exception {
    for (String worker : List.of("gone.1.abcdefg", "x", "..", "-", "\\057etc")) {
      lab.claimedBy(worker);
    }
    assertEquals(5, recover().recovered());
    assertEquals(List.of(), lab.names("cur"));
    assertEquals(5, lab.names("new").size());
  }

  @Test
  void aClaimOfALivingWorkerStays() throws Exception {
    DirectorySpool living = lab.another().openWorker();
    living.enqueue(Job.of("x"));
    Claim claim = Lab.claim(living);
    assertEquals(RecoveryReport.NOTHING, recover());
    claim.complete();
  }

  @Test
  void theClaimsOfADeadWorkerCount() throws Exception {
    String job = lab.claimedBy("gone.1.abcdefg");
    recover();
    assertEquals(List.of(job + ":2,,a=1"), lab.names("new"));
  }

  @Test
  void aRecovererThatDiesHalfwayIsFinishedByTheNext() throws Exception {
    lab.presence("host.1.abcdefg", "");
    for (int i = 0; i < 3; i++) {
      lab.claimedBy("host.1.abcdefg");
    }
    lab.time.advance(Duration.ofHours(2));
    DirectorySpool first = lab.open();
    lab.faults.on("rename cur/.*").nth(2).dies();
    assertThrows(Faults.Death.class, () -> first.maintenance().recover());
    assertEquals(List.of(), lab.names("workers"));
    assertEquals(2, lab.names("cur").size());
    assertEquals(2, lab.another().open().maintenance().recover().recovered());
    assertEquals(3, lab.names("new").size());
  }

  @Test
  void recoverersAtOnceBringEachClaimBackOnce() throws Exception {
    for (int i = 0; i < 300; i++) {
      lab.claimedBy("gone." + i % 3 + ".abcdefg");
    }
    CyclicBarrier start = new CyclicBarrier(4);
    List<Background<RecoveryReport>> recoverers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      DirectorySpool spool = lab.another().open();
      recoverers.add(
          SpoolFixture.inBackground(
              () -> {
                start.await();
                return spool.maintenance().recover();
              }));
    }
    long recovered = 0;
    for (Background<RecoveryReport> each : recoverers) {
      recovered += each.result().recovered();
    }
    assertEquals(300, recovered);
    assertEquals(300, lab.names("new").size());
  }

  @Test
  void aWorkerThatLeavesDuringTheLookIsNotReported() throws Exception {
    lab.presence("host.1.abcdefg", "");
    lab.time.advance(Duration.ofHours(2));
    lab.faults
        .on("delete workers/.*")
        .first(() -> Files.delete(lab.root.resolve("workers/host.1.abcdefg")));
    assertEquals(List.of(), recover().deadWorkers());
  }

  @Test
  void allAreDeclaredDeadByRemovingTheDirectory() throws Exception {
    DirectorySpool worker = lab.another().openWorker();
    worker.enqueueAll(IntStream.range(0, 3).mapToObj(i -> Job.of("job " + i)).toList());
    Claim lost = Lab.claim(worker);
    DirectorySpool spool = lab.open();
    lab.declareWorkersDead();
    Files.delete(lab.root.resolve("workers"));
    assertEquals(1, spool.maintenance().recover().recovered());
    assertTrue(lab.names("cur").isEmpty());
    worker.maintenance().recover(); // C4: beats
    assertFalse(lost.isHeld());
    Lab.claim(worker).complete(); // C0 makes the directory again
    assertEquals(1, lab.names("workers").size());
  }
}
