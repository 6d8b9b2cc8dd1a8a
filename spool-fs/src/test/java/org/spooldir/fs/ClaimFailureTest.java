package org.spooldir.fs;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.JobSnapshot;
import org.spooldir.JobState;
import org.spooldir.SpoolException;

/** C0 to C3 when the system says no. */
class ClaimFailureTest extends SpoolTest {

  /** Claims until nothing is left or this often; what was claimed. */
  private static List<JobId> claims(DirectorySpool spool, int calls) {
    List<JobId> claimed = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      try {
        spool.claim().map(Claim::id).ifPresent(claimed::add);
      } catch (SpoolException e) {
        // told, and gone on from
      }
    }
    return claimed;
  }

  private Optional<JobState> state(DirectorySpool spool, JobId id) throws Exception {
    return spool.inspector().find(id).map(JobSnapshot::state);
  }

  @Test
  void anEntryThatMayNotBeRenamedStopsNobody() throws Exception {
    DirectorySpool spool = lab.openWorker();
    JobId stuck = spool.enqueue(Job.of("stuck").priority(9));
    JobId good = spool.enqueue(Job.of("good"));
    String rename = "rename new/" + stuck.value().replace(".", "\\.") + ".*";
    lab.faults.on(rename).fails(new AccessDeniedException("x"));
    assertEquals(good, Lab.claim(spool).id());
  }

  @Test
  void anEntryThatMayNotBeRenamedIsNoHotLoop() throws Exception {
    DirectorySpool spool = lab.openWorker();
    JobId stuck = spool.enqueue(Job.of("stuck").priority(9));
    spool.enqueue(Job.of("good"));
    String rename = "rename new/" + stuck.value().replace(".", "\\.") + ".*";
    lab.faults.on(rename).fails(new AccessDeniedException("x"));
    claims(spool, 50);
    lab.time.advance(Duration.ofSeconds(59));
    claims(spool, 50);
    // RACE: once more if its arrival is heard of in the moment in which it is tried.
    assertTrue(lab.faults.count(rename) <= 2, "tried again and again");
    lab.faults.clear();
    lab.time.advance(Duration.ofSeconds(2));
    assertEquals(List.of(stuck), claims(spool, 3));
  }

  @Test
  void sixteenThatMayNotBeRenamedMeanThatNoneMay() throws Exception {
    DirectorySpool spool = lab.openWorker();
    spool.enqueueAll(Collections.nCopies(40, Job.of("x")));
    lab.faults.on("rename new/.*").fails(new AccessDeniedException("x"));
    assertThrows(SpoolException.class, spool::claim);
    assertEquals(16, lab.faults.count("rename new/.*"));
  }

  @Test
  void anErrorBetweenTheClaimAndItsHolderGivesTheJobBack() throws Exception {
    for (String step : List.of("rename new/.* cur/.*", "stat cur/.*", "read cur/.*")) {
      DirectorySpool spool = lab.openWorker();
      JobId id = spool.enqueue(Job.of("x"));
      lab.faults
          .on(step)
          .nth(1)
          .first(
              () -> {
                throw new OutOfMemoryError("made by a test");
              });
      assertThrows(OutOfMemoryError.class, spool::claim, step);
      lab.faults.clear();
      assertEquals(Optional.of(JobState.READY), state(spool, id), step);
      Claim claim = Lab.claim(spool);
      assertEquals(1, claim.attempt(), step);
      claim.complete();
    }
  }

  @Test
  void ifTheJobCannotBeGivenBackThatIsToldAsWell() throws Exception {
    DirectorySpool spool = lab.openWorker();
    spool.enqueue(Job.of("x"));
    lab.faults
        .on("read cur/.*")
        .first(
            () -> {
              throw new OutOfMemoryError("made by a test");
            });
    lab.faults.on("rename cur/.* new/.*").fails(Faults.broken());
    OutOfMemoryError thrown = assertThrows(OutOfMemoryError.class, spool::claim);
    assertEquals(1, thrown.getSuppressed().length);
  }

  @Test
  void anEntryThatCannotBeRenamedIsNotTheFirstToBeTriedAgain() throws Exception {
    DirectorySpool spool =
        lab.open(); // listens only when all is there: no late news of the bad one
    JobId bad = spool.enqueue(Job.of("bad").priority(9));
    JobId good = spool.enqueue(Job.of("good"));
    lab.faults.on("rename new/" + bad.value() + ".*").fails(Faults.broken());
    assertThrows(SpoolException.class, spool::claim);
    assertEquals(good, Lab.claim(spool).id());
    assertEquals(Optional.empty(), spool.claim(), "left alone for a while");
  }

  @Test
  void aDirectoryThatMayNotBeChangedIsTold() throws Exception {
    DirectorySpool spool = lab.openWorker();
    spool.enqueue(Job.of("x"));
    lab.faults.on("rename new/.*").fails(new AccessDeniedException("x"));
    SpoolException thrown = assertThrows(SpoolException.class, spool::claim);
    assertTrue(thrown.getMessage().contains("permission denied"), thrown.getMessage());
    assertFalse(thrown.mayRetry());
  }

  @Test
  void aListingThatFailsIsToldAndTriedAgain() throws Exception {
    DirectorySpool spool = lab.openWorker();
    lab.faults.on("list new").nth(1).fails(Faults.broken());
    assertThrows(SpoolException.class, spool::claim);
    JobId id = spool.enqueue(Job.of("x"));
    assertEquals(id, Lab.claim(spool).id());
  }

  @Test
  void tooManyOpenFilesIsToldWithWhatToDo() throws Exception {
    DirectorySpool spool = lab.openWorker();
    lab.faults.on("list new").fails(new FileSystemException("x", null, "Too many open files"));
    SpoolException thrown = assertThrows(SpoolException.class, spool::claim);
    assertTrue(thrown.getMessage().contains("raise the limit"), thrown.getMessage());
    assertTrue(thrown.mayRetry());
  }

  @Test
  void aJobThatCannotBeReadForTheMomentWaits() throws Exception {
    DirectorySpool spool = lab.openWorker();
    JobId bad = spool.enqueue(Job.of("bad"));
    JobId good = spool.enqueue(Job.of("good"));
    lab.faults.on("read cur/" + bad.value() + ".*").fails(Faults.broken());
    assertThrows(SpoolException.class, spool::claim);
    assertEquals(Optional.of(JobState.DELAYED), state(spool, bad));
    assertEquals(good, Lab.claim(spool).id());
    lab.faults.clear();
    lab.time.advance(Duration.ofSeconds(61));
    spool.maintenance().recover();
    assertEquals(bad, Lab.claim(spool).id());
    assertTrue(
        spool.inspector().read(bad).orElseThrow().failures().get(0).reason().contains("be read"));
  }

  @Test
  void aJobThatBecomesShorterUnderTheReaderWaitsAndIsRefusedThen() throws Exception {
    DirectorySpool spool = lab.openWorker();
    JobId id = spool.enqueue(Job.of("payload"));
    lab.faults.on("read cur/.*").nth(1).first(() -> Files.writeString(lab.only("cur"), "pay"));
    SpoolException thrown = assertThrows(SpoolException.class, spool::claim);
    assertTrue(thrown.getMessage().contains("becomes shorter"), thrown::toString);
    assertEquals(Optional.of(JobState.DELAYED), state(spool, id));
    lab.time.advance(Duration.ofSeconds(61));
    spool.maintenance().recover();
    assertEquals(Optional.empty(), spool.claim());
    assertEquals(Optional.of(JobState.FAILED), state(spool, id));
  }

  @Test
  void aJobThatMayNotBeReadIsADeadLetter() throws Exception {
    DirectorySpool spool = lab.openWorker();
    JobId id = spool.enqueue(Job.of("x"));
    lab.faults.on("read cur/.*").fails(new AccessDeniedException("x"));
    assertEquals(Optional.empty(), spool.claim());
    lab.faults.clear();
    assertEquals(Optional.of(JobState.FAILED), state(spool, id));
    assertTrue(
        spool.inspector().read(id).orElseThrow().failures().get(0).reason().contains("denied"));
  }

  @Test
  void aDamagedJobThatCannotBeSetAsideIsNotForgotten() throws Exception {
    DirectorySpool spool = lab.openWorker(Lab.OPTIONS.poll(Duration.ofMillis(20)));
    spool.enqueue(Job.of("x"));
    Files.writeString(lab.only("new"), "altered");
    lab.faults.on("rename cur/.* failed/.*").nth(1).fails(Faults.broken());
    assertThrows(SpoolException.class, spool::claim);
    await()
        .until(
            () -> {
              spool.claim();
              return lab.names("failed").size() == 1;
            });
    assertEquals(List.of(), lab.names("cur"));
  }

  @Test
  void aClaimThatCannotBeForcedIsNotKeptForEver() throws Exception {
    DirectorySpool spool =
        lab.openWorker(Lab.OPTIONS.durability(Durability.FULL).poll(Duration.ofMillis(20)));
    spool.enqueue(Job.of("x"));
    lab.faults.on("forceDirectory (cur|new)").nth(1).fails(Faults.broken());
    assertThrows(SpoolException.class, spool::claim);
    // "nothing is claimed": nobody has it, so nobody would ever settle it.
    await().until(() -> lab.names("cur").isEmpty());
  }

  @Test
  void aRenameThatIsDoneInSpiteOfItsErrorIsAClaim() throws Exception {
    DirectorySpool spool = lab.openWorker();
    JobId id = spool.enqueue(Job.of("x"));
    lab.faults.on("rename new/.*").failsAfterwards(Faults.broken());
    assertEquals(id, Lab.claim(spool).id());
  }

  @Test
  void aClaimOfWhichNobodyCanTellIsGivenBack() throws Exception {
    DirectorySpool spool = lab.openWorker(Lab.OPTIONS.poll(Duration.ofMillis(20)));
    JobId id = spool.enqueue(Job.of("x"));
    for (IOException told : List.of(Faults.broken(), new NoSuchFileException("new"))) {
      lab.faults.on("rename new/.*").nth(1).failsAfterwards(told);
      lab.faults.on("stat cur/.*").nth(1).fails(Faults.broken());
      try {
        assertEquals(Optional.empty(), spool.claim());
      } catch (SpoolException e) {
        // told, and gone on from
      }
      lab.faults.clear();
      await().until(() -> state(spool, id).equals(Optional.of(JobState.READY)));
      spool.maintenance().recover(); // so that it is offered at once
    }
  }

  @Test
  void aLinkToADirectoryThatIsGoneIsTold() throws Exception {
    DirectorySpool spool = lab.openWorker();
    spool.enqueue(Job.of("x"));
    Path cur = lab.root.resolve("cur");
    Path aside = Files.move(cur, directory.resolve("aside"));
    Files.createSymbolicLink(cur, aside);
    Claim claim = Lab.claim(spool);
    spool.enqueue(Job.of("y"));
    Path away = Files.move(aside, directory.resolve("away"));
    SpoolException thrown = assertThrows(SpoolException.class, spool::claim);
    assertTrue(thrown.getMessage().contains("is gone"), thrown::getMessage);
    assertThrows(SpoolException.class, claim::complete);
    assertTrue(claim.isHeld());
    Files.move(away, aside);
    claim.complete();
  }

  @Test
  void aPresenceThatCannotBeWrittenClaimsNothing() throws Exception {
    DirectorySpool spool = lab.open();
    JobId id = spool.enqueue(Job.of("x"));
    for (String step : List.of("create workers/.*", "write workers/.*")) {
      Lab other = lab.another(); // whose background tries as well, for as long as it is open
      try (DirectorySpool unable = other.open()) {
        other.faults.on(step).fails(Faults.broken());
        assertThrows(SpoolException.class, unable::claim, step);
        assertEquals(Optional.of(JobState.READY), state(spool, id));
      }
      assertEquals(List.of(), lab.names("workers"), step);
    }
    assertEquals(id, Lab.claim(spool).id());
    assertEquals(1, lab.names("workers").size(), "left behind: " + lab.names("workers"));
  }

  @Test
  void aSpoolThatIsClosedMeanwhileKeepsNoClaim() throws Exception {
    DirectorySpool spool = lab.openWorker();
    spool.enqueue(Job.of("x"));
    for (String step : List.of("list new", "create workers/.*", "rename new/.*", "read cur/.*")) {
      Lab other = lab.another();
      DirectorySpool closing = other.open();
      other.faults.on(step).nth(1).first(closing::close);
      assertEquals(Optional.empty(), closing.claim(), "closed before " + step);
      assertEquals(List.of(), lab.names("cur"), "closed before " + step);
      assertEquals(1, lab.names("new").size());
    }
  }

  @Test
  void aDamagedJobIsNoMatterToASpoolThatIsClosedMeanwhile() throws Exception {
    DirectorySpool spool = lab.openWorker();
    spool.enqueue(Job.of("x"));
    Files.writeString(lab.only("new"), "altered");
    lab.faults.on("stat cur/.*").nth(1).first(spool::close);
    assertEquals(Optional.empty(), spool.claim());
    assertEquals(List.of(), lab.names("cur"));
  }
}
