package org.spooldir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Looking at a spool: it tells what is there, and changes nothing. */
public interface InspectorContract extends SpoolFixture {

  /** A spool with one job in each state. */
  private Map<JobState, JobId> oneOfEach() throws Exception {
    Map<JobState, JobId> ids = new EnumMap<>(JobState.class);
    ids.put(JobState.DONE, retaining().enqueue(Job.of("done")));
    claimNext(retaining()).complete();
    ids.put(JobState.FAILED, retaining().enqueue(Job.of("failed")));
    claimNext(retaining()).reject("never");
    ids.put(JobState.CLAIMED, retaining().enqueue(Job.of("claimed")));
    claimNext(retaining());
    ids.put(JobState.HELD, retaining().enqueue(Job.of("held")));
    retaining().maintenance().hold(List.of(ids.get(JobState.HELD)));
    ids.put(JobState.DELAYED, retaining().enqueue(Job.of("delayed").delay(LONG)));
    ids.put(JobState.READY, retaining().enqueue(Job.of("ready").priority(6)));
    return ids;
  }

  private Set<JobId> list(Set<JobState> states) throws IOException {
    try (Stream<JobSnapshot> jobs = retaining().inspector().list(states)) {
      return jobs.map(JobSnapshot::id).collect(Collectors.toSet());
    }
  }

  @Test
  default void everyStateIsListedByItself() throws Exception {
    Map<JobState, JobId> ids = oneOfEach();
    for (JobState state : JobState.values()) {
      assertEquals(Set.of(ids.get(state)), list(Set.of(state)), state.name());
    }
    assertEquals(Set.copyOf(ids.values()), list(EnumSet.allOf(JobState.class)));
    assertEquals(Set.of(), list(Set.of()));
  }

  @Test
  default void manyAreReadAsOneIs() throws Exception {
    Map<JobState, JobId> ids = oneOfEach();
    for (JobState state : JobState.values()) {
      try (Stream<JobRecord> jobs = retaining().inspector().records(Set.of(state))) {
        JobRecord job = jobs.reduce((one, other) -> fail("two: " + one + other)).orElseThrow();
        assertEquals(ids.get(state), job.snapshot().id());
        assertEquals(state, job.snapshot().state());
        assertEquals(state.name().toLowerCase(Locale.ROOT), job.payload().text());
      }
    }
  }

  @Test
  default void everyJobIsFoundAndRead() throws Exception {
    Map<JobState, JobId> ids = oneOfEach();
    for (JobState state : JobState.values()) {
      JobId id = ids.get(state);
      JobSnapshot found = retaining().inspector().find(id).orElseThrow();
      assertEquals(id, found.id());
      assertEquals(state, found.state());
      assertFalse(found.foreign());
      JobRecord read = retaining().inspector().read(id).orElseThrow();
      assertEquals(found, read.snapshot());
      assertEquals(state.name().toLowerCase(java.util.Locale.ROOT), read.payload().text());
    }
  }

  @Test
  default void aSnapshotTellsWhatIsKnown() throws Exception {
    Map<JobState, JobId> ids = oneOfEach();
    SpoolInspector inspector = retaining().inspector();
    JobSnapshot ready = inspector.find(ids.get(JobState.READY)).orElseThrow();
    assertEquals(6, ready.priority());
    assertEquals(0, ready.attempts());
    assertTrue(ready.size().orElseThrow() >= "ready".length());
    assertTrue(ready.enqueuedAt().isPresent());
    assertEquals(Optional.empty(), ready.due());
    assertEquals(Optional.empty(), ready.claimedAt());
    assertEquals(Optional.empty(), ready.worker());
    JobSnapshot claimed = inspector.find(ids.get(JobState.CLAIMED)).orElseThrow();
    assertEquals(1, claimed.attempts());
    assertTrue(claimed.claimedAt().isPresent());
    assertTrue(claimed.worker().isPresent());
    assertTrue(inspector.find(ids.get(JobState.DELAYED)).orElseThrow().due().isPresent());
    assertEquals(1, inspector.find(ids.get(JobState.FAILED)).orElseThrow().attempts());
  }

