package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
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
import org.spooldir.Spool;
import org.spooldir.fs.Promises.Place;

/** What another process finds and does after one has died in the middle of something. */
final class Aftermath {

  /** How a payload begins that no worker may see. */
  static final String DAMAGED = "!!!";

  /** More jobs than any test has. */
  private static final int MANY = 1000;

  /** Where it happened, as the process finds it that comes later. */
  interface Ruins {

    /** The spool, opened by that process. */
    Spool spool();

    /** The names in a directory of the spool. */
    List<String> names(String directory) throws Exception;

    /** Whether a file is there that was to be adopted. */
    boolean exists(Path file) throws Exception;

    /** Time passes. */
    void advance(Duration time);

    /** Looks at a job that came into a worker's hands. */
    default void handle(Claim claim) throws Exception {}
  }

  /** A job and where it is. */
  private record Found(String text, JobState state) {}

  private final Ruins ruins;
  private final Spool spool;

  /** Long after the death, recovers. */
  Aftermath(Ruins ruins) throws Exception {
    this.ruins = ruins;
    spool = ruins.spool();
    ruins.advance(Lab.LONG.multipliedBy(2));
    spool.maintenance().recover();
    ruins.advance(Lab.LONG.multipliedBy(2));
    spool.maintenance().recover(); // what stood under two names has one now, and can be renamed
  }

  /** After the process of this lab died, in the eyes of another one. */
  static Aftermath of(Lab dead, SpoolOptions options) throws Exception {
    Lab lab = dead.another();
    DirectorySpool spool = lab.open(options);
    return new Aftermath(
        new Ruins() {
          @Override
          public Spool spool() {
            return spool;
          }

          @Override
          public List<String> names(String directory) throws Exception {
            return lab.names(directory);
          }

          @Override
          public boolean exists(Path file) {
            return Files.exists(file);
          }

          @Override
          public void advance(Duration time) {
            lab.time.advance(time);
          }
        });
  }

  static List<JobId> ids(Spool spool, JobState state) throws Exception {
    try (Stream<JobSnapshot> jobs = spool.inspector().list(Set.of(state))) {
      return jobs.map(JobSnapshot::id).toList();
    }
  }

  private List<Found> jobs() throws Exception {
    List<Found> jobs = new ArrayList<>();
    for (JobState state : JobState.values()) {
      for (JobId id : ids(spool, state)) {
        String text =
            Lab.textBeforeDamageIsTold(spool.inspector().read(id).orElseThrow().payload());
        jobs.add(new Found(text.substring(0, Math.min(text.length(), 3)), state));
      }
    }
    return jobs;
  }

  private List<String> texts() throws Exception {
    return jobs().stream().map(Found::text).toList();
  }

  /** Each job is there as often as it must; none is in a dead worker's hands. */
  void assertJobs(Map<String, Scenario.Count> expected, Path file) throws Exception {
    assertNoneIsClaimed();
    List<String> texts = texts();
    for (Map.Entry<String, Scenario.Count> each : expected.entrySet()) {
      int count = Collections.frequency(texts, each.getKey());
      assertTrue(
          each.getValue().least() <= count && count <= each.getValue().most(),
          () -> each + ", but there are " + texts);
    }
    assertTrue(expected.keySet().containsAll(texts), () -> "where do they come from? " + texts);
    if (expected.containsKey("fil")) {
      assertTrue(ruins.exists(file) || texts.contains("fil"), "the adopted file is lost");
    }
  }

  private void assertNoneIsClaimed() throws Exception {
    assertEquals(List.of(), ruins.names("cur"), "claimed for ever");
  }

  /** Each job is there once, or gone, as was promised; none is in a dead worker's hands. */
  void assertPlaces(Map<String, Set<Place>> promised) throws Exception {
    assertNoneIsClaimed();
    List<Found> jobs = jobs();
    for (Map.Entry<String, Set<Place>> each : promised.entrySet()) {
      List<Place> places =
          jobs.stream()
              .filter(job -> job.text().equals(each.getKey()))
              .map(job -> Place.of(job.state()))
              .toList();
      assertTrue(places.size() <= 1, () -> each.getKey() + " is there twice: " + jobs);
      Place place = places.isEmpty() ? Place.GONE : places.get(0);
      assertTrue(
          each.getValue().contains(place),
          () ->
              "%s is %s and may only be %s: %s"
                  .formatted(
                      each.getKey(), place == Place.GONE ? "LOST" : place, each.getValue(), jobs));
    }
    assertTrue(
        jobs.stream().allMatch(job -> promised.containsKey(job.text())),
        () -> "torn, or nobody's: " + jobs);
  }

  /**
   * A second enqueue finds the job of the key, or is accepted; then there is exactly one.
   *
   * @param holders those that have the key or had it
   * @param most more than one only where one that was done may be back
   */
  void assertKeyIsNeitherStuckNorLost(Collection<String> holders, int most) throws Exception {
    JobId id = spool.enqueue(Job.of("new").key("k"));
    assertTrue(spool.inspector().find(id).isPresent(), "told of a job that is not there");
    assertEquals(Optional.of("k"), spool.inspector().read(id).orElseThrow().key());
    List<String> texts = texts();
    long count = texts.stream().filter(t -> t.equals("new") || holders.contains(t)).count();
    assertTrue(1 <= count && count <= most, () -> "jobs with that key: " + texts);
    assertEquals(id, spool.enqueue(Job.of("new").key("k")));
  }

  /**
   * Every job that is there is whole and can be done, and then the spool is as empty as a new one.
   */
  void assertNothingIsLeftInTheEnd() throws Exception {
    int damaged = Collections.frequency(texts(), DAMAGED);
    int jobs = texts().size() - damaged;
    assertEquals(jobs, doAll(), () -> "not every job could be done");
    assertEquals(
        damaged, spool.maintenance().discard(ids(spool, JobState.FAILED)).changed().size());
    assertAsEmptyAsNew();
  }

  /** Whatever is there, what comes into a worker's hands is whole; the rest ends in failed/. */
  void assertWhatIsHandedOutIsWhole() throws Exception {
    doAll();
    spool.maintenance().discard(ids(spool, JobState.FAILED));
    assertAsEmptyAsNew();
  }

  private int doAll() throws Exception {
    spool.maintenance().unhold(ids(spool, JobState.HELD));
    spool.maintenance().retryNow(ids(spool, JobState.DELAYED));
    spool.maintenance().requeue(ids(spool, JobState.FAILED));
    spool.maintenance().requeue(ids(spool, JobState.DONE));
    int done = 0;
    for (Optional<Claim> claim = spool.claim(); claim.isPresent(); claim = spool.claim()) {
      ruins.handle(claim.get());
      claim.get().complete();
      done++;
      assertTrue(done < MANY, "there is no end to it");
    }
    return done;
  }

  private void assertAsEmptyAsNew() throws Exception {
    ruins.advance(Duration.ofHours(40));
    spool.maintenance().recover();
    for (JobState state : EnumSet.allOf(JobState.class)) {
      assertEquals(List.of(), ids(spool, state));
    }
    for (String each : List.of("tmp", "keys", "errors")) {
      assertEquals(List.of(), ruins.names(each), "left in " + each);
    }
  }
}
