package org.spooldir.worker;

import java.time.Duration;
import java.util.Optional;
import org.spooldir.Spool;
import org.spooldir.SpoolListener;

/**
 * What a worker was told by its builder; durations are bounded so that they fit into a {@code long}
 * of nanoseconds.
 */
record WorkerSettings(
    Spool spool,
    JobHandler handler,
    int concurrency,
    RetryPolicy retry,
    Optional<Duration> timeLimit,
    Duration idlePoll,
    Duration shutdownGrace,
    Duration lastMoment,
    boolean stopOnShutdown,
    SpoolListener listener,
    String name) {

  private static final Duration LONGEST = Duration.ofDays(36_500);

  WorkerSettings {
    if (concurrency < 1) {
      throw new IllegalArgumentException("concurrency must be at least 1: " + concurrency);
    }
    timeLimit.ifPresent(limit -> checkPositive("time limit", limit));
    checkPositive("idle poll", idlePoll);
    if (shutdownGrace.isNegative()) {
      throw new IllegalArgumentException("negative shutdown grace: " + shutdownGrace);
    }
    if (lastMoment.isNegative()) {
      throw new IllegalArgumentException("negative last moment: " + lastMoment);
    }
    timeLimit = timeLimit.map(WorkerSettings::bounded);
    idlePoll = bounded(idlePoll);
    shutdownGrace = bounded(shutdownGrace);
    lastMoment = bounded(lastMoment);
  }

  private static void checkPositive(String what, Duration duration) {
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException(what + " must be longer than nothing: " + duration);
    }
  }

  private static Duration bounded(Duration duration) {
    return duration.compareTo(LONGEST) > 0 ? LONGEST : duration;
  }
}
