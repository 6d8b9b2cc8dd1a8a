package org.spooldir.fs;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.spooldir.Claim;
import org.spooldir.CorruptEntryException;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.JobSnapshot;
import org.spooldir.JobState;
import org.spooldir.fs.CutStep.Kind;
import org.spooldir.fs.CutStep.Place;
import org.spooldir.fs.process.Telltale;

/**
 * What a level of durability promises for after a power cut, and whether it was kept.
 *
 * <p>At every level: the spool opens; nothing but what was handed in is in it, each job once;
 * nothing torn comes into a handler's hands; a dedup key leads to a job or is free; everything that
 * is there can be worked off, and then nothing is left. From {@code ENQUEUE} on nothing is torn,
 * and a job stands where its last step that the level makes durable put it, or where a later step
 * put it. At {@code PROCESS} no step is durable.
 */
final class CutPromise {

  private static final SpoolOptions OPTIONS =
      SpoolOptions.DEFAULTS.lease(Duration.ofHours(1)).poll(Duration.ofHours(1));

  private static final Duration LONG_AGO = Duration.ofHours(3);

  private final Durability level;
  private final Circumstances circumstances;
  private final Map<String, List<CutStep>> steps;
  private final List<String> complaints = new ArrayList<>();
  private final Map<String, List<JobSnapshot>> found = new HashMap<>();
  private final List<JobId> torn = new ArrayList<>();
  private final Set<JobId> seen = new HashSet<>();
  private long lost;
  private long cameBack;
  private long strayed;

  /** What was going on. */
  enum Circumstances {
    /** One process did one thing after the other. */
    ONE_BY_ONE,
    /** Many were at work, and jobs may have been claimed by workers who could not tell any more. */
    MANY_AT_WORK,
    /**
     * The same where there is no journal: a job that was on its way in that moment may be in
     * lost+found, whole, as somebody else forced the directory that it had left; and fsck may bring
     * back an old name, which leads to nothing that is whole.
     */
    MANY_AT_WORK_WITHOUT_JOURNAL
  }

  /**
   * What was seen.
   *
   * @param acknowledged steps whose calls had returned
   * @param lost jobs that should be there, and are not
   * @param torn jobs whose payload is not what was handed in
   * @param cameBack jobs that had been completed, and are there
   * @param strayed jobs that are in lost+found
   * @param complaints promises that were not kept
   */
  record Verdict(
      long acknowledged,
      long lost,
      long torn,
      long cameBack,
      long strayed,
      List<String> complaints) {

    static final Verdict NOTHING = new Verdict(0, 0, 0, 0, 0, List.of());

    /** The same, with this in front of each complaint. */
    Verdict saying(String where) {
      List<String> said = complaints.stream().map(complaint -> where + complaint).toList();
      return new Verdict(acknowledged, lost, torn, cameBack, strayed, said);
    }

    Verdict plus(Verdict other) {
      return new Verdict(
          acknowledged + other.acknowledged,
          lost + other.lost,
          torn + other.torn,
          cameBack + other.cameBack,
          strayed + other.strayed,
          Stream.concat(complaints.stream(), other.complaints.stream()).toList());
    }
  }

  private CutPromise(Durability level, Circumstances circumstances, List<CutStep> steps) {
    this.level = level;
    this.circumstances = circumstances;
    this.steps = steps.stream().collect(groupingBy(CutStep::job, LinkedHashMap::new, toList()));
  }

  /**
   * Recovers a spool after the cut, compares it with what was done, and works it off.
   *
   * @param steps in the order in which they were begun
   */
  static Verdict judge(
      Durability level, Circumstances circumstances, Path root, List<CutStep> steps) {
    CutPromise promise = new CutPromise(level, circumstances, steps);
    try {
      ageWorkers(root);
      try (DirectorySpool spool = DirectorySpool.open(root, OPTIONS)) {
        spool.maintenance().recover();
        promise.look(spool);
        promise.compareJobs(spool, new LostAndFound(root.getParent()));
        promise.compareKeys(spool);
        promise.workOff(spool, root);
      }
    } catch (IOException | RuntimeException e) {
      promise.complain("the spool cannot be used: " + e);
    }
    long acknowledged = steps.stream().filter(CutStep::acknowledged).count();
    return new Verdict(
        acknowledged,
        promise.lost,
        promise.torn.size(),
        promise.cameBack,
        promise.strayed,
        promise.complaints);
  }

