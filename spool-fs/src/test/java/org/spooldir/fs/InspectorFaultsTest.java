package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.JobRecord;
import org.spooldir.JobSnapshot;
import org.spooldir.JobState;
import org.spooldir.SpoolException;

/** Looking: what it tells of a name, and what when the system says no. */
class InspectorFaultsTest extends SpoolTest {

  @Test
  void aListingTellsWhatTheNameTells() throws Exception {
    DirectorySpool spool = lab.openWorker();
    JobId id = spool.enqueue(Job.of("x").priority(7));
    Lab.claim(spool);
    JobSnapshot job = spool.inspector().find(id).orElseThrow();
    assertEquals(
        new JobSnapshot(
            id,
            JobState.CLAIMED,
            7,
            1,
            OptionalLong.of(1),
            Optional.of(FakeTime.START),
            Optional.empty(),
            Optional.of(FakeTime.START),
            Optional.of(lab.names("workers").get(0)),
            Optional.of("host"),
            false),
        job);
  }

  @Test
  void aListingIsAStreamThatHoldsNothing() throws Exception {
    DirectorySpool spool = lab.open();
    spool.enqueueAll(List.of(Job.of("1"), Job.of("2"), Job.of("3")));
    try (Stream<JobSnapshot> jobs = spool.inspector().list(Set.of(JobState.READY))) {
      assertEquals(1, jobs.limit(1).count());
    }
    assertEquals(0, lab.faults.count("(read|stat) new/.*")); // names alone
  }

  @Test
  void aListingThatFailsHalfwayIsTold() throws Exception {
    DirectorySpool spool = lab.open();
    spool.enqueue(Job.of("x"));
    lab.ops.failWhileListing("new");
    assertThrows(
        UncheckedIOException.class,
        () -> {
          try (Stream<JobSnapshot> jobs = spool.inspector().list(Set.of(JobState.READY))) {
            jobs.toList();
          }
        });
    assertThrows(SpoolException.class, () -> spool.inspector().stats());
    assertThrows(SpoolException.class, () -> spool.inspector().find(new JobId("x")));
    assertThrows(SpoolException.class, () -> spool.claim());
  }

  @Test
  void aJobThatCannotBeReadKeepsNobodyFromTheOthers() throws Exception {
    DirectorySpool spool = lab.open();
    List<JobId> ids =
        spool.enqueueAll(List.of(Job.of("x").attribute("a", "b"), Job.of("x").attribute("a", "b")));
    lab.faults.on("read new/.*").nth(1).fails(new AccessDeniedException("no"));
    Set<JobId> listed = new HashSet<>();
    int unreadable = 0;
    try (Stream<JobRecord> jobs = spool.inspector().records(Set.of(JobState.READY))) {
      for (JobRecord job : (Iterable<JobRecord>) jobs::iterator) {
        listed.add(job.snapshot().id());
        if (job.attributes().isEmpty()) {
          unreadable++;
          assertThrows(SpoolException.class, () -> job.payload().open());
        }
      }
    }
    assertEquals(Set.copyOf(ids), listed);
    assertEquals(1, unreadable);
  }

  @Test
  void aJobThatMovesWhileItIsReadIsLookedForAgain() throws Exception {
    DirectorySpool spool = lab.open();
    JobId id = spool.enqueue(Job.of("x").attribute("a", "b"));
    Path ready = lab.only("new");
    lab.faults
        .on("read new/.*")
        .nth(1)
        .first(() -> Files.move(ready, lab.root.resolve("held").resolve(ready.getFileName())));
    JobRecord record = spool.inspector().read(id).orElseThrow();
    assertEquals(JobState.HELD, record.snapshot().state());
    Files.move(lab.only("held"), ready);
    assertEquals("x", record.payload().text());
    Files.delete(ready);
    assertThrows(IOException.class, () -> record.payload().bytes());
    assertEquals(Optional.empty(), spool.inspector().read(id));
  }
}