  @Test
  default void aRecordTellsAllOfAJob() throws Exception {
    JobId id =
        spool().enqueue(Job.of("payload").attribute("a", "1").attribute("b", "2\n").key("k"));
    claimNext().retry(Duration.ZERO, "first");
    claimNext().retry(LONG, "second");
    JobRecord record = read(id);
    assertEquals(Map.of("a", "1", "b", "2\n"), record.attributes());
    assertEquals(Optional.of("k"), record.key());
    assertEquals("payload", record.payload().text());
    assertEquals("payload", record.payload().text(), "it can be read again");
    List<Failure> failures = record.failures();
    assertEquals(List.of("first", "second"), failures.stream().map(Failure::reason).toList());
    assertFalse(failures.get(1).at().isBefore(failures.get(0).at()));
    assertEquals(failures, spool().inspector().failures(id));
    assertThrows(UnsupportedOperationException.class, () -> record.attributes().put("c", "3"));
  }

  @Test
  default void aJobWithoutAnythingHasARecord() throws Exception {
    JobRecord record = read(spool().enqueue(Job.of("x")));
    assertEquals(Map.of(), record.attributes());
    assertEquals(Optional.empty(), record.key());
    assertEquals(List.of(), record.failures());
    assertEquals(List.of(), spool().inspector().failures(record.snapshot().id()));
  }

  @Test
  default void whatIsNotThereIsNotFound() throws Exception {
    spool().enqueue(Job.of("x"));
    for (String text :
        List.of("no-such-job", "1700000000.M1P2Q3R0123456789abcdef.host", "*", "a:2,S")) {
      JobId id = new JobId(text);
      assertEquals(Optional.empty(), spool().inspector().find(id));
      assertEquals(Optional.empty(), spool().inspector().read(id));
      assertEquals(List.of(), spool().inspector().failures(id));
    }
  }

  @Test
  default void thePayloadOfAJobThatIsGoneCannotBeOpened() throws Exception {
    JobId id = spool().enqueue(Job.of("x"));
    JobRecord record = read(id);
    spool().maintenance().discard(List.of(id));
    assertThrows(IOException.class, () -> record.payload().bytes());
  }

  @Test
  default void theStatsCountEveryState() throws Exception {
    oneOfEach();
    retaining().enqueue(Job.of("another one"));
    SpoolStats stats = retaining().inspector().stats();
    for (JobState state : JobState.values()) {
      assertEquals(state == JobState.READY ? 2 : 1, stats.jobs(state), state.name());
      assertTrue(stats.counts().get(state).bytes() >= stats.jobs(state), state.name());
    }
    assertTrue(stats.writing() <= 1, "a sweep in the background may ask for the time");
    assertEquals(0, stats.foreign());
    assertEquals(1, stats.workers());
    assertTrue(stats.oldestReady().isPresent());
    assertTrue(stats.nextDue().isPresent());
  }

  @Test
  default void theStatsOfAnEmptySpoolAreEmpty() throws Exception {
    SpoolStats stats = spool().inspector().stats();
    for (JobState state : JobState.values()) {
      assertEquals(SpoolStats.Count.NONE, stats.counts().get(state));
    }
    assertEquals(Optional.empty(), stats.oldestReady());
    assertEquals(Optional.empty(), stats.nextDue());
  }

  @Test
  default void theOldestAndTheNextAreTold() throws Exception {
    JobId oldest = spool().enqueue(Job.of("oldest").priority(0));
    spool().enqueue(Job.of("younger").priority(9));
    spool().enqueue(Job.of("last").delay(LONG.multipliedBy(2)));
    JobId next = spool().enqueue(Job.of("next").delay(LONG));
    SpoolStats stats = spool().inspector().stats();
    assertEquals(spool().inspector().find(oldest).orElseThrow().enqueuedAt(), stats.oldestReady());
    assertEquals(spool().inspector().find(next).orElseThrow().due(), stats.nextDue());
  }

  @Test
  default void lookingChangesNothing() throws Exception {
    Map<JobState, JobId> ids = oneOfEach();
    for (int i = 0; i < 3; i++) {
      list(EnumSet.allOf(JobState.class));
      retaining().inspector().stats();
      for (JobId id : ids.values()) {
        retaining().inspector().read(id).orElseThrow().payload().bytes();
      }
    }
    for (Map.Entry<JobState, JobId> job : ids.entrySet()) {
      assertEquals(Set.of(job.getValue()), list(Set.of(job.getKey())));
    }
  }
}
