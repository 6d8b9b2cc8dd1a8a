package org.spooldir.cli;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.spooldir.Failure;
import org.spooldir.JobSnapshot;
import org.spooldir.JobState;
import org.spooldir.SpoolException;
import org.spooldir.SpoolInspector;

/** Which jobs are meant, beyond their state: {@code --older-than} and {@code --failed-with}. */
final class JobFilter {

  private final SpoolInspector inspector;
  private final LeastAge age;
  private final @Nullable String reason;

  private JobFilter(SpoolInspector inspector, LeastAge age, @Nullable String reason) {
    this.inspector = inspector;
    this.age = age;
    this.reason = reason;
  }

  /** What the options say; without them all jobs are meant. */
  static JobFilter of(Arguments arguments, SpoolInspector inspector, Instant now) {
    return new JobFilter(inspector, LeastAge.of(arguments, now), arguments.text("--failed-with"));
  }

  /**
   * Whether this job is meant.
   *
   * @throws SpoolException if its failures matter and cannot be read
   */
  boolean accepts(JobSnapshot job) throws SpoolException {
    return age.isReachedBy(job) && hasFailedSo(job);
  }

  private boolean hasFailedSo(JobSnapshot job) throws SpoolException {
    if (reason == null) {
      return true;
    }
    if (mayHaveFailed(job)) {
      for (Failure failure : inspector.failures(job.id())) {
        if (failure.reason().contains(reason)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether it is worth the while to look for failures: most jobs never failed. */
  static boolean mayHaveFailed(JobSnapshot job) {
    return job.attempts() > 0 || job.state() == JobState.FAILED;
  }
}
