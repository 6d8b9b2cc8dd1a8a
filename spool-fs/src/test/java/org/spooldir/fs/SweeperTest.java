package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.spooldir.Claim;
import org.spooldir.ClaimLostException;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.JobState;
import org.spooldir.Payload;

/** R5, second names (R3), and the rest of the housekeeping. */
class SweeperTest extends SpoolTest {

  private static final Duration OLD = Duration.ofHours(37);
  private static final Duration YOUNG = Duration.ofHours(35);

  private long sweep() throws Exception {
    return lab.open().maintenance().recover().swept();
  }

  private Path tmp(String name) throws Exception {
    return Files.writeString(lab.root.resolve("tmp").resolve(name), "half a job");
  }

  // ---- R5 ----

  @Test
  void whatADeadProducerLeftGoesAfter36Hours() throws Exception {
    tmp("abandoned");
    lab.time.advance(YOUNG);
    assertEquals(0, sweep());
    lab.time.advance(OLD.minus(YOUNG));
    assertEquals(1, sweep());
    assertEquals(List.of(), lab.names("tmp"));
  }

  @Test
  void anOldDateAloneIsNotAge() throws Exception {
    Path restored = tmp("restored");
    Files.setLastModifiedTime(restored, FileTime.from(Instant.parse("2001-01-01T00:00:00Z")));
    assertEquals(0, sweep());
  }

  @Test
  void whatIsStillWrittenIsNotAbandoned() throws Exception {
    Path slow = tmp("slow");
    Files.setLastModifiedTime(slow, FileTime.from(Instant.now().plus(OLD)));
    lab.time.advance(OLD); // the ctime is old, the mtime is not
    assertEquals(0, sweep());
  }

  @Test
  void onlyRegularFilesOfTmpAreSwept() throws Exception {
    Files.createDirectory(lab.root.resolve("tmp/directory"));
    Files.createSymbolicLink(lab.root.resolve("tmp/link"), directory);
    lab.time.advance(OLD);
    assertEquals(0, sweep());
  }

  @Test
  void whatOthersPutIntoKeysStays() throws Exception {
    Path theirs = Files.createDirectory(lab.root.resolve("keys/theirs"));
    Files.writeString(theirs.resolve("file"), "x");
    Path key = Files.createDirectory(lab.root.resolve("keys/" + "0".repeat(64)));
    Files.writeString(key.resolve("file"), "x");
    Path asLong = Files.createDirectory(lab.root.resolve("keys/" + "x".repeat(64)));
    Files.writeString(asLong.resolve("file"), "x");
    Path noDirectory = Files.writeString(lab.root.resolve("keys/" + "1".repeat(64)), "x");
    Path log = Files.createDirectory(lab.root.resolve("errors/directory.log"));
    lab.time.advance(OLD);
    assertEquals(0, sweep());
    for (Path each : List.of(theirs, key, asLong)) {
      assertTrue(Files.exists(each.resolve("file")), each::toString);
    }
    assertTrue(Files.exists(noDirectory) && Files.exists(log));
  }

  @Test
  void aKeyThatIsBeingTakenIsNoKeyHoweverLongItsName() throws Exception {
    Path draft = lab.root.resolve("keys/" + lab.unique());
    String name = draft.getFileName().toString();
    Files.createDirectory(draft.resolveSibling(name + "h".repeat(64 - name.length())));
    assertEquals(0, sweep());
    assertEquals(1, lab.names("keys").size());
  }

  @Test
  void noJobIsEverTooOld() throws Exception {
    DirectorySpool spool = lab.open();
    spool.enqueueAll(List.of(Job.of("ready"), Job.of("delayed").delay(Duration.ofDays(9999))));
    Job held = Job.of("held").key("k");
    spool.maintenance().hold(List.of(spool.enqueue(held)));
    Path mail = lab.deliver("mail", "mail");
    Files.move(mail, lab.root.resolve("failed/mail"));
    lab.time.advance(Duration.ofDays(3650));
    Tree before = Tree.of(lab.root);
    spool.maintenance().recover();
    assertEquals(before.files().keySet(), Tree.of(lab.root).files().keySet());
  }

  // ---- R3: second names ----

  @Test
  void anOlderNameOfADeadLetterGoes() throws Exception {
    DirectorySpool spool = lab.openWorker();
    JobId id = spool.enqueue(Job.of("x"));
    String ready = lab.only("new").getFileName().toString();
    Lab.claim(spool).reject("never");
    Files.createLink(lab.root.resolve("new").resolve(ready), lab.only("failed"));
    assertEquals(1, sweep());
    assertEquals(List.of(id), Aftermath.ids(spool, JobState.FAILED));
    assertEquals(List.of(), lab.names("new"));
  }

