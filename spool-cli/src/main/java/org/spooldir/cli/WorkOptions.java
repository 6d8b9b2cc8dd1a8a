package org.spooldir.cli;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.spooldir.fs.SpoolOptions;
import org.spooldir.worker.RetryPolicy;
import org.spooldir.worker.Worker;

/**
 * How {@code spool work} is to go about it.
 *
 * @param threads how many commands run at the same time
 * @param most how many jobs to claim
 * @param drain whether to end when no job is ready and none is running
 * @param retry when a failed job is tried again, and how often
 * @param timeLimit how long a command may run
 * @param grace how long running commands may go on after a signal
 * @param style what is told of each job
 */
record WorkOptions(
    int threads,
    long most,
    boolean drain,
    RetryPolicy retry,
    Optional<Duration> timeLimit,
    Duration grace,
    WorkReport.Style style) {

  private static final Duration GRACE = Duration.ofSeconds(30);
  private static final Duration BACKOFF = Duration.ofSeconds(1);
  private static final Duration LONGEST_BACKOFF = Duration.ofHours(1);

  /** For threads that could have something else to do than to wait. */
  private static final Duration SHORT_POLL = Duration.ofMillis(200);

  /** Enough to terminate a command and to be told of its end. */
  private static final Duration LAST_MOMENT = ProcessGroup.KILL_AFTER.multipliedBy(3);

  /**
   * What the options say.
   *
   * @throws UsageException if they cannot be right, or not together
   */
  static WorkOptions of(Arguments arguments) {
    int threads = (int) arguments.number("--jobs", 1, 1024, 1);
    long most = arguments.number("--max", 1, Long.MAX_VALUE, BoundedSpool.NO_LIMIT);
    boolean drain = arguments.has("--drain");
    if (drain && arguments.has("--max")) {
      throw new UsageException("--drain and --max: one of them");
    }
    return new WorkOptions(
        threads,
        most,
        drain,
        retry(arguments),
        timeLimit(arguments),
        arguments.duration("--grace").orElse(GRACE),
        style(arguments));
  }

  /** What of it the spool has to know: which jobs are taken at all. */
  static SpoolOptions spool(Arguments arguments) throws IOException {
    UserPrincipalLookupService users = FileSystems.getDefault().getUserPrincipalLookupService();
    Set<UserPrincipal> owners = new HashSet<>();
    for (String user : arguments.all("--owner")) {
      try {
        owners.add(users.lookupPrincipalByName(user));
      } catch (UserPrincipalNotFoundException e) {
        throw Arguments.bad("--owner", user, "the name or number of a user");
      }
    }
    return SpoolOptions.DEFAULTS
        .maxEntrySize(arguments.size("--max-size", SpoolOptions.DEFAULTS.maxEntrySize()))
        .owners(owners);
  }

  private static RetryPolicy retry(Arguments arguments) {
    String text = arguments.text("--backoff");
    int attempts =
        (int) arguments.number("--attempts", 1, Integer.MAX_VALUE, RetryPolicy.DEFAULT_ATTEMPTS);
    if (text == null) {
      return RetryPolicy.exponential(BACKOFF, LONGEST_BACKOFF).attempts(attempts);
    }
    int dots = text.indexOf("..");
    try {
      if (dots < 0) {
        return RetryPolicy.fixed(Arguments.duration("--backoff", text)).attempts(attempts);
      }
      return RetryPolicy.exponential(
              Arguments.duration("--backoff", text.substring(0, dots)),
              Arguments.duration("--backoff", text.substring(dots + 2)))
          .attempts(attempts);
    } catch (IllegalArgumentException e) {
      throw Arguments.bad("--backoff", text, "A..B, and A not longer than B");
    }
  }

  private static Optional<Duration> timeLimit(Arguments arguments) {
    Optional<Duration> timeLimit = arguments.duration("--time-limit");
    if (timeLimit.filter(Duration::isZero).isPresent()) {
      throw Arguments.bad("--time-limit", "0", "longer than nothing");
    }
    return timeLimit;
  }

  private static WorkReport.Style style(Arguments arguments) {
    boolean quiet = arguments.has("--quiet");
    if (!arguments.has("--json")) {
      return quiet ? WorkReport.Style.QUIET : WorkReport.Style.LINES;
    }
    if (quiet) {
      throw new UsageException("--quiet and --json: one of them");
    }
    return WorkReport.Style.JSON;
  }

  /** A worker that goes about it so; it hears of no signals by itself. */
  Worker.Builder worker(BoundedSpool jobs) {
    boolean ends = drain || most != BoundedSpool.NO_LIMIT;
    Worker.Builder worker =
        Worker.on(jobs)
            .concurrency(threads)
            .retry(retry)
            .shutdownGrace(grace)
            .lastMoment(LAST_MOMENT)
            .stopOnShutdown(false);
    timeLimit.ifPresent(worker::timeLimit);
    if (ends) {
      worker.idlePoll(SHORT_POLL);
    }
    return worker;
  }
}