  /** The machine comes back after longer than a lease. */
  private static void ageWorkers(Path root) throws IOException {
    try (Stream<Path> workers = Files.list(root.resolve("workers"))) {
      for (Path worker : workers.toList()) {
        Files.setLastModifiedTime(worker, FileTime.from(Instant.now().minus(LONG_AGO)));
      }
    }
  }

  private void complain(String what) {
    complaints.add(what);
  }

  // ---- what is there ----

  private void look(DirectorySpool spool) throws IOException {
    for (JobSnapshot job : list(spool, EnumSet.allOf(JobState.class))) {
      look(spool, job);
    }
  }

  private void look(DirectorySpool spool, JobSnapshot job) throws IOException {
    seen.add(job.id());
    try {
      String name = Telltale.verify(spool.inspector().read(job.id()).orElseThrow().payload());
      found.computeIfAbsent(name, unseen -> new ArrayList<>()).add(job);
    } catch (CorruptEntryException | Telltale.TornException e) {
      torn.add(job.id());
      if (level != Durability.PROCESS
          && circumstances != Circumstances.MANY_AT_WORK_WITHOUT_JOURNAL) {
        complain("torn: " + job + ": " + e.getMessage());
      }
    }
  }

  private static List<JobSnapshot> list(DirectorySpool spool, Set<JobState> states)
      throws IOException {
    try (Stream<JobSnapshot> jobs = spool.inspector().list(states)) {
      return jobs.toList();
    }
  }

  // ---- what should be there ----

  private void compareJobs(DirectorySpool spool, LostAndFound lostAndFound) throws IOException {
    for (Map.Entry<String, List<CutStep>> each : steps.entrySet()) {
      List<JobSnapshot> there = found.getOrDefault(each.getKey(), List.of());
      if (there.isEmpty()
          && circumstances == Circumstances.MANY_AT_WORK_WITHOUT_JOURNAL
          && lostAndFound.holds(each.getKey())) {
        strayed++;
      } else {
        compareJob(each.getValue(), there);
      }
      if (!there.isEmpty()) {
        compareReasons(each.getValue(), spool.inspector().failures(there.get(0).id()).size());
      }
    }
    Set<String> unknown = new HashSet<>(found.keySet());
    unknown.removeAll(steps.keySet());
    if (!unknown.isEmpty()) {
      complain("nobody handed in " + unknown);
    }
  }

  private void compareJob(List<CutStep> steps, List<JobSnapshot> there) {
    Set<Place> promised = places(steps);
    Place place = there.isEmpty() ? Place.NOWHERE : placeOf(there.get(0));
    if (there.size() > 1 || !promised.contains(place)) {
      lost += there.isEmpty() ? 1 : 0;
      complain(steps + " should be in one of " + promised + ", and is " + there);
    }
    cameBack += !there.isEmpty() && isCompleted(steps) ? 1 : 0;
  }

  private static Place placeOf(JobSnapshot job) {
    return Place.of(job.state(), job.attempts());
  }

  private static boolean isCompleted(List<CutStep> steps) {
    return steps.stream().anyMatch(step -> step.acknowledged() && step.kind() == Kind.COMPLETE);
  }

  /** Where a job may be: where its last durable step put it, or a later one. */
  private Set<Place> places(List<CutStep> steps) {
    Set<Place> places = new HashSet<>();
    for (int i = steps.size() - 1; i >= 0; i--) {
      CutStep step = steps.get(i);
      places.add(step.place());
      if (isDurable(step)) {
        return withUntold(places);
      }
    }
    places.add(Place.NOWHERE);
    return withUntold(places);
  }

