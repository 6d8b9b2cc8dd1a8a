package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.spooldir.fs.Lab.claim;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.spooldir.Claim;
import org.spooldir.Job;

/** Checks of what dead workers and producers leave, and of what outlives its job. */
class CheckHousekeepingTest extends CheckTest {

  private static final Duration OLD = Duration.ofHours(37);
  private static final Duration A_WHILE = Duration.ofMinutes(2);

  // ---- workers and claims ----

  @Test
  void thePresenceOfAProcessThatIsGoneIsDeclaredDead() throws Exception {
    WorkerIdentity self = WorkerIdentity.ofThisProcess(Duration.ofDays(1));
    WorkerIdentity gone =
        new WorkerIdentity(
            self.host(), self.boot(), self.namespace(), self.pid(), "1", self.lease());
    lab.presence("host.1.gone", gone.text(0));
    String job = lab.claimedBy("host.1.gone");
    assertRecoveryMends("dead-claim " + at(lab.only("cur")), "dead-worker workers/host.1.gone");
    assertTrue(lab.only("new").getFileName().toString().startsWith(job));
  }

  @Test
  void aWorkerThatIsSilentForItsLeaseIsDeclaredDead() throws Exception {
    WorkerIdentity elsewhere =
        new WorkerIdentity("web2", "boot", "pid:[1]", 4711, "5", Duration.ofSeconds(60));
    lab.presence("web2.4711.abc", elsewhere.text(0));
    lab.claimedBy("web2.4711.abc");
    assertFound();
    lab.time.advance(A_WHILE);
    assertRecoveryMends("silent-worker workers/web2.4711.abc");
    assertEquals(1, lab.names("new").size());
  }

  @Test
  void aClaimWithoutAPresenceComesBack() throws Exception {
    lab.claimedBy("host.1.abc");
    assertRecoveryMends("dead-claim " + at(lab.only("cur")));
  }

  @Test
  void theClaimOfALivingWorkerIsNotTouched() throws Exception {
    DirectorySpool worker = lab.openWorker();
    worker.enqueue(Job.of("x"));
    try (Claim claim = claim(worker)) {
      lab.claimedBy("host.1.dead");
      assertEquals(List.of("recovered ."), lines(repair()));
      assertTrue(claim.isHeld());
      assertEquals(1, lab.names("cur").size());
    }
  }

  @Test
  void whatAMailReaderMovedComesBackAfterALease() throws Exception {
    Path moved = Files.writeString(lab.root.resolve("cur").resolve(lab.unique() + ":2,S"), "x");
    assertFound();
    lab.time.advance(A_WHILE);
    assertRecoveryMends("no-claim " + at(moved));
  }

  // ---- tmp/ ----

  @Test
  void whatAProducerDidNotFinishGoesAfter36Hours() throws Exception {
    Files.writeString(lab.root.resolve("tmp/draft"), "x");
    lab.time.advance(Duration.ofHours(35));
    assertFound();
    lab.time.advance(Duration.ofHours(2));
    assertRecoveryMends("old-tmp tmp/draft");
  }

  // ---- keys/ ----

  @Test
  void aKeyWhoseJobIsGoneIsRemoved() throws Exception {
    lab.open().enqueue(Job.of("x").key("k"));
    Files.delete(lab.only("new"));
    assertFound(); // its job may have been completed a moment ago
    lab.time.advance(A_WHILE);
    Path home = lab.only("keys");
    String link = FileNames.escape(home.toFile().list()[0]);
    assertRecoveryMends("stale-key " + at(home) + "/" + link);
  }

  @Test
  void anEmptyKeyIsRemoved() throws Exception {
    Path home = Files.createDirectory(lab.root.resolve("keys").resolve("0".repeat(64)));
    assertFound();
    lab.time.advance(A_WHILE);
    assertFound("stale-key " + at(home));
    repair();
    assertFound();
  }

  @Test
  void aKeyThatWasNotTakenToItsEndGoesAfter36Hours() throws Exception {
    Path draft = Files.createDirectory(lab.root.resolve("keys").resolve(lab.unique()));
    Files.writeString(draft.resolve(lab.unique()), "x");
    lab.time.advance(A_WHILE);
    assertFound();
    lab.time.advance(OLD);
    assertRecoveryMends("stale-key " + at(draft));
  }

  // ---- errors/ ----

  @Test
  void aLogWithoutAJobIsNotedAndGoesAfter36Hours() throws Exception {
    String log = "errors/" + lab.unique() + ".log";
    Files.writeString(lab.root.resolve(log), "{}\n");
    assertFound(); // its job may have been completed a moment ago
    lab.time.advance(A_WHILE);
    assertRepairLeaves("orphan-log " + log);
    lab.time.advance(OLD);
    assertRecoveryMends("orphan-log " + log);
  }

  @Test
  void theLogOfADeadLetterIsNoOrphan() throws Exception {
    DirectorySpool worker = lab.openWorker();
    worker.enqueue(Job.of("x"));
    claim(worker).reject("no");
    lab.time.advance(A_WHILE);
    assertFound();
  }
}
