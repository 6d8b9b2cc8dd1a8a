package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.spooldir.Claim;
import org.spooldir.ClaimLostException;
import org.spooldir.Job;
import org.spooldir.JobState;
import org.spooldir.SpoolEvent;
import org.spooldir.SpoolException;
import org.spooldir.SpoolFullException;

/** C3 in a drop box: what another user can still write to is copied, and the copy is checked. */
class CopiesTest extends SpoolTest {

  private static final String LARGE = "0123456789".repeat(100_000);
  private static final Duration OLD = Duration.ofHours(37);

  private final Shorthand shorthand = new Shorthand();

  private DirectorySpool openDropBox() throws Exception {
    lab.makeDropBoxOfOthers();
    return lab.openWorker();
  }

  private void overwriteEntry() throws Exception {
    Files.writeString(lab.only("cur"), "forged", StandardOpenOption.WRITE);
  }

  @Test
  void theCopyIsMadeInTmpAfterTheClaimAndGoesWithIt() throws Exception {
    DirectorySpool spool = openDropBox();
    spool.enqueue(Job.of("x"));
    String held = "cur/J1:2,,a=1,t,w=W1.1";
    assertEquals(
        List.of(
            "rename new/J1 " + held, // C2
            "lstat " + held, // C3
            "read " + held,
            "create tmp/w=W1.1",
            "write tmp/w=W1.1",
            "stat tmp/w=W1.1",
            "read tmp/w=W1.1",
            "delete " + held, // D1
            "delete tmp/w=W1.1"),
        shorthand.all(lab.faults.during(() -> Lab.claim(spool).complete())).stream()
            .filter(call -> !call.matches("\\w+ (workers|new|delayed|errors)(/[^ ]*)?"))
            .toList());
  }

  @Test
  void whatIsWrittenAfterTheClaimReachesNoHandler() throws Exception {
    DirectorySpool spool = openDropBox();
    for (String text : List.of("short", LARGE)) {
      spool.enqueue(Job.of(text).attribute("a", "b"));
      Claim claim = Lab.claim(spool);
      overwriteEntry();
      assertEquals(text, claim.payload().text());
      assertEquals(text, claim.payload().text());
      Path file = DirectorySpool.file(claim.payload()).orElseThrow();
      assertTrue(Files.readString(file).endsWith("\n\n" + text), "the file is the copy");
      assertEquals("b", claim.attributes().get("a"));
      claim.complete();
    }
    assertEquals(List.of(), lab.names("tmp"));
  }

  @Test
  void whatIsCheckedIsWhatIsCopied() throws Exception {
    DirectorySpool spool = openDropBox();
    spool.enqueue(Job.of(LARGE));
    lab.faults.on("write tmp/w=.*").nth(3).first(() -> forgeEnd());
    assertEquals(Optional.empty(), spool.claim());
    assertEquals(1, lab.names("failed").size());
    assertEquals(List.of(), lab.names("tmp"));
  }

  private void forgeEnd() throws IOException {
    try (var file = new RandomAccessFile(lab.only("cur").toFile(), "rw")) {
      file.seek(LARGE.length() - 1);
      file.write('!');
    }
  }

  @Test
  void whatItsOwnerAppendsMeanwhileIsLeftBehind() throws Exception {
    DirectorySpool spool = openDropBox();
    lab.deliver("endless", LARGE);
    lab.faults
        .on("write tmp/w=.*")
        .nth(1)
        .first(() -> Files.writeString(lab.only("cur"), LARGE, StandardOpenOption.APPEND));
    assertEquals(LARGE, Lab.claim(spool).payload().text());
  }

  @Test
  void ownEntriesAreNotCopied() throws Exception {
    DirectorySpool spool = openDropBox();
    lab.faults.ownedBy(-1);
    spool.enqueue(Job.of("x"));
    lab.faults.forget();
    Lab.claim(spool).complete();
    assertEquals(0, lab.faults.count("create .*"));
  }

  // ---- a full disk ----

  @Test
  void aFullDiskCostsTheReserveAndNoAttempt() throws Exception {
    lab.makeDropBoxOfOthers();
    DirectorySpool spool = lab.openWorker(Lab.OPTIONS.reserve(1));
    spool.enqueue(Job.of("x"));
    Files.writeString(lab.root.resolve("spool.reserve"), "r");
    lab.faults.on("write tmp/w=.*").nth(1).fails(Faults.full());
    Lab.claim(spool).release();
    assertTrue(Files.notExists(lab.root.resolve("spool.reserve")));
    lab.faults.on("write tmp/w=.*").fails(Faults.full());
    assertThrows(SpoolFullException.class, spool::claim);
    assertEquals(List.of(), lab.names("tmp"));
    assertEquals(0, lab.layout().nameOf(lab.only("delayed")).attempts());
  }