  private boolean isDurable(CutStep step) {
    return step.acknowledged() && step.kind().survives(level);
  }

  private Set<Place> withUntold(Set<Place> places) {
    if (circumstances != Circumstances.ONE_BY_ONE) {
      for (Place place : List.copyOf(places)) {
        if (place.state().equals(Optional.of(JobState.READY))) {
          places.add(Place.of(JobState.READY, place.attempts() + 1));
        }
      }
    }
    return places;
  }

  private void compareReasons(List<CutStep> steps, int there) {
    long promised = steps.stream().filter(s -> s.kind().tellsWhy() && isDurable(s)).count();
    if (there < promised) {
      complain(steps + " had " + promised + " reasons, and there are " + there);
    }
  }

  // ---- dedup keys ----

  /** A second enqueue finds the job of the key, or is accepted. */
  private void compareKeys(DirectorySpool spool) throws IOException {
    for (Map.Entry<String, List<CutStep>> each : steps.entrySet()) {
      if (!each.getKey().contains(".")) {
        continue;
      }
      String key = Telltale.keyOf(each.getKey());
      Telltale payload = new Telltale(key + ".again", 0);
      JobId id = spool.enqueue(Job.of(payload).key(key));
      Optional<JobSnapshot> holder = spool.inspector().find(id);
      if (holder.isEmpty()) {
        complain(key + " leads to " + id + ", which is not there");
      }
      List<JobSnapshot> there = found.getOrDefault(each.getKey(), List.of());
      boolean held = there.stream().anyMatch(job -> job.id().equals(id));
      if (!there.isEmpty() && !held && level != Durability.PROCESS && !wasGone(each.getValue())) {
        complain(key + " is free, and its job is there: " + there);
      }
      // What a producer had left in tmp/ is published for him by who finds its key.
      if (holder.isPresent() && !seen.contains(id)) {
        look(spool, holder.get());
      }
    }
  }

  /** Whether the job was, or may have been, removed: then its key may be free before it is. */
  private static boolean wasGone(List<CutStep> steps) {
    return steps.stream().anyMatch(step -> step.place().equals(Place.NOWHERE));
  }

  // ---- and that it is worth something ----

  private void workOff(DirectorySpool spool, Path root) throws IOException {
    spool.maintenance().unhold(ids(spool, JobState.HELD));
    spool.maintenance().retryNow(ids(spool, JobState.DELAYED));
    spool.maintenance().requeue(ids(spool, JobState.FAILED));
    spool.maintenance().requeue(ids(spool, JobState.DONE));
    for (Optional<Claim> claim = spool.claim(); claim.isPresent(); claim = spool.claim()) {
      Telltale.verify(claim.get().payload()); // nothing torn comes into a handler's hands
      claim.get().complete();
    }
    List<JobId> damaged = ids(spool, JobState.FAILED);
    if (!Set.copyOf(torn).equals(Set.copyOf(damaged))) {
      complain("torn are " + torn + ", and found to be damaged " + damaged);
    }
    spool.maintenance().discard(damaged);
    spool.maintenance().discard(ids(spool, JobState.DONE));
    spool.maintenance().recover();
    List<JobSnapshot> left = list(spool, EnumSet.allOf(JobState.class));
    if (!left.isEmpty()) {
      complain("cannot be worked off: " + left);
    }
    List<String> keys =
        Shell.names(root.resolve("keys")).stream().filter(CutPromise::isKey).toList();
    if (!keys.isEmpty()) {
      complain("keys without a job: " + keys);
    }
  }

  private static boolean isKey(String name) {
    return name.matches("[0-9a-f]{64}");
  }

  private static List<JobId> ids(DirectorySpool spool, JobState state) throws IOException {
    return list(spool, Set.of(state)).stream().map(JobSnapshot::id).toList();
  }
}
