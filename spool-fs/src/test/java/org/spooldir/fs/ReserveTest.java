package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spooldir.Claim;
import org.spooldir.Failure;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.SettleContract;
import org.spooldir.SettleContract.Settle;
import org.spooldir.SpoolException;
import org.spooldir.SpoolFullException;

/** A full disk, and the room set aside for it. */
class ReserveTest extends SpoolTest {

  private static final int SIZE = 100_000;
  private static final SpoolOptions OPTIONS = Lab.OPTIONS.reserve(SIZE);

  private Path reserve;
  private DirectorySpool spool;

  @BeforeEach
  void openSpool() throws Exception {
    reserve = lab.root.resolve("spool.reserve");
    spool = lab.openWorker(OPTIONS); // the first round of recovery has made it
    assertEquals(SIZE, Files.size(reserve));
  }

  /** Nothing that needs room succeeds as long as the reserve stands. */
  private void fillDisk(String steps) {
    lab.faults
        .on(steps)
        .first(
            () -> {
              if (Files.exists(reserve)) {
                throw Faults.full();
              }
            });
  }

  @Test
  void aClaimTakesTheReserve() throws Exception {
    spool.enqueue(Job.of("x"));
    fillDisk("rename new/.*");
    assertTrue(Lab.claim(spool).isHeld());
    assertFalse(Files.exists(reserve));
    assertEquals(2, lab.faults.count("rename new/.*"));
  }

  @Test
  void everySettlementThatNeedsRoomTakesTheReserve() throws Exception {
    for (Settle way : SettleContract.everyWay()) {
      spool.enqueue(Job.of("x"));
      Claim claim = Lab.claim(spool);
      fillDisk("(rename cur/|append ).*");
      way.settle(claim);
      lab.faults.clear();
      assertEquals(List.of(), lab.names("cur"));
      spool.maintenance().discard(List.of(claim.id()));
      spool.maintenance().recover();
      assertTrue(Files.exists(reserve));
    }
  }

  @Test
  void aNoteThatAFullDiskCutOffIsWrittenAgainAndReadable() throws Exception {
    JobId id = spool.enqueue(Job.of("x"));
    Claim claim = Lab.claim(spool);
    Path log = lab.root.resolve("errors").resolve(id + ".log");
    lab.faults
        .on("append .*")
        .nth(1)
        .first(
            () -> {
              Files.writeString(log, "{\"at\":\"2026-01-01T00:0");
              throw Faults.full();
            });
    claim.retry(Lab.LONG, "busy");
    List<Failure> failures = spool.inspector().read(id).orElseThrow().failures();
    assertEquals("busy", failures.get(failures.size() - 1).reason());
  }

  @Test
  void completingNeedsNoRoom() throws Exception {
    spool.enqueue(Job.of("x"));
    Claim claim = Lab.claim(spool);
    fillDisk("(create|write|rename|link|append|mkdir|overwrite) .*");
    claim.complete();
    assertTrue(Files.exists(reserve));
  }

  @Test
  void keepingADoneJobTakesTheReserve() throws Exception {
    DirectorySpool retaining = lab.another().open(OPTIONS.retention(Lab.LONG));
    retaining.enqueue(Job.of("x"));
    Claim claim = Lab.claim(retaining);
    Files.deleteIfExists(reserve);
    claim.complete();
    assertEquals(1, lab.names("done").size());
  }

  @Test
  void aSignOfLifeTakesTheReserve() throws Exception {
    List<String> before = lab.names("workers");
    for (String step : List.of("create workers/.*", "write workers/.*")) {
      spool.enqueue(Job.of("x"));
      Lab other = lab.another();
      DirectorySpool starting = other.open(OPTIONS);
      other.faults.on(step).nth(1).fails(Faults.full());
      Lab.claim(starting).complete();
      starting.close();
      assertEquals(before, lab.names("workers"), "left after " + step);
      spool.maintenance().recover();
    }
  }

  @Test
  void recoveryTakesTheReserve() throws Exception {
    lab.claimedBy("gone.1.abcdefg");
    fillDisk("rename cur/.*");
    assertEquals(1, spool.maintenance().recover().recovered());
  }

