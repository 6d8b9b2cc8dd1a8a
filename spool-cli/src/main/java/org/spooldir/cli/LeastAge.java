package org.spooldir.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spooldir.JobSnapshot;

/**
 * How long ago a job was handed in, at least: {@code --older-than}.
 *
 * @param before jobs of this time and earlier are meant; null: all are
 */
record LeastAge(@Nullable Instant before) {

  /** What the option says; without it any age will do. */
  static LeastAge of(Arguments arguments, Instant now) {
    return new LeastAge(
        arguments.duration("--older-than").map(age -> before(now, age)).orElse(null));
  }

  private static Instant before(Instant now, Duration age) {
    return age.compareTo(Duration.between(Instant.MIN, now)) < 0 ? now.minus(age) : Instant.MIN;
  }

  /**
   * Whether a job is old enough. One that does not tell when it was handed in is at least as old as
   * its claim; without a claim it is never old.
   */
  boolean isReachedBy(JobSnapshot job) {
    if (before == null) {
      return true;
    }
    Optional<Instant> known = job.enqueuedAt().isPresent() ? job.enqueuedAt() : job.claimedAt();
    return known.isPresent() && !known.get().isAfter(before);
  }
}
