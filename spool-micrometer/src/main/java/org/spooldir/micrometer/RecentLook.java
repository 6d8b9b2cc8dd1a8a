package org.spooldir.micrometer;

import io.micrometer.core.instrument.Clock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.spooldir.JobState;
import org.spooldir.SpoolInspector;
import org.spooldir.SpoolStats;

/**
 * The last look at a spool, for as long as it counts: the gauges of one scrape are read one by one,
 * and a big spool must not be listed for each of them.
 */
final class RecentLook {

  private static final System.Logger LOG = System.getLogger("org.spooldir.micrometer");

  /** What a look showed, and when it began, in milliseconds since 1970. */
  record Look(SpoolStats stats, long at) {

    /** Zero if none is ready, or if it comes from the future; NaN if no name tells. */
    double oldestReadyAgeMillis() {
      return stats.jobs(JobState.READY) == 0
          ? 0
          : stats
              .oldestReady()
              .map(oldest -> (double) Math.max(0, at - oldest.toEpochMilli()))
              .orElse(Double.NaN);
    }

    double nextDueMillis() {
      return stats.nextDue().map(due -> (double) due.toEpochMilli()).orElse(Double.NaN);
    }
  }

  private final String spool;
  private final SpoolInspector inspector;
  private final long window;
  private final Clock clock;

  private Optional<Look> last = Optional.empty();
  private long done;
  private boolean looked;

  RecentLook(String spool, SpoolInspector inspector, Duration window, Clock clock) {
    this.spool = spool;
    this.inspector = inspector;
    this.window = window.toNanos();
    this.clock = clock;
  }

  /** Whether the spool could be read: 1 or 0. */
  double up() {
    return look().isPresent() ? 1 : 0;
  }

  /** A value of the last look; NaN if the spool could not be read. */
  double value(ToDoubleFunction<Look> value) {
    return look().map(value::applyAsDouble).orElse(Double.NaN);
  }

  /** Whoever comes while somebody looks waits for what he sees. */
  private synchronized Optional<Look> look() {
    if (!looked || clock.monotonicTime() - done >= window) {
      last = lookAnew();
      looked = true;
      done = clock.monotonicTime(); // of its end: a look may take longer than the window
    }
    return last;
  }

  private Optional<Look> lookAnew() {
    long at = clock.wallTime();
    try {
      return Optional.of(new Look(inspector.stats(), at));
    } catch (IOException | UncheckedIOException e) {
      LOG.log(Level.WARNING, "cannot look into the spool " + spool, e);
      return Optional.empty();
    }
  }
}
