package org.spooldir.fs;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.JobState;
import org.spooldir.SpoolEvent;
import org.spooldir.SpoolException;
import org.spooldir.SpoolFullException;
import org.spooldir.fs.Evidence.Section;

/** File systems with much room, but no inode for one more file. Needs root. */
@Tag("privileged")
final class FullInodesTest extends MountedImage {

  private static final int JOBS = 300;
  private static final int REFUSED = 50;

  private final Queue<SpoolEvent.Trouble> troubles = new ConcurrentLinkedQueue<>();
  private Traffic traffic;

  @AfterEach
  void close() throws Exception {
    if (traffic != null) {
      traffic.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs", "tmpfs"})
  void withoutAFreeInodeProducersAreToldAndWorkersDrain(String type) throws Exception {
    Path root = make(type);
    traffic = new Traffic(root, Traffic.OPTIONS);
    traffic.enqueue(JOBS);
    Ballast ballast = Ballast.on(mount).ofInodes();
    assertTrue(Files.getFileStore(mount).getUsableSpace() > 10 << 20, "the disk itself is full");
    assertProducersAreToldAndWorkersDrain(root, ballast);
    Evidence.of(Section.FULL_AND_FAILING, "no inode free, " + type)
        .row(
            REFUSED + " enqueues, then " + JOBS + " jobs drained",
            "producer: SpoolFullException, nothing in tmp/; worker: starts, takes the reserve, drains",
            "all refused so, all drained, reserve taken and made again when there was room");
  }

  /** The spool to be, where there are few inodes. */
  private Path make(String type) throws Exception {
    switch (type) {
      case "ext4" -> mount("mkfs.ext4", "-q", "-F", "-N", "2000");
      case "xfs" -> mount("mkfs.xfs", "-q", "-i", "maxpct=1");
      default -> mountMemory("size=64M,nr_inodes=2000");
    }
    return mount.resolve("spool");
  }

  /** Not on xfs, where the inode of a deleted file is free only a moment later. */
  @ParameterizedTest
  @ValueSource(strings = {"ext4", "tmpfs"})
  void aFailureIsNotedInTheReservesInodeAndWithoutOneTheJobGoesOn(String type) throws Exception {
    Path root = make(type);
    // No background work: it could make the reserve again out of the inode that was given up.
    try (DirectorySpool spool =
        DirectorySpool.create(
            root, Traffic.OPTIONS.lease(Lab.LONG).poll(Lab.LONG).listener(this::hear))) {
      assertEquals(Optional.empty(), spool.claim()); // from now on it is at work
      for (int i = 0; i < 4; i++) {
        spool.enqueue(Job.of("job " + i));
      }
      Set<String> noted = new TreeSet<>();
      noted.add(settle(spool, claim -> claim.reject("never")));
      noted.add(settle(spool, claim -> claim.retry(Lab.LONG, "busy")));
      assertEquals(2, Shell.names(root.resolve("failed")).size());
      assertEquals(2, Shell.names(root.resolve("delayed")).size());
      assertEquals(noted, Set.copyOf(Shell.names(root.resolve("errors"))), "notes");

      spool.maintenance().requeue(Aftermath.ids(spool, JobState.FAILED));
      spool.maintenance().retryNow(Aftermath.ids(spool, JobState.DELAYED));
      for (int i = 0; i < 4; i++) {
        Lab.claim(spool).complete();
      }
      assertEquals(List.of(), Shell.names(root.resolve("errors")));
    }
    Evidence.of(Section.FULL_AND_FAILING, "no inode free, jobs that fail, " + type)
        .row(
            "2 retried, 2 rejected",
            "the inode of the reserve takes a note; without any the job goes on, and it is told",
            "all went on, one note of each kind, all completed when there was room");
  }

  private void hear(SpoolEvent event) {
    if (event instanceof SpoolEvent.Trouble trouble) {
      troubles.add(trouble);
    }
  }

  private interface Way {
    void settle(Claim claim) throws Exception;
  }

  /**
   * Settles two jobs in this way while there is no inode.
   *
   * @return the name of the first one's note
   */
  private String settle(DirectorySpool spool, Way way) throws Exception {
    Path reserve = mount.resolve("spool/spool.reserve");
    Path errors = mount.resolve("spool/errors");
    Claim first = Lab.claim(spool);
    Claim second = Lab.claim(spool);
    Ballast ballast = Ballast.on(mount).ofInodes();
    int notes = Shell.names(errors).size();
    way.settle(first);
    assertFalse(Files.exists(reserve), "the note took no reserve");
    assertEquals(notes + 1, Shell.names(errors).size());
    int told = troubles.size();
    way.settle(second);
    assertEquals(notes + 1, Shell.names(errors).size(), "there is an inode");
    assertEquals(told + 1, troubles.size(), troubles::toString);
    ballast.throwOff();
    spool.maintenance().recover();
    assertTrue(Files.exists(reserve));
    return first.id().value() + FailureLog.SUFFIX;
  }

  private void assertProducersAreToldAndWorkersDrain(Path root, Ballast ballast) throws Exception {
    Path reserve = root.resolve("spool.reserve");
    Object before = Files.getAttribute(reserve, "unix:ctime");
    for (int i = 0; i < REFUSED; i++) {
      SpoolException thrown = traffic.refused();
      assertTrue(thrown instanceof SpoolFullException, thrown::toString);
      assertTrue(thrown.mayRetry());
      assertEquals(List.of(), Shell.names(root.resolve("tmp")));
    }
    assertEquals(before, Files.getAttribute(reserve, "unix:ctime"), "a producer took the reserve");
    traffic.work(2);
    traffic.awaitAllCompleted();
    ballast.throwOff();
    traffic.relieve(); // the first one may have tried, and tries again after a minute
    await().atMost(Traffic.PATIENCE).until(() -> Files.exists(reserve));
    assertNotEquals(before, Files.getAttribute(reserve, "unix:ctime"), "it was not needed");
    traffic.enqueue(1);
    traffic.awaitAllCompleted();
    traffic.assertOrderly();
  }
}