  /**
   * Though it has no attempts and the claim has one: a claim may be faster than the first sweep.
   */
  @Test
  void aHoldOutlivesAClaimOfTheNameThatCameBack() throws Exception {
    DirectorySpool spool = lab.openWorker();
    JobId id = spool.enqueue(Job.of("x"));
    Path ready = lab.only("new");
    spool.maintenance().hold(List.of(id));
    Files.createLink(ready, lab.only("held"));
    Claim claim = Lab.claim(spool);
    assertEquals(1, sweep());
    assertThrows(ClaimLostException.class, claim::complete);
    assertEquals(List.of(id), Aftermath.ids(spool, JobState.HELD));
  }

  @Test
  void ofTwoNamesOfOneJobTheLowerGoes() throws Exception {
    DirectorySpool spool = lab.openWorker();
    JobId id = spool.enqueue(Job.of("x"));
    Path ready = lab.only("new");
    Files.createLink(lab.root.resolve("tmp").resolve(id.value()), ready);
    assertEquals(1, sweep());
    assertEquals(List.of(), lab.names("tmp"));
    Claim claim = Lab.claim(spool);
    Files.createLink(ready, lab.only("cur"));
    assertEquals(1, sweep());
    assertEquals(List.of(), lab.names("new"));
    assertEquals("x", claim.payload().text());
    claim.complete();
  }

  @Test
  void aJobThatIsDoneStandsNowhereElse() throws Exception {
    DirectorySpool spool = lab.openWorker(Lab.OPTIONS.retention(Duration.ofDays(7)));
    JobId id = spool.enqueue(Job.of("x").key("k"));
    Claim claim = Lab.claim(spool);
    Path claimed = lab.only("cur");
    claim.complete();
    Path written = Files.createLink(lab.root.resolve("tmp").resolve(id.value()), lab.only("done"));
    Files.createLink(claimed, written);
    assertEquals(2, sweep());
    assertEquals(id, spool.enqueue(Job.of("again").key("k")));
    assertEquals(List.of(), lab.names("new"), "the enqueue published what was done long ago");
    assertEquals(1, lab.names("done").size());
  }

  @Test
  void aClaimThatWasBeingGivenBackComesBackAtOnce() throws Exception {
    String name = lab.claimedBy("dead");
    Files.createLink(lab.root.resolve("new").resolve(name + ":2,,a=1"), lab.only("cur"));
    lab.open().maintenance().recover();
    assertEquals(List.of(), lab.names("cur"), "a rename onto another name of the same file");
    assertEquals(List.of(name + ":2,,a=1"), lab.names("new"));
  }

  @Test
  void aDeadLetterStandsNowhereElse() throws Exception {
    lab.open().enqueue(Job.of("x"));
    Path ready = lab.only("new");
    Files.createLink(lab.root.resolve("failed").resolve(ready.getFileName()), ready);
    assertEquals(1, sweep());
    assertEquals(List.of(), lab.names("new"));
    assertEquals(1, lab.names("failed").size());
  }

  @Test
  void twoJobsOfOneInodeAreTwo() throws Exception {
    DirectorySpool spool = lab.openWorker();
    Path file = Files.writeString(directory.resolve("file"), "x");
    Path link = Files.createLink(directory.resolve("link"), file);
    JobId first = spool.enqueue(Job.of(Payload.adopt(file)));
    Lab.claim(spool).reject("never");
    JobId second = spool.enqueue(Job.of(Payload.adopt(link)));
    Files.createLink(lab.root.resolve("tmp").resolve(second.value()), lab.only("new"));
    assertEquals(1, sweep(), "of the second one there are two names");
    assertEquals(List.of(first), Aftermath.ids(spool, JobState.FAILED));
    assertEquals(List.of(second), Aftermath.ids(spool, JobState.READY));
    assertEquals(List.of(), lab.names("tmp"));
  }

  @Test
  void aDeliveryIsTheSameJobAfterItsFirstMove() throws Exception {
    DirectorySpool spool = lab.openWorker();
    for (String name : List.of("mail", "a".repeat(EntryNameBase.MAX_LENGTH - 5), "b".repeat(250))) {
      Path ready = lab.deliver(name, "mail");
      Claim claim = Lab.claim(spool);
      Files.createLink(ready, lab.only("cur"));
      assertEquals(1, sweep(), name);
      assertEquals(List.of(), lab.names("new"));
      claim.complete();
    }
  }

  @Test
  void aKeyThatBecameAnotherNameOfAJobIsFreeAgain() throws Exception {
    DirectorySpool spool = lab.open();
    JobId id = spool.enqueue(Job.of("x").key("k"));
    String home = lab.only("keys").getFileName().toString();
    spool.maintenance().discard(List.of(id));
    spool.enqueue(Job.of("y"));
    Files.createLink(lab.root.resolve("keys").resolve(home), lab.only("new"));
    assertEquals(1, sweep());
    spool.enqueue(Job.of("z").key("k"));
    assertEquals(2, lab.names("new").size());
  }

  @Test
  void aNameElsewhereIsNobodysBusiness() throws Exception {
    lab.open().enqueue(Job.of("x").key("k"));
    Files.createLink(directory.resolve("backup"), lab.only("new"));
    assertEquals(0, sweep());
    assertEquals(1, lab.names("new").size());
  }

