package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.JobId;

/** R4: what waits for its time. */
class DelayedJobsTest extends SpoolTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private DelayedJobs delayed;

  @BeforeEach
  void makeDelayedJobs() {
    delayed = new DelayedJobs(lab.site(Lab.OPTIONS));
  }

  private EntryName file(Duration due) throws IOException {
    String name =
        "1767225600.M000000P1Q%dR0000000000000000.h:2,,u=%d"
            .formatted(lab.names("delayed").size(), FakeTime.START.plus(due).toEpochMilli());
    return lab.layout().nameOf(Files.createFile(lab.root.resolve("delayed").resolve(name)));
  }

  @Test
  void whatIsDueBecomesReadyAndNothingElse() throws Exception {
    file(MINUTE);
    file(MINUTE.multipliedBy(2));
    assertEquals(0, delayed.promoteDue());
    lab.time.advance(MINUTE);
    assertEquals(1, delayed.promoteDue());
    assertEquals(List.of("1767225600.M000000P1Q0R0000000000000000.h"), lab.names("new"));
    assertEquals(1, lab.names("delayed").size());
  }

  @Test
  void itIsDueToTheMillisecond() throws Exception {
    file(MINUTE);
    delayed.promoteDue();
    lab.time.advance(MINUTE.minusMillis(1));
    assertEquals(0, delayed.promoteDue());
    lab.time.advance(Duration.ofMillis(1));
    assertEquals(1, delayed.promoteDue());
  }

  @Test
  void nobodyLooksBeforeAnythingIsDue() throws Exception {
    file(MINUTE);
    delayed.promoteDue();
    lab.faults.forget();
    for (int i = 0; i < 59; i++) {
      lab.time.advance(Duration.ofSeconds(1));
      delayed.promoteDue();
    }
    assertEquals(0, lab.faults.count("list delayed"));
    lab.time.advance(Duration.ofSeconds(1));
    delayed.promoteDue();
    assertEquals(1, lab.faults.count("list delayed"));
  }

  @Test
  void whatArrivedUnheardIsFoundWithTheNextPoll() throws Exception {
    delayed.promoteDue();
    file(Duration.ZERO);
    assertEquals(0, delayed.promoteDue());
    lab.time.advance(Lab.LONG); // the poll of this lab
    assertEquals(1, delayed.promoteDue());
  }

  @Test
  void whatWasHeardOfIsKnown() throws Exception {
    delayed.promoteDue();
    delayed.arrived(file(MINUTE));
    assertEquals(MINUTE, delayed.untilDue(Lab.LONG));
    lab.time.advance(MINUTE);
    assertEquals(Duration.ZERO, delayed.untilDue(Lab.LONG));
    assertEquals(1, delayed.promoteDue());
    assertEquals(Lab.LONG, delayed.untilDue(Lab.LONG));
  }

  @Test
  void nobodyWaitsLongerThanHeWants() throws Exception {
    file(MINUTE);
    delayed.promoteDue();
    assertEquals(Duration.ofMillis(5), delayed.untilDue(Duration.ofMillis(5)));
  }

  @Test
  void whatSaysNoTimeIsDue() throws Exception {
    Files.createFile(lab.root.resolve("delayed/1767225600.M000000P1Q1R0000000000000000.h:2,,a=3"));
    assertEquals(1, delayed.promoteDue());
    assertEquals(List.of("1767225600.M000000P1Q1R0000000000000000.h:2,,a=3"), lab.names("new"));
  }

  @Test
  void aHiddenFileIsNeverDueAndKeepsNobodyAwake() throws Exception {
    Files.createFile(lab.root.resolve("delayed/.x:2,,u=5"));
    assertEquals(0, delayed.promoteDue());
    assertEquals(Lab.LONG, delayed.untilDue(Lab.LONG));
  }

  @Test
  void oneThatFailsIsToldAndAllOthersArePromoted() throws Exception {
    for (int i = 0; i < 3; i++) {
      file(Duration.ZERO);
    }
    lab.faults.on("rename delayed/.*Q1R.*").fails(Faults.broken());
    assertThrows(IOException.class, () -> delayed.promoteDue());
    assertEquals(2, lab.names("new").size());
    lab.faults.clear();
    lab.time.advance(Lab.LONG);
    assertEquals(1, delayed.promoteDue());
  }

  @Test
  void aForeignFileThatWasMovedThereByHandOverwritesNothing() throws Exception {
    Files.move(lab.deliver("mail", "first"), lab.root.resolve("delayed/mail"));
    lab.deliver("mail", "second");
    delayed.promoteDue();
    assertEquals(2, lab.names("new").size());
  }

  // ---- in a spool ----

  @Test
  void aDueJobIsClaimedInItsTurn() throws Exception {
    DirectorySpool spool = lab.openWorker();
    JobId urgent = spool.enqueue(Job.of("urgent").priority(9).delay(MINUTE));
    spool.enqueue(Job.of("plain"));
    spool.maintenance().recover();
    lab.time.advance(MINUTE);
    spool.maintenance().recover();
    assertEquals(urgent, Lab.claim(spool).id());
  }

  @Test
  void oneThatCannotBePromotedKeepsNobodyFromHisWork() throws Exception {
    DirectorySpool spool = lab.openWorker();
    spool.enqueue(Job.of("stuck").delay(MINUTE));
    JobId good = spool.enqueue(Job.of("good"));
    lab.faults.on("rename delayed/.*").fails(Faults.broken());
    lab.time.advance(Lab.LONG);
    assertEquals(good, Lab.claim(spool).id());
    assertTrue(lab.events.stream().anyMatch(event -> event.toString().startsWith("Trouble")));
  }

  @Test
  void aWaitEndsWhenTheJobIsDue() throws Exception {
    SpoolOptions options = SpoolOptions.DEFAULTS.reserve(0).poll(Duration.ofSeconds(20));
    try (DirectorySpool spool = DirectorySpool.open(lab.root, options)) {
      assertEquals(Optional.empty(), spool.claim());
      long start = System.nanoTime();
      spool.enqueue(Job.of("x").delay(Duration.ofMillis(300)));
      Claim claim = spool.claim(Duration.ofSeconds(30)).orElseThrow();
      Duration waited = Duration.ofNanos(System.nanoTime() - start);
      // A date in a name has whole milliseconds.
      assertTrue(waited.toMillis() >= 299 && waited.toSeconds() < 15, () -> "waited " + waited);
      claim.complete();
    }
  }
}
