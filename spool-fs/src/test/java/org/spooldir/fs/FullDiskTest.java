package org.spooldir.fs;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.SpoolException;
import org.spooldir.SpoolException.InSpool;
import org.spooldir.SpoolFullException;
import org.spooldir.fs.Evidence.Section;

/** File systems without a free byte. Needs root. */
@Tag("privileged")
final class FullDiskTest extends MountedImage {

  private static final int JOBS = 600;

  private Path root;
  private Traffic traffic;

  private void open(String type, SpoolOptions options) throws Exception {
    switch (type) {
      case "ext4" -> mount("mkfs.ext4", "-q", "-F");
      case "tmpfs" -> mountMemory("size=16M");
      default -> mount("mkfs." + type, "-q");
    }
    root = mount.resolve("spool");
    traffic = new Traffic(root, options);
  }

  @AfterEach
  void close() throws Exception {
    if (traffic != null) {
      traffic.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs", "btrfs", "tmpfs"})
  void aProducerIsToldAndNothingIsHalfIn(String type) throws Exception {
    open(type, Traffic.OPTIONS);
    traffic.enqueue(10);
    Ballast ballast = Ballast.on(mount).ofBytes();
    int refused = 100;
    for (int i = 0; i < refused; i++) {
      SpoolException thrown = traffic.refused();
      assertTrue(thrown instanceof SpoolFullException, thrown::toString);
      assertTrue(thrown.mayRetry());
      assertEquals(List.of(), Shell.names(root.resolve("tmp")));
      assertEquals(10, Shell.names(root.resolve("new")).size());
    }
    assertTrue(Files.exists(root.resolve("spool.reserve")), "a producer took the reserve");
    ballast.throwOff();
    traffic.enqueue(1);
    traffic.work(1);
    traffic.awaitAllCompleted();
    traffic.assertOrderly();
    Evidence.of(Section.FULL_AND_FAILING, "no byte free, producer, " + type)
        .row(
            refused + " enqueues",
            "SpoolFullException, not in, may be tried again, nothing in tmp/",
            refused + " refused so, 11 acknowledged before and after completed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs", "btrfs", "tmpfs"})
  void aProducerOfManyIsToldWhichAreIn(String type) throws Exception {
    open(type, Traffic.OPTIONS.durability(Durability.PROCESS));
    Ballast.on(mount).ofBytesBut(7 << 20); // more than one batch of a thousand, less than all
    List<Job> jobs = Collections.nCopies(4000, Job.of("x".repeat(3000)));
    SpoolFullException thrown =
        assertThrows(SpoolFullException.class, () -> traffic.spool().enqueueAll(jobs));
    int in = thrown.enqueued().size();
    assertTrue(in >= 1000 && in < jobs.size(), () -> in + " are in");
    assertEquals(InSpool.NO, thrown.jobIn());
    assertEquals(
        thrown.enqueued().stream().map(id -> id.value()).sorted().toList(),
        Shell.names(root.resolve("new")).stream()
            .map(n -> n.substring(0, n.indexOf(',')))
            .toList());
    assertEquals(List.of(), Shell.names(root.resolve("tmp")));
    Evidence.of(Section.FULL_AND_FAILING, "room runs out in enqueueAll, " + type)
        .row(
            jobs.size() + " jobs in one call",
            "the exception names exactly the jobs that are in",
            in + " named and in new/, none half in");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs", "btrfs", "tmpfs"})
  void theReserveLetsAFullSpoolDrain(String type) throws Exception {
    open(type, Traffic.OPTIONS);
    traffic.enqueue(JOBS);
    Ballast ballast = Ballast.on(mount).ofBytes();
    Path reserve = root.resolve("spool.reserve");
    assertTrue(Files.exists(reserve));

    List<Claim> claims = claimAll();
    assertEquals(JOBS, claims.size());
    assertFalse(Files.exists(reserve), "it was not needed: the disk is not full");
    int rejected = 0;
    int retried = 0;
    for (int i = 0; i < claims.size(); i++) {
      if (i % 20 == 0) {
        claims.get(i).reject("never");
        rejected++;
      } else if (i % 20 == 10) {
        claims.get(i).retry(Duration.ofMillis(10), "busy");
        retried++;
      } else {
        claims.get(i).complete();
      }
    }
    traffic.work(2);
    await()
        .atMost(Traffic.PATIENCE)
        .until(() -> Shell.names(root.resolve("cur")).isEmpty() && isEmpty("delayed", "new"));
    assertEquals(rejected, Shell.names(root.resolve("failed")).size());
    assertEquals(rejected, Shell.names(root.resolve("errors")).size(), "reasons");

    ballast.throwOff();
    await().atMost(Traffic.PATIENCE).until(() -> Files.exists(reserve));
    Evidence.of(Section.FULL_AND_FAILING, "no byte free, worker, reserve of 2 MB, " + type)
        .row(
            JOBS + " jobs, all claimed at once",
            "all are claimed and settled; the reserve is made again when there is room",
            "%d completed, %d retried and completed, %d rejected with their reasons, reserve back"
                .formatted(JOBS - rejected - retried, retried, rejected));
  }

  private boolean isEmpty(String... directories) throws Exception {
    for (String each : directories) {
      if (!Shell.names(root.resolve(each)).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  private List<Claim> claimAll() throws Exception {
    List<Claim> claims = new ArrayList<>();
    claimAll(claims);
    return claims;
  }

  /** Claims what is ready, and keeps what it has if it cannot have all. */
  private void claimAll(List<Claim> claims) throws Exception {
    for (var claim = traffic.spool().claim(); claim.isPresent(); claim = traffic.spool().claim()) {
      claims.add(claim.get());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs"})
  void withoutAReserveWorkersAreToldAndWaitForRoom(String type) throws Exception {
    open(type, Traffic.OPTIONS.reserve(0));
    assertEquals(List.of(), claimAll()); // from now on it is at work
    traffic.enqueue(JOBS);
    Ballast ballast = Ballast.on(mount).ofBytes();
    List<Claim> claims = new ArrayList<>();
    SpoolFullException thrown = assertThrows(SpoolFullException.class, () -> claimAll(claims));
    assertTrue(thrown.mayRetry());
    assertEquals(InSpool.YES, thrown.jobIn());
    traffic.work(2);
    traffic.awaitTroubleWithoutHotLoop(8);
    assertEquals(claims.size(), Shell.names(root.resolve("cur")).size());
    assertEquals(JOBS - claims.size(), Shell.names(root.resolve("new")).size());

    ballast.throwOff();
    for (Claim claim : claims) {
      claim.complete();
    }
    traffic.relieve();
    traffic.awaitAllCompleted();
    traffic.assertOrderly();
    Evidence.of(Section.FULL_AND_FAILING, "no byte free, worker at work, no reserve, " + type)
        .row(
            JOBS + " jobs",
            "claim throws SpoolFullException; no hot loop; nothing lost",
            "%d claimed before the disk said no; %d waited, and were completed when there was room"
                .formatted(claims.size(), JOBS - claims.size()));
  }

  @Test
  void aWorkerThatStartsOnAFullDiskWithoutAReserveWaitsForRoom() throws Exception {
    open("tmpfs", Traffic.OPTIONS.reserve(0));
    traffic.enqueue(JOBS);
    Ballast ballast = Ballast.on(mount).ofBytes();
    traffic.work(2);
    traffic.awaitTroubleWithoutHotLoop(25);
    assertEquals(JOBS, Shell.names(root.resolve("new")).size());
    assertEquals(List.of(), Shell.names(root.resolve("workers")), "half a presence");
    ballast.throwOff();
    traffic.awaitAllCompleted();
    traffic.assertOrderly();
    Evidence.of(Section.FULL_AND_FAILING, "no byte free, worker starts, no reserve, tmpfs")
        .row(
            JOBS + " jobs",
            "it claims nothing without a presence; no hot loop; nothing lost",
            "no half presence, all " + JOBS + " completed when there was room");
  }
}
