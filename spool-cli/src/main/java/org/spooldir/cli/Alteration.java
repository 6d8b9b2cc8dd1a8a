package org.spooldir.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.spooldir.JobId;
import org.spooldir.JobState;
import org.spooldir.SpoolException;
import org.spooldir.SpoolMaintenance;

/** What the verbs that alter do to a job. */
enum Alteration {
  RETRY("retried"),
  HOLD("held"),
  UNHOLD("let go"),
  DISCARD("discarded");

  private final String done;

  Alteration(String done) {
    this.done = done;
  }

  /** The verb that does it. */
  String verb() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What can be said of a job after it. */
  String done() {
    return done;
  }

  /** The states to which it applies. */
  Set<JobState> states() {
    return switch (this) {
      case RETRY -> EnumSet.of(JobState.DELAYED, JobState.FAILED, JobState.DONE);
      case HOLD -> EnumSet.of(JobState.READY, JobState.DELAYED);
      case UNHOLD -> EnumSet.of(JobState.HELD);
      case DISCARD -> EnumSet.complementOf(EnumSet.of(JobState.CLAIMED));
    };
  }

  /**
   * Does it.
   *
   * @param jobs ids, and where these jobs stood a moment ago
   * @param states where a job must stand to be discarded, which cannot be taken back
   * @return those to which it was done; the others have moved meanwhile
   */
  List<JobId> to(Map<JobId, JobState> jobs, Set<JobState> states, SpoolMaintenance maintenance)
      throws SpoolException {
    Collection<JobId> ids = jobs.keySet();
    return switch (this) {
      case RETRY -> retry(jobs, maintenance);
      case HOLD -> maintenance.hold(ids).changed();
      case UNHOLD -> maintenance.unhold(ids).changed();
      case DISCARD -> maintenance.discard(ids, states).changed();
    };
  }

  private static List<JobId> retry(Map<JobId, JobState> jobs, SpoolMaintenance maintenance)
      throws SpoolException {
    List<JobId> delayed = new ArrayList<>();
    List<JobId> failed = new ArrayList<>();
    List<JobId> done = new ArrayList<>();
    for (Map.Entry<JobId, JobState> job : jobs.entrySet()) {
      switch (job.getValue()) {
        case DELAYED -> delayed.add(job.getKey());
        case FAILED -> failed.add(job.getKey());
        default -> done.add(job.getKey());
      }
    }
    List<JobId> changed = new ArrayList<>();
    if (!delayed.isEmpty()) {
      changed.addAll(maintenance.retryNow(delayed).changed());
    }
    if (!failed.isEmpty()) {
      changed.addAll(maintenance.requeue(failed, EnumSet.of(JobState.FAILED)).changed());
    }
    if (!done.isEmpty()) {
      changed.addAll(maintenance.requeue(done, EnumSet.of(JobState.DONE)).changed());
    }
    return changed;
  }
}
