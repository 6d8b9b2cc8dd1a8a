package org.spooldir.fs;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spooldir.SpoolException;
import org.spooldir.SpoolMaintenance;

/**
 * The parts of an open spool that workers and operators use. Made when the first of them comes, so
 * that a process that hands in one job and ends does not wait for them.
 */
final class WorkerSide {

  private final SpoolLayout layout;
  private final Events events;
  private final Candidates candidates;
  private final DelayedJobs delayed;
  private final Presence presence;
  private final Claimer claimer;
  private final Background background;
  private final SpoolMaintenance maintenance;

  WorkerSide(Site site, DirectoryInspector inspector, DedupKeys keys, boolean weak) {
    layout = site.layout();
    events = site.events();
    FailureLog log = new FailureLog(site.ops(), layout);
    WorkerIdentity self = WorkerIdentity.ofThisProcess(site.options().lease());

    // into a worker's hands, and out of them
    presence = new Presence(site, self);
    candidates = new Candidates(site, presence::id);
    claimer = new Claimer(site, candidates, presence, new Settler(site, log, keys));

    // back, if the worker dies
    delayed = new DelayedJobs(site);
    Recoverer recoverer =
        new Recoverer(
            site, new DeadWorkers(site, self, presence), delayed, new Sweeper(site), weak);
    FileSystemClock fileSystemClock = new FileSystemClock(site.ops(), layout, site.reserve());
    background = new Background(site, presence, recoverer, candidates, delayed, fileSystemClock);

    // for operators
    maintenance =
        new DirectoryMaintenance(
            site, inspector, log, keys, fileSystemClock, background::recoverNow);
  }

  /** Takes the best job there is. From the first call on this process gives signs of life. */
  Optional<DirectoryClaim> claim() throws SpoolException {
    layout.requireReadable("claim");
    background.start();
    try {
      delayed.promoteDue(); // R4
    } catch (IOException e) {
      events.trouble(
          "cannot make due jobs ready in " + FileNames.escape(layout.root()),
          e); // the ready ones are to be had
    }
    return claimer.claim();
  }

  /** Waits until a job may be there, but no longer than this. */
  void await(Duration atMost) throws InterruptedException {
    candidates.await(delayed.untilDue(atMost));
  }

  /** The id under which this process claims; null before its first claim. */
  @Nullable String workerId() {
    return presence.id();
  }

  SpoolMaintenance maintenance() {
    return maintenance;
  }

  /** Stops everything, gives the claims back and leaves. */
  void close() throws IOException {
    background.close();
  }
}
