package org.spooldir.micrometer;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.spooldir.JobState;
import org.spooldir.SpoolInspector;
import org.spooldir.SpoolStats;
import org.spooldir.SpoolStats.Count;
import org.spooldir.micrometer.RecentLook.Look;

/**
 * Gauges of how much is in a spool, whoever put it there: jobs and bytes in each state, how long
 * the oldest ready job has waited, and so on. They have the names and values of {@code spool stat
 * --prometheus}.
 *
 * <pre>{@code
 * new SpoolDepthMetrics("/var/spool/thumbnails", spool.inspector()).bindTo(registry);
 * }</pre>
 *
 * <p>A look at the spool lists its directories, and all gauges of a scrape share one: what it shows
 * counts for a window, ten seconds if not said otherwise, from the moment when the look was done.
 * Nothing looks between scrapes. While the spool cannot be read, {@code spool.up} is 0 and all
 * others are not a number (NaN), and so is what the entries' names do not tell.
 *
 * <p>Registries hold the gauges, and through them the inspector, until the gauges are removed.
 *
 * @since 0.1
 */
public final class SpoolDepthMetrics implements MeterBinder {

  private final Tags spool;
  private final RecentLook looks;

  /**
   * Gauges whose looks count for ten seconds.
   *
   * @param spool the tag {@code spool} of all of them: the absolute path of the directory, where
   *     they should stand beside those of the command line
   * @param inspector looks
   */
  public SpoolDepthMetrics(String spool, SpoolInspector inspector) {
    this(spool, inspector, Duration.ofSeconds(10));
  }

  /**
   * Gauges of a spool.
   *
   * @param spool the tag {@code spool} of all of them
   * @param inspector looks
   * @param window how long a look counts: shorter than the time between two scrapes
   */
  public SpoolDepthMetrics(String spool, SpoolInspector inspector, Duration window) {
    this(spool, inspector, window, Clock.SYSTEM);
  }

  SpoolDepthMetrics(String spool, SpoolInspector inspector, Duration window, Clock clock) {
    this.spool = Tags.of("spool", spool);
    this.looks = new RecentLook(spool, inspector, window, clock);
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("spool.up", looks, RecentLook::up)
        .description("Whether the spool could be read.")
        .tags(spool)
        .strongReference(true)
        .register(registry);
    for (JobState state : JobState.values()) {
      Tags tags = spool.and("state", state.name().toLowerCase(Locale.ROOT));
      gauge("spool.jobs", "Jobs in each state.", stats -> stats.jobs(state))
          .baseUnit("jobs")
          .tags(tags)
          .register(registry);
      gauge(
              "spool.bytes",
              "Stored bytes of the jobs in each state, as producers declared them.",
              stats -> stats.counts().getOrDefault(state, Count.NONE).bytes())
          .baseUnit(BaseUnits.BYTES)
          .tags(tags)
          .register(registry);
    }
    time(
            "spool.oldest.ready.age",
            "How long the oldest ready job has waited, 0 if none is ready.",
            Look::oldestReadyAgeMillis)
        .register(registry);
    time(
            "spool.next.due.timestamp",
            "When the next delayed job is due, since 1970.",
            Look::nextDueMillis)
        .register(registry);
    gauge(
            "spool.workers",
            "Worker processes with a presence, living or not yet declared dead.",
            SpoolStats::workers)
        .register(registry);
    gauge(
            "spool.writing",
            "Entries being written, or left by producers that died.",
            SpoolStats::writing)
        .register(registry);
    gauge(
            "spool.foreign",
            "Things among the ready jobs that are no files, and never claimed.",
            SpoolStats::foreign)
        .register(registry);
  }

  private Gauge.Builder<RecentLook> gauge(
      String name, String description, ToDoubleFunction<SpoolStats> value) {
    return Gauge.builder(name, looks, at -> at.value(look -> value.applyAsDouble(look.stats())))
        .description(description)
        .tags(spool)
        .strongReference(true); // or the value is NaN once nobody else holds these metrics
  }

  private TimeGauge.Builder<RecentLook> time(
      String name, String description, ToDoubleFunction<Look> millis) {
    return TimeGauge.builder(name, looks, TimeUnit.MILLISECONDS, at -> at.value(millis))
        .description(description)
        .tags(spool)
        .strongReference(true);
  }
}
