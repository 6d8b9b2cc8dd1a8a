package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spooldir.EnqueueUncertainException;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.Payload;
import org.spooldir.SpoolException;
import org.spooldir.SpoolException.InSpool;
import org.spooldir.SpoolFullException;

/** E1 to E5 when the system says no. */
class EnqueueFailureTest extends SpoolTest {

  private static final String E2 = "force tmp/.*";
  private static final String E4 = "rename tmp/.* (new|delayed)/.*";
  private static final String E5 = "forceDirectory new";

  private void assertNothingIsIn(SpoolException thrown) throws IOException {
    assertEquals(InSpool.NO, thrown.jobIn());
    assertEquals(List.of(), thrown.enqueued());
    for (String each : List.of("tmp", "new", "delayed", "keys")) {
      assertEquals(List.of(), lab.names(each), "left in " + each);
    }
    assertEquals(List.of(), lab.events);
  }

  private static List<Job> jobs(int count) {
    return IntStream.range(0, count).mapToObj(i -> Job.of("job " + i)).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"create tmp/.*", "write tmp/.*", E2, "forceDirectory tmp", E4})
  void anErrorBeforeTheJobIsVisibleLeavesNothing(String step) throws Exception {
    DirectorySpool spool = lab.open();
    lab.faults.on(step).fails(Faults.broken());
    for (Job job : List.of(Job.of("x"), Job.of("x").key("k"), Job.of("x").delay(Lab.LONG))) {
      assertNothingIsIn(assertThrows(SpoolException.class, () -> spool.enqueue(job)));
    }
    lab.faults.clear();
    spool.enqueue(Job.of("x").key("k"));
    assertEquals(1, lab.names("new").size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"create tmp/.*", "write tmp/.*", E2, "forceDirectory tmp", E4})
  void aFullDiskLeavesNothingAndMayBeTriedAgain(String step) throws Exception {
    DirectorySpool spool = lab.open();
    for (String text : List.of("No space left on device", "Disk quota exceeded")) {
      lab.faults.on(step).fails(new FileSystemException("x", null, text));
      SpoolFullException thrown =
          assertThrows(SpoolFullException.class, () -> spool.enqueue(Job.of("x")));
      assertTrue(thrown.mayRetry());
      assertNothingIsIn(thrown);
      lab.faults.clear();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mkdir keys/.*", "link .*", "rename keys/.*"})
  void aFullDiskLeavesNoKeyBehind(String step) throws Exception {
    DirectorySpool spool = lab.open();
    lab.faults.on(step).fails(Faults.full());
    assertNothingIsIn(
        assertThrows(SpoolFullException.class, () -> spool.enqueue(Job.of("x").key("k"))));
    assertTrue(lab.faults.count(step) < 10, "tried " + lab.faults.count(step) + " times");
  }

  @Test
  void aFileThatCouldNotBeForcedIsNeverForcedAgain() throws Exception {
    DirectorySpool spool = lab.open();
    lab.faults.on(E2).nth(1).fails(Faults.broken());
    assertThrows(SpoolException.class, () -> spool.enqueue(Job.of("x")));
    assertEquals(1, lab.faults.count(E2));
    spool.enqueue(Job.of("x"));
    assertEquals(2, lab.faults.matching(E2).stream().distinct().count());
  }

  @Test
  void ifTheFileCannotBeTakenAwayTheFirstErrorIsTold() throws Exception {
    DirectorySpool spool = lab.open();
    lab.faults.on(E2).fails(Faults.full());
    lab.faults.on("delete tmp/.*").fails(Faults.broken());
    assertThrows(SpoolFullException.class, () -> spool.enqueue(Job.of("x")));
    assertEquals(List.of(), lab.names("new"));
  }

  @Test
  void anErrorInE5LeavesTheJobVisibleAndSaysSo() throws Exception {
    DirectorySpool spool = lab.open();
    lab.faults.on(E5).fails(Faults.broken());
    EnqueueUncertainException thrown =
        assertThrows(EnqueueUncertainException.class, () -> spool.enqueue(Job.of("x")));
    assertEquals(InSpool.UNKNOWN, thrown.jobIn());
    assertFalse(thrown.mayRetry());
    assertEquals(1, lab.names("new").size());
    assertTrue(lab.names("new").get(0).startsWith(thrown.ids().get(0).value()));
    assertEquals(0, lab.faults.count("delete .*"));
  }

  @Test
  void anAdoptedFileStaysInItsPlaceUnlessAllIsWell() throws Exception {
    DirectorySpool spool = lab.open();
    Path file = Files.writeString(directory.resolve("file"), "x");
    Job job = Job.of(Payload.adopt(file));
    for (String step : List.of("link .*", E2, "forceDirectory tmp", "read tmp/.*", E4, E5)) {
      lab.faults.on(step).fails(Faults.broken());
      assertThrows(SpoolException.class, () -> spool.enqueue(job), step);
      assertEquals("x", Files.readString(file));
      assertEquals(List.of(), lab.names("tmp"));
      lab.faults.clear();
    }
  }

  @Test
  void aPayloadThatCannotBeReadLeavesNothing() throws Exception {
    DirectorySpool spool = lab.open();
    Payload broken =
        () -> {
          throw new IllegalStateException("closed");
        };
    SpoolException thrown = assertThrows(SpoolException.class, () -> spool.enqueue(Job.of(broken)));
    assertNothingIsIn(thrown);
    assertTrue(thrown.getMessage().contains("closed"), thrown.getMessage());
  }

  // ---- many at once ----

  @Test
  void anErrorWhileManyAreWrittenLeavesNone() throws Exception {
    DirectorySpool spool = lab.open();
    lab.faults.on(E2).nth(3).fails(Faults.broken());
    assertNothingIsIn(assertThrows(SpoolException.class, () -> spool.enqueueAll(jobs(5))));
  }

  @Test
  void anErrorInTheMiddleTellsExactlyThoseThatAreIn() throws Exception {
    DirectorySpool spool = lab.open();
    lab.faults.on(E4).nth(3).fails(Faults.full());
    SpoolFullException thrown =
        assertThrows(SpoolFullException.class, () -> spool.enqueueAll(jobs(5)));
    assertEquals(2, thrown.enqueued().size());
    assertEquals(
        thrown.enqueued().stream().map(JobId::value).toList(),
        lab.names("new").stream().map(name -> name.substring(0, name.indexOf(','))).toList());
    assertEquals(List.of(), lab.names("tmp"));
    assertEquals(1, lab.faults.count(E5));
  }

  @Test
  void allOfEarlierBatchesAreIn() throws Exception {
    DirectorySpool spool = lab.open();
    lab.faults.on(E2).nth(1500).fails(Faults.broken());
    SpoolException thrown = assertThrows(SpoolException.class, () -> spool.enqueueAll(jobs(2000)));
    assertEquals(thrown.enqueued().size(), lab.names("new").size());
    assertTrue(lab.names("new").size() >= 1000);
    assertEquals(List.of(), lab.names("tmp"));
  }

  @Test
  void ifThoseInTheMiddleCannotBeForcedTheyAreUncertain() throws Exception {
    DirectorySpool spool = lab.open();
    lab.faults.on(E4).nth(3).fails(Faults.full());
    lab.faults.on(E5).fails(Faults.broken());
    EnqueueUncertainException thrown =
        assertThrows(EnqueueUncertainException.class, () -> spool.enqueueAll(jobs(5)));
    assertEquals(2, thrown.ids().size());
    assertEquals(List.of(), thrown.enqueued());
    assertInstanceOf(SpoolFullException.class, thrown.getSuppressed()[0]);
  }

  // ---- network file systems ----

  @Test
  void aRenameWhoseReplyWasLostIsDone() throws Exception {
    DirectorySpool spool = lab.open();
    lab.faults.on(E4).failsAfterwards(new NoSuchFileException("stale handle"));
    spool.enqueue(Job.of("x"));
    assertEquals(1, lab.names("new").size());
  }

  @Test
  void ifTheWrittenFileIsGoneNobodyKnows() throws Exception {
    DirectorySpool spool = lab.open();
    lab.faults.on(E4).first(() -> Files.delete(lab.only("tmp")));
    EnqueueUncertainException thrown =
        assertThrows(EnqueueUncertainException.class, () -> spool.enqueue(Job.of("x")));
    assertEquals(1, thrown.ids().size());
    assertEquals(InSpool.UNKNOWN, thrown.jobIn());
  }

  @Test
  void aMissingDirectoryIsSaidToBeMissing() throws Exception {
    DirectorySpool spool = lab.open();
    Files.delete(lab.root.resolve("new"));
    SpoolException thrown = assertThrows(SpoolException.class, () -> spool.enqueue(Job.of("x")));
    assertTrue(thrown.getMessage().contains("is gone"), thrown.getMessage());
    assertEquals(InSpool.NO, thrown.jobIn());
    Files.createDirectory(lab.root.resolve("new"));
    assertNothingIsIn(thrown);
  }
}
