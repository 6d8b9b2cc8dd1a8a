package org.spooldir.micrometer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.spooldir.JobId;
import org.spooldir.RecoveryReport;
import org.spooldir.SpoolEvent;
import org.spooldir.SpoolEvent.Settlement;
import org.spooldir.SpoolListener;

/**
 * Counts and times what this process does in a spool. Give it to the spool when it is opened, and
 * {@link #worker} of it to a worker:
 *
 * <pre>{@code
 * SpoolEventMetrics metrics = new SpoolEventMetrics("/var/spool/thumbnails", registry);
 * try (Spool spool = Spools.open(URI.create("spool:///var/spool/thumbnails"), metrics);
 *     Worker worker = Worker.on(spool).listener(metrics.worker()).start(handler)) {
 *   worker.awaitStop();
 * }
 * }</pre>
 *
 * <p>All meters are registered at once, so that they begin at zero. They count from then on, and
 * this process only: sums over all processes are the monitoring system's to make.
 *
 * @since 0.1
 */
public final class SpoolEventMetrics implements SpoolListener {

  /** Which claim: a job that comes back has another attempt, unless it was released. */
  private record ClaimKey(JobId id, int attempt) {}

  private final MeterRegistry registry;
  private final Tags spool;
  private final Map<ClaimKey, Timer.Sample> held = new ConcurrentHashMap<>();

  private final Counter enqueued;
  private final Counter claimed;
  private final Map<Settlement, Timer> settled = new EnumMap<>(Settlement.class);
  private final Timer lost;
  private final Counter deadWorkers;
  private final Counter recovered;
  private final Counter returned;
  private final Counter swept;
  private final Counter handlerFailures;
  private final Counter handlerOverTime;
  private final Counter trouble;

  /**
   * Registers the meters.
   *
   * @param spool the tag {@code spool} of all of them
   * @param registry where they are
   */
  public SpoolEventMetrics(String spool, MeterRegistry registry) {
    this.registry = registry;
    this.spool = Tags.of("spool", spool);
    enqueued = counter("spool.enqueued", "Jobs that this process handed in.");
    claimed = counter("spool.claimed", "Claims that this process made.");
    for (Settlement how : Settlement.values()) {
      settled.put(how, claims(how.name()));
    }
    lost = claims("lost");
    deadWorkers = counter("spool.workers.dead", "Workers that this process declared dead.");
    recovered =
        counter("spool.recovered", "Claims of dead workers that this process brought back.");
    returned = counter("spool.returned", "Claimed jobs without a worker that it brought back.");
    swept = counter("spool.swept", "Files of the dead, and other leavings, that it cleared away.");
    handlerFailures = counter("spool.handler.failures", "Handlers that threw.");
    handlerOverTime =
        counter(
            "spool.handler.overtime", "Interrupts of handlers that were over their time limit.");
    trouble =
        counter("spool.trouble", "Failures in the background, to be tried again; see the log.");
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).tags(spool).register(registry);
  }

  private Timer claims(String outcome) {
    return Timer.builder("spool.claims")
        .description("How long this process held claims, by how they ended.")
        .tags(spool.and("outcome", outcome.toLowerCase(Locale.ROOT)))
        .register(registry);
  }

  /**
   * The listener for a {@link org.spooldir.worker.Worker.Builder#listener worker} on a spool that
   * has this one: it leaves out what the spool tells as well, or claims would count twice.
   */
  public SpoolListener worker() {
    return event -> {
      if (event instanceof SpoolEvent.HandlerFailed
          || event instanceof SpoolEvent.OverTime
          || event instanceof SpoolEvent.Trouble) {
        on(event);
      }
    };
  }

  @Override
  public void on(SpoolEvent event) {
    if (event instanceof SpoolEvent.Enqueued) {
      enqueued.increment();
    } else if (event instanceof SpoolEvent.Claimed claim) {
      claimed.increment();
      held.put(new ClaimKey(claim.id(), claim.attempt()), Timer.start(registry));
    } else if (event instanceof SpoolEvent.Settled claim) {
      ended(new ClaimKey(claim.id(), claim.attempt()), settled.getOrDefault(claim.how(), lost));
    } else if (event instanceof SpoolEvent.ClaimLost claim) {
      ended(new ClaimKey(claim.id(), claim.attempt()), lost);
    } else if (event instanceof SpoolEvent.Recovered recovery) {
      add(recovery.report());
    } else if (event instanceof SpoolEvent.HandlerFailed) {
      handlerFailures.increment();
    } else if (event instanceof SpoolEvent.OverTime) {
      handlerOverTime.increment();
    } else if (event instanceof SpoolEvent.Trouble) {
      trouble.increment();
    }
  }

  private void ended(ClaimKey claim, Timer how) {
    Timer.Sample sample = held.remove(claim);
    if (sample != null) {
      sample.stop(how);
    } else {
      // What was refused was never told to be claimed; or RACE: released, and claimed again by
      // another
      // thread before this was told. Still counted.
      how.record(Duration.ZERO);
    }
  }

  /** Not what became due: a claim makes that ready as well, and does not tell. */
  private void add(RecoveryReport report) {
    deadWorkers.increment(report.deadWorkers().size());
    recovered.increment((double) report.recovered());
    returned.increment((double) report.returned());
    swept.increment((double) report.swept());
  }
}
