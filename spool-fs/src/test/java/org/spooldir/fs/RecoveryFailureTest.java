package org.spooldir.fs;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spooldir.Job;
import org.spooldir.SpoolException;

/** R0 to R5 when the system says no: what is bad for one keeps nobody else from coming back. */
class RecoveryFailureTest extends SpoolTest {

  /** Something to do for every part of recovery. */
  private DirectorySpool spoolInNeed() throws Exception {
    DirectorySpool spool = lab.open();
    spool.enqueue(Job.of("due").delay(Lab.LONG));
    Files.writeString(lab.root.resolve("tmp/abandoned"), "half a job");
    lab.presence("silent.1.abcdefg", "");
    lab.claimedBy("silent.1.abcdefg");
    Files.writeString(lab.root.resolve("cur/mail:2,S"), "mail");
    lab.time.advance(Duration.ofHours(37));
    lab.abandonedBy("gone.1.abcdefg");
    return spool;
  }

  private int undone() throws Exception {
    return lab.names("workers").size()
        + lab.names("cur").size()
        + lab.names("delayed").size()
        + lab.names("tmp").size();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "delete workers/silent.*",
        "delete workers/gone.*",
        "stat workers/silent.*",
        "rename cur/mail.*",
        "rename cur/.*w=gone.*",
        "rename cur/.*w=silent.*",
        "rename delayed/.*",
        "delete tmp/abandoned"
      })
  void oneThatFailsIsToldAndAllOthersAreDone(String step) throws Exception {
    DirectorySpool spool = spoolInNeed();
    lab.faults.on(step).fails(new AccessDeniedException("x"));
    assertThrows(SpoolException.class, () -> spool.maintenance().recover());
    assertTrue(undone() <= (step.contains("workers") ? 2 : 1), "left undone: " + undone());
    lab.faults.clear();
    spool.maintenance().recover();
    assertEquals(0, undone());
  }

  @ParameterizedTest
  @ValueSource(strings = {"list workers", "list cur", "list delayed", "list tmp", "list keys"})
  void aListingThatFailsStopsNoOther(String step) throws Exception {
    DirectorySpool spool = spoolInNeed();
    lab.faults.on(step).fails(Faults.broken());
    assertThrows(SpoolException.class, () -> spool.maintenance().recover());
    assertTrue(undone() <= 4, "left undone: " + undone());
    lab.faults.clear();
    spool.maintenance().recover();
    assertEquals(0, undone());
  }

  @ParameterizedTest
  @ValueSource(strings = {"list cur", "list tmp"})
  void aListingThatFailsIsNotTriedAgainAtOnce(String step) throws Exception {
    Site site = lab.site(Lab.OPTIONS);
    WorkerIdentity self = WorkerIdentity.ofThisProcess(Lab.LONG);
    Recoverer recoverer =
        new Recoverer(
            site,
            new DeadWorkers(site, self, new Presence(site, self)),
            new DelayedJobs(site),
            new Sweeper(site),
            false);
    lab.faults.on(step).fails(Faults.broken());
    assertThrows(IOException.class, () -> recoverer.recoverWhatIsDue(null, Instant::now));
    recoverer.recoverWhatIsDue(null, Instant::now);
    assertEquals(1, lab.faults.count(step));
    lab.time.advance(Lab.LONG);
    assertThrows(IOException.class, () -> recoverer.recoverWhatIsDue(null, Instant::now));
  }

  @Test
  void aPresenceThatMayNotBeReadProvesNothingAndStopsNobody() throws Exception {
    DirectorySpool spool = spoolInNeed();
    lab.faults.on("read workers/.*").fails(new AccessDeniedException("x"));
    assertEquals(List.of("silent.1.abcdefg"), spool.maintenance().recover().deadWorkers());
    assertEquals(2, undone());
  }

  @Test
  void aDirectoryAmongTheWorkersStopsNobody() throws Exception {
    DirectorySpool spool = spoolInNeed();
    Files.createDirectory(lab.root.resolve("workers/directory"));
    assertEquals(2, spool.maintenance().recover().deadWorkers().size());
  }

  @Test
  void aReserveThatCannotBeMadeStopsNobody() throws Exception {
    SpoolOptions options = Lab.OPTIONS.poll(Duration.ofMillis(20)).reserve(100_000);
    lab.faults.on("write tmp/.*").fails(Faults.full()); // a quota, say: the disk itself has room
    lab.openWorker(options);
    String job = lab.abandonedBy("gone.1.abcdefg");
    await().until(() -> lab.names("new").stream().anyMatch(name -> name.startsWith(job)));
  }

  @Test
  void recoveryGoesOnInTheBackgroundAfterAFailure() throws Exception {
    lab.faults.on("list workers").nth(2).fails(Faults.broken()); // the first is the opening
    lab.openWorker(Lab.OPTIONS.poll(Duration.ofMillis(20)));
    lab.abandonedBy("gone.1.abcdefg");
    await().until(() -> lab.names("cur").isEmpty());
    assertTrue(lab.events.stream().anyMatch(event -> event.toString().startsWith("Trouble")));
  }
}
