package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.JobState;
import org.spooldir.MaintenanceReport;
import org.spooldir.SpoolException;

/** An operator's steps: what they do to files. The rest is in the contract. */
class MaintenanceTest extends SpoolTest {

  private DirectorySpool spool;

  @BeforeEach
  void openSpool() throws Exception {
    spool = lab.openWorker();
  }

  private interface Operation {
    Object run() throws Exception;
  }

  private List<String> changes(Operation operation) {
    return new Shorthand().changes(lab.faults.during(operation::run));
  }

  private JobId failed() throws Exception {
    JobId id = spool.enqueue(Job.of("x").key("k"));
    Lab.claim(spool).reject("never");
    return id;
  }

  @Test
  void eachIsOneRenameThatIsForced() throws Exception {
    JobId id = spool.enqueue(Job.of("x"));
    assertEquals(
        List.of("rename new/J1 held/J1", "forceDirectory held", "forceDirectory new"),
        changes(() -> spool.maintenance().hold(List.of(id))));
    assertEquals(
        List.of("rename held/J1 new/J1", "forceDirectory new", "forceDirectory held"),
        changes(() -> spool.maintenance().unhold(List.of(id))));
    Lab.claim(spool).retry(Lab.LONG, "busy");
    assertEquals(
        List.of(
            "rename delayed/J1:2,,a=1,u new/J1:2,,a=1",
            "forceDirectory new",
            "forceDirectory delayed"),
        changes(() -> spool.maintenance().retryNow(List.of(id))));
    Lab.claim(spool).reject("never");
    assertEquals(
        List.of(
            "rename failed/J1:2,,a=2 new/J1:2,,a=0", "forceDirectory new", "forceDirectory failed"),
        changes(() -> spool.maintenance().requeue(List.of(id))));
  }

  @Test
  void allTargetsAreForcedBeforeAnySource() throws Exception {
    JobId ready = spool.enqueue(Job.of("ready"));
    JobId later = spool.enqueue(Job.of("later").delay(Lab.LONG));
    spool.maintenance().hold(List.of(ready, later));
    List<String> calls = changes(() -> spool.maintenance().unhold(List.of(ready, later)));
    assertEquals("forceDirectory held", calls.get(calls.size() - 1));
    assertEquals(3, calls.stream().filter(call -> call.startsWith("forceDirectory")).count());
  }

  @Test
  void whatIsDiscardedLeavesNothing() throws Exception {
    JobId id = failed();
    assertEquals(
        List.of(
            "delete failed/J1:2,,a=1",
            "delete errors/J1.log",
            "delete keys/HASH/J1",
            "delete keys/HASH",
            "forceDirectory failed"),
        changes(() -> spool.maintenance().discard(List.of(id))));
  }

  @Test
  void nothingIsForcedAtLevelProcess() throws Exception {
    DirectorySpool other = lab.open(Lab.OPTIONS.durability(Durability.PROCESS));
    JobId id = other.enqueue(Job.of("x"));
    other.maintenance().hold(List.of(id));
    other.maintenance().discard(List.of(id));
    assertEquals(List.of(), lab.faults.matching("force.*"));
  }

  @Test
  void manyAreFoundInOneListing() throws Exception {
    List<JobId> ids = spool.enqueueAll(IntStream.range(0, 500).mapToObj(i -> Job.of("x")).toList());
    lab.faults.forget();
    assertEquals(500, spool.maintenance().hold(ids).changed().size());
    assertEquals(1, lab.faults.count("list new"));
  }

  @Test
  void ifAWorkerIsFasterTheJobIsReportedMissing() throws Exception {
    JobId id = spool.enqueue(Job.of("x"));
    lab.faults.on("rename new/.* held/.*").first(() -> Files.delete(lab.only("new")));
    assertEquals(
        new MaintenanceReport(List.of(), List.of(id)), spool.maintenance().hold(List.of(id)));
  }

  @Test
  void oneThatFailsIsToldAndAllOthersAreDone() throws Exception {
    List<JobId> ids = spool.enqueueAll(List.of(Job.of("1"), Job.of("2"), Job.of("3")));
    lab.faults.on("rename new/" + ids.get(0) + ".*").fails(Faults.broken());
    assertThrows(SpoolException.class, () -> spool.maintenance().hold(ids));
    assertEquals(2, lab.names("held").size());
    assertTrue(lab.faults.count("forceDirectory held") > 0, "what was done is not durable");
  }

  @Test
  void whatMayNotBeReadCanStillBeDiscarded() throws Exception {
    Path mail = lab.deliver("mail", "x");
    Files.move(mail, lab.root.resolve("failed/mail"));
    lab.faults.on("read failed/.*").fails(new AccessDeniedException("x"));
    assertEquals(
        List.of(new JobId("mail")),
        spool.maintenance().discard(List.of(new JobId("mail"))).changed());
    assertEquals(List.of(), lab.names("failed"));
  }

  @Test
  void aDamagedJobCanBeDiscarded() throws Exception {
    JobId id = failed();
    Files.writeString(lab.only("failed"), "");
    assertEquals(List.of(id), spool.maintenance().discard(List.of(id)).changed());
    spool.maintenance().recover();
    assertEquals(List.of(), lab.names("keys"));
    assertEquals(List.of(), lab.names("errors"));
  }

  @Test
  void purgingGoesByTheTimeOfTheMove() throws Exception {
    spool.enqueue(Job.of("x"));
    lab.time.advance(Duration.ofDays(30));
    Lab.claim(spool).reject("never");
    lab.time.advance(Duration.ofDays(1));
    assertEquals(0, spool.maintenance().purge(JobState.FAILED, Duration.ofDays(2)));
    assertEquals(1, lab.names("failed").size());
    lab.time.advance(Duration.ofDays(2));
    assertEquals(1, spool.maintenance().purge(JobState.FAILED, Duration.ofDays(2)));
    assertEquals(List.of(), lab.names("failed"));
    assertEquals(List.of(), lab.names("errors"));
  }

  @Test
  void oneThatCannotBePurgedKeepsNoOther() throws Exception {
    for (String name : List.of("1", "2", "3")) {
      Files.move(lab.deliver(name, "x"), lab.root.resolve("failed").resolve(name));
    }
    lab.time.advance(Lab.LONG);
    lab.faults.on("delete failed/2").fails(Faults.broken());
    assertThrows(
        SpoolException.class, () -> spool.maintenance().purge(JobState.FAILED, Duration.ZERO));
    assertEquals(List.of("2"), lab.names("failed"));
  }
}