  @Test
  void aDueJobTakesTheReserve() throws Exception {
    spool.enqueue(Job.of("x").delay(Lab.LONG));
    lab.time.advance(Lab.LONG);
    fillDisk("rename delayed/.*");
    assertTrue(Lab.claim(spool).isHeld());
  }

  @Test
  void producersNeverTakeIt() throws Exception {
    fillDisk("(create|write|rename) tmp/.*");
    assertThrows(SpoolFullException.class, () -> spool.enqueue(Job.of("x")));
    assertTrue(Files.exists(reserve));
  }

  @Test
  void anotherWorkersReserveHelpsToo() throws Exception {
    spool.enqueue(Job.of("x"));
    lab.faults
        .on("rename new/.*")
        .nth(1)
        .first(
            () -> {
              Files.delete(reserve); // by the other worker, in this moment
              throw Faults.full();
            });
    assertTrue(Lab.claim(spool).isHeld());
  }

  @Test
  void ifTheReserveIsNotEnoughTheJobStays() throws Exception {
    spool.enqueue(Job.of("x"));
    lab.faults.on("rename new/.*").fails(Faults.full());
    assertThrows(SpoolFullException.class, spool::claim);
    assertEquals(1, lab.names("new").size());
    assertEquals(2, lab.faults.count("rename new/.*"));
  }

  @Test
  void anotherErrorTakesNothing() throws Exception {
    spool.enqueue(Job.of("x"));
    lab.faults.on("rename new/.*").fails(Faults.broken());
    assertThrows(SpoolException.class, spool::claim);
    assertTrue(Files.exists(reserve));
  }

  @Test
  void itIsMadeAgainOnceThereIsRoomAndOnlyThen() throws Exception {
    Files.delete(reserve);
    lab.faults.roomFor(4 * SIZE - 1);
    spool.maintenance().recover();
    assertFalse(Files.exists(reserve));
    lab.faults.roomFor(4 * SIZE);
    spool.maintenance().recover();
    assertEquals(SIZE, Files.size(reserve));
    assertEquals(List.of(), lab.names("tmp"));
  }

  @Test
  void ifItCannotBeMadeAgainNothingIsLeft() throws Exception {
    Files.delete(reserve);
    lab.faults.on("write tmp/.*").nth(1).fails(Faults.full());
    assertThrows(SpoolException.class, () -> spool.maintenance().recover());
    assertFalse(Files.exists(reserve));
    assertEquals(List.of(), lab.names("tmp"));
  }

  @Test
  void producersLeaveFreeWhatTheyWereToldTo() throws Exception {
    DirectorySpool producer = lab.open(OPTIONS.keepFree(1_000_000));
    lab.faults.roomFor(999_999);
    SpoolFullException thrown =
        assertThrows(SpoolFullException.class, () -> producer.enqueue(Job.of("x")));
    assertTrue(thrown.getMessage().contains("1000000"), thrown.getMessage());
    lab.faults.roomFor(1_000_000);
    producer.enqueue(Job.of("x"));
  }

  // ---- setting it aside again ----

  @Test
  void whatCannotBeMadeLeavesNothingAndSaysWhy() throws Exception {
    Files.delete(reserve);
    lab.faults.roomFor(1L << 30);
    for (String step : List.of("create tmp/.*", "write tmp/.*", "force tmp/.*", "rename tmp/.*")) {
      lab.faults.on(step).fails(Faults.broken());
      SpoolException thrown =
          assertThrows(SpoolException.class, () -> spool.maintenance().recover(), step);
      assertTrue(thrown.getMessage().contains("Input/output error"), thrown.getMessage());
      assertEquals(List.of(), lab.names("tmp"), step);
      lab.faults.clear();
    }
  }

  @Test
  void aReserveThatMayNotBeGivenUpIsAFullDisk() throws Exception {
    spool.enqueue(Job.of("x"));
    fillDisk("rename new/.*");
    lab.faults.on("delete spool.reserve").fails(new AccessDeniedException("spool.reserve"));
    assertThrows(SpoolFullException.class, () -> spool.claim());
  }
}
