package org.spooldir.fs.process;

import static java.util.stream.Collectors.toCollection;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.JobSnapshot;
import org.spooldir.JobState;
import org.spooldir.Spool;
import org.spooldir.SpoolException;
import org.spooldir.fs.DirectorySpool;
import org.spooldir.fs.SpoolOptions;

/** Another process that goes on where all others died: recovers, looks, and does what is left. */
final class Heir implements AutoCloseable {

  private static final Set<JobState> UNDONE = EnumSet.complementOf(EnumSet.of(JobState.DONE));

  private final Spool spool;
  private final SpoolFiles files;

  /** Opens a spool in which nobody is alive, and recovers until nothing is left of the dead. */
  Heir(Path root) throws SpoolException {
    spool =
        DirectorySpool.open(
            root, SpoolOptions.DEFAULTS.lease(Duration.ofSeconds(1)).poll(Duration.ofMillis(100)));
    files = new SpoolFiles(root);
    // Whoever was killed within C0 leaves an empty presence, which proves nothing: silence tells.
    await("nothing is claimed for ever")
        .atMost(ChildProcess.PATIENCE)
        .pollDelay(Duration.ZERO)
        .until(
            () -> {
              spool.maintenance().recover();
              return files.in("cur").isEmpty() && files.in("workers").isEmpty();
            });
  }

  // ---- what it finds ----

  /** The names of the payloads of all jobs that are not done; each must be whole. */
  List<String> undone() throws IOException {
    return names(UNDONE);
  }

  /** The ids of all jobs that are not done; each must be whole. */
  Set<String> undoneJobs() throws IOException {
    undone();
    return ids(UNDONE).stream().map(JobId::value).collect(toCollection(TreeSet::new));
  }

  /** The names of the payloads of all jobs that are kept as done. */
  List<String> done() throws IOException {
    return names(Set.of(JobState.DONE));
  }

  private List<String> names(Set<JobState> states) throws IOException {
    List<String> names = new ArrayList<>();
    for (JobId id : ids(states)) {
      names.add(Telltale.verify(spool.inspector().read(id).orElseThrow().payload()));
    }
    return names;
  }

  private List<JobId> ids(Set<JobState> states) throws SpoolException {
    try (Stream<JobSnapshot> jobs = spool.inspector().list(states)) {
      return jobs.map(JobSnapshot::id).toList();
    }
  }

  // ---- what it does ----

  /** A second enqueue of a key finds its job, or is accepted; then there is exactly one. */
  void requireKeyNeitherStuckNorLost(String key) throws IOException {
    JobId id = spool.enqueue(Job.of(new Telltale(key + ".again", 10)).key(key));
    assertTrue(spool.inspector().find(id).isPresent(), "told of a job that is not there");
    List<String> holders =
        names(EnumSet.allOf(JobState.class)).stream()
            .filter(name -> name.startsWith(key + "."))
            .toList();
    assertEquals(1, holders.size(), "jobs of the key: " + holders);
    assertEquals(Optional.of(key), spool.inspector().read(id).orElseThrow().key());
  }

  /**
   * Does all jobs, whatever state they are in; then there are none.
   *
   * @return the highest attempt
   */
  int doAll() throws IOException {
    int jobs = undone().size();
    spool.maintenance().unhold(ids(Set.of(JobState.HELD)));
    spool.maintenance().retryNow(ids(Set.of(JobState.DELAYED)));
    spool.maintenance().requeue(ids(Set.of(JobState.FAILED)));
    int done = 0;
    int attempt = 0;
    for (Optional<Claim> claim = spool.claim(); claim.isPresent(); claim = spool.claim()) {
      attempt = Math.max(attempt, claim.get().attempt());
      Telltale.verify(claim.get().payload());
      claim.get().complete();
      done++;
    }
    assertEquals(jobs, done, "jobs done");
    assertEquals(List.of(), undone());
    return attempt;
  }

  @Override
  public void close() throws SpoolException {
    spool.close();
  }
}