  @Test
  void aLinkWhereTheCopyIsToBeMadeIsNotFollowed() throws Exception {
    DirectorySpool spool = openDropBox();
    spool.enqueue(Job.of("x"));
    Path file = Files.writeString(directory.resolve("file"), "not to be touched");
    lab.faults
        .on("create tmp/w=.*")
        .first(
            () -> {
              String making = lab.faults.last().get(lab.faults.last().size() - 1);
              Files.createSymbolicLink(lab.root.resolve(making.substring(7)), file);
            });
    assertThrows(SpoolException.class, spool::claim);
    assertEquals("not to be touched", Files.readString(file));
    assertEquals(1, lab.names("delayed").size());
  }

  @Test
  void whereNoCopyCanBeMadeTheJobIsKept() throws Exception {
    DirectorySpool spool = openDropBox();
    spool.enqueue(Job.of("x"));
    lab.faults.on("create tmp/w=.*").fails(new AccessDeniedException("tmp"));
    SpoolException told = assertThrows(SpoolException.class, spool::claim);
    assertTrue(told.getMessage().contains("tmp/ is gone, or may not be written"), told::getMessage);
    assertEquals(1, lab.names("delayed").size());
  }

  // ---- a crash, a lost claim ----

  @Test
  void theCopyOfADeadWorkerGoesWhenItsClaimComesBack() throws Exception {
    DirectorySpool dead = openDropBox();
    dead.enqueue(Job.of("x"));
    Lab.claim(dead);
    lab.faults.die();
    assertEquals(1, lab.names("tmp").size());
    lab.declareWorkersDead();
    assertEquals(1, lab.another().open().maintenance().recover().recovered()); // R0
    assertEquals(List.of(), lab.names("tmp"));
    assertEquals(1, lab.names("new").size());
  }

  @Test
  void theCopyOfALostClaimGoes() throws Exception {
    DirectorySpool spool = openDropBox();
    spool.enqueue(Job.of("x"));
    Claim claim = Lab.claim(spool);
    Files.move(lab.only("cur"), lab.root.resolve("held/moved"));
    assertThrows(ClaimLostException.class, claim::complete);
    assertEquals(List.of(), lab.names("tmp"));
  }

  @Test
  void aCopyThatCannotBeRemovedIsToldAndTheJobIsDone() throws Exception {
    DirectorySpool spool = openDropBox();
    spool.enqueue(Job.of("x"));
    Claim claim = Lab.claim(spool);
    lab.faults.on("delete tmp/w=.*").fails(Faults.broken());
    claim.complete();
    assertEquals(List.of(), lab.names("cur"));
    assertTrue(
        lab.events.stream()
            .anyMatch(
                event ->
                    event instanceof SpoolEvent.Trouble trouble
                        && trouble.what().contains("cannot remove the copy of job " + claim.id())));
  }

  @Test
  void aCopyIsNotSweptWhileItsWorkerLives() throws Exception {
    DirectorySpool spool = openDropBox();
    spool.enqueue(Job.of("x"));
    Claim claim = Lab.claim(spool);
    for (String name : List.of("w=.1", "w=..1", "w=...1", "w=", "w=host.1.abcdefg.1", "w=x")) {
      Files.writeString(lab.root.resolve("tmp").resolve(name), "made to look like a copy");
    }
    lab.time.advance(OLD);
    Sweeper sweeper = new Sweeper(lab.site(Lab.OPTIONS));
    assertEquals(6, sweeper.sweep(false, lab.time.ofFile(Instant.now())));
    assertEquals(1, lab.names("tmp").size());
    assertEquals("x", claim.payload().text());
    claim.complete();
    assertEquals(0, spool.inspector().stats().jobs(JobState.READY));
  }

  @Test
  void whoseCopyIsTakenAwayIsOfferedAgain() throws Exception {
    DirectorySpool spool = openDropBox();
    spool.enqueue(Job.of(LARGE));
    lab.faults.on("stat tmp/w=.*").nth(1).first(() -> Files.delete(lab.only("tmp")));
    SpoolException thrown = assertThrows(SpoolException.class, () -> spool.claim());
    assertTrue(thrown.getMessage().contains("removed it from tmp/"), thrown.getMessage());
    assertEquals(1, lab.names("delayed").size());
  }
}