  // ---- what belongs to jobs that are gone ----

  @Test
  void doneJobsGoAfterTheirRetention() throws Exception {
    SpoolOptions retaining = Lab.OPTIONS.retention(Duration.ofDays(7));
    DirectorySpool spool = lab.openWorker(retaining);
    spool.enqueue(Job.of("x"));
    Claim claim = Lab.claim(spool);
    lab.time.advance(Duration.ofDays(30)); // since it was written; that does not count
    claim.complete();
    lab.time.advance(Duration.ofDays(6));
    assertEquals(0, spool.maintenance().recover().swept());
    lab.time.advance(Duration.ofDays(2));
    assertEquals(1, spool.maintenance().recover().swept());
    assertEquals(List.of(), lab.names("done"));
  }

  @Test
  void withoutRetentionNothingIsSweptFromDone() throws Exception {
    DirectorySpool spool = lab.openWorker(Lab.OPTIONS.retention(Duration.ofDays(7)));
    spool.enqueue(Job.of("x"));
    Lab.claim(spool).complete();
    lab.time.advance(Duration.ofDays(3650));
    assertEquals(0, sweep());
  }

  @Test
  void logsOfJobsThatAreGoneAreSwept() throws Exception {
    DirectorySpool spool = lab.openWorker();
    JobId id = spool.enqueue(Job.of("x"));
    Lab.claim(spool).retry(Lab.LONG, "busy");
    Files.writeString(lab.root.resolve("errors/no-such-job.log"), "{}\n");
    Files.writeString(lab.root.resolve("errors/notes"), "an operator's");
    lab.time.advance(YOUNG);
    assertEquals(0, spool.maintenance().recover().swept());
    lab.time.advance(OLD.minus(YOUNG));
    assertEquals(1, spool.maintenance().recover().swept());
    assertEquals(List.of(id.value() + ".log", "notes"), lab.names("errors"));
  }

  @Test
  void logsBehindManyOfLivingJobsHaveTheirTurnToo() throws Exception {
    int living = 12_000;
    for (int i = 0; i < living; i++) {
      String unique = "1767225600.M%06dP1Q1R0000000000000000.h".formatted(i);
      Files.createFile(lab.root.resolve("failed/" + unique));
      Files.createFile(lab.root.resolve("errors/" + unique + ".log"));
    }
    for (int i = 0; i < 2_000; i++) {
      Files.createFile(lab.root.resolve("errors/no-such-job" + i + ".log"));
    }
    DirectorySpool spool = lab.open();
    long swept = 0;
    for (int round = 0; round < 4; round++) {
      lab.time.advance(OLD);
      swept += spool.maintenance().recover().swept();
    }
    assertEquals(2_000, swept);
    assertEquals(living, lab.names("errors").size());
  }

  @Test
  void aDotFileDoesNotStopTheSweep() throws Exception {
    Files.writeString(lab.root.resolve("new/.nfs0001"), "x");
    Files.writeString(lab.root.resolve("errors/no-such-job.log"), "{}\n");
    lab.time.advance(OLD);
    assertEquals(1, sweep());
  }

  @Test
  void aJobThatMovesDuringTheLookKeepsItsLog() throws Exception {
    DirectorySpool spool = lab.openWorker();
    spool.enqueue(Job.of("x"));
    Lab.claim(spool).retry(Duration.ofDays(9999), "busy");
    lab.time.advance(OLD);
    Path delayed = lab.only("delayed");
    DirectorySpool sweeping = lab.open();
    lab.faults.forget();
    lab.faults
        .on("list delayed")
        .first(
            () -> {
              if (lab.faults.count("list errors") > 0 && Files.exists(delayed)) {
                Files.move(delayed, lab.root.resolve("new").resolve(delayed.getFileName()));
              }
            });
    sweeping.maintenance().recover();
    assertEquals(1, lab.names("new").size());
    assertEquals(1, lab.names("errors").size(), "the log of a living job was deleted");
  }

  // ---- what goes wrong ----

  @Test
  void whatCannotBeSweptKeepsNothingElse() throws Exception {
    tmp("1");
    tmp("2");
    tmp("3");
    lab.time.advance(OLD);
    lab.faults.on("delete tmp/[123]").nth(1).fails(Faults.broken());
    DirectorySpool spool = lab.open();
    assertThrows(Exception.class, () -> spool.maintenance().recover());
    assertEquals(1, lab.names("tmp").size());
    lab.faults.clear();
    assertTrue(spool.maintenance().recover().swept() > 0);
    assertEquals(List.of(), lab.names("tmp"));
  }

  @Test
  void aLogThatAnotherRecovererSweptFirstIsNoTrouble() throws Exception {
    Path log = Files.writeString(lab.root.resolve("errors/gone.log"), "x");
    lab.time.advance(OLD);
    lab.faults.on("delete errors/.*").first(() -> Files.delete(log));
    assertEquals(0, sweep());
    assertEquals(List.of(), lab.names("errors"));
  }
}
