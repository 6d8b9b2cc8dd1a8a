package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.JobSnapshot;
import org.spooldir.JobState;

/** What another process finds and does after one has died in the middle of something. */
final class Aftermath {

  /** How a payload begins that no worker may see. */
  static final String DAMAGED = "!!!";

  private final Lab lab;
  private final DirectorySpool spool;

  /** Opens the spool in a new process, long after the other one died, and recovers. */
  Aftermath(Lab dead, SpoolOptions options) throws Exception {
    lab = dead.another();
    spool = lab.open(options);
    lab.time.advance(Lab.LONG.multipliedBy(2));
    spool.maintenance().recover();
  }

  static List<JobId> ids(DirectorySpool spool, JobState state) throws Exception {
    try (Stream<JobSnapshot> jobs = spool.inspector().list(Set.of(state))) {
      return jobs.map(JobSnapshot::id).toList();
    }
  }

  private List<String> texts() throws Exception {
    List<String> texts = new ArrayList<>();
    for (JobState state : JobState.values()) {
      for (JobId id : ids(spool, state)) {
        String text = spool.inspector().read(id).orElseThrow().payload().text();
        texts.add(text.substring(0, Math.min(text.length(), 3)));
      }
    }
    return texts;
  }

  /** Each job is there as often as it must; none is in a dead worker's hands. */
  void assertJobs(Map<String, Scenario.Count> expected, Path file) throws Exception {
    assertEquals(List.of(), lab.names("cur"), "claimed for ever");
    List<String> texts = texts();
    for (Map.Entry<String, Scenario.Count> each : expected.entrySet()) {
      int count = Collections.frequency(texts, each.getKey());
      assertTrue(
          each.getValue().least() <= count && count <= each.getValue().most(),
          () -> each + ", but there are " + texts);
    }
    assertTrue(expected.keySet().containsAll(texts), () -> "where do they come from? " + texts);
    if (expected.containsKey("fil")) {
      assertTrue(Files.exists(file) || texts.contains("fil"), "the adopted file is lost");
    }
  }

  /** A second enqueue finds the job of the key, or is accepted; then there is exactly one. */
  void assertKeyIsNeitherStuckNorLost(String holder) throws Exception {
    JobId id = spool.enqueue(Job.of("new").key("k"));
    assertTrue(spool.inspector().find(id).isPresent(), "told of a job that is not there");
    assertEquals(Optional.of("k"), spool.inspector().read(id).orElseThrow().key());
    List<String> texts = texts();
    int count = Collections.frequency(texts, "new") + Collections.frequency(texts, holder);
    assertEquals(1, count, () -> "jobs with that key: " + texts);
    assertEquals(id, spool.enqueue(Job.of("new").key("k")));
  }

  /**
   * Every job that is there is whole and can be done, and then the spool is as empty as a new one.
   */
  void assertNothingIsLeftInTheEnd() throws Exception {
    int damaged = Collections.frequency(texts(), DAMAGED);
    int jobs = texts().size() - damaged;
    spool.maintenance().unhold(ids(spool, JobState.HELD));
    spool.maintenance().retryNow(ids(spool, JobState.DELAYED));
    spool.maintenance().requeue(ids(spool, JobState.FAILED));
    spool.maintenance().requeue(ids(spool, JobState.DONE));
    int done = 0;
    for (Optional<Claim> claim = spool.claim(); claim.isPresent(); claim = spool.claim()) {
      claim.get().complete();
      done++;
    }
    assertEquals(jobs, done, () -> "not every job could be done");
    assertEquals(
        damaged, spool.maintenance().discard(ids(spool, JobState.FAILED)).changed().size());
    lab.time.advance(Duration.ofHours(40));
    spool.maintenance().recover();
    for (JobState state : EnumSet.allOf(JobState.class)) {
      assertEquals(List.of(), ids(spool, state));
    }
    for (String each : List.of("tmp", "keys", "errors")) {
      assertEquals(List.of(), lab.names(each), "left in " + each);
    }
  }
}
