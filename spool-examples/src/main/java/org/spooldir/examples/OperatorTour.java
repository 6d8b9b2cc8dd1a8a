package org.spooldir.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.JobRecord;
import org.spooldir.JobState;
import org.spooldir.Spool;
import org.spooldir.SpoolInspector;
import org.spooldir.SpoolMaintenance;
import org.spooldir.fs.DirectorySpool;
import org.spooldir.fs.SpoolOptions;

/** Moves jobs along as an operator would, and shows after each step what {@code ls} shows. */
public final class OperatorTour {

  private final Path directory;
  private final PrintStream out;

  private OperatorTour(Path directory, PrintStream out) {
    this.directory = directory;
    this.out = out;
  }

  /** Takes the directory of the spool. */
  public static void main(String[] args) throws Exception {
    run(args.length > 0 ? Path.of(args[0]) : Files.createTempDirectory("spool-tour"), System.out);
  }

  static void run(Path directory, PrintStream out) throws Exception {
    // With a retention, completed jobs are kept in done/ for a while.
    SpoolOptions options = SpoolOptions.DEFAULTS.retention(Duration.ofDays(1));
    try (Spool spool = DirectorySpool.openOrCreate(directory, options)) {
      new OperatorTour(directory, out).walk(spool);
    }
  }

  private void walk(Spool spool) throws Exception {
    SpoolInspector inspector = spool.inspector(); // looks, and changes nothing
    SpoolMaintenance maintenance = spool.maintenance(); // moves jobs along

    JobId invoice = spool.enqueue(Job.of("invoice 42").attribute("customer", "Zoë").priority(7));
    JobId reminder = spool.enqueue(Job.of("reminder").delay(Duration.ofHours(1)));
    show("two jobs were handed in, one of them for later");

    maintenance.hold(List.of(invoice));
    show("hold: the invoice is parked, no worker takes it");
    out.println("  a claim finds nothing: " + spool.claim().isEmpty());

    maintenance.unhold(List.of(invoice));
    show("unhold: it is ready again");

    Claim claim = spool.claim().orElseThrow();
    show("a worker claimed it: w= says who, t= since when, a= for which time");
    claim.reject("the printer is on fire");
    show("rejected: a dead letter, and the reason beside it");

    JobRecord letter = inspector.read(invoice).orElseThrow();
    out.println("  it was for " + letter.attributes().get("customer"));
    out.println("  it failed: " + letter.failures().get(0).reason());
    out.println("  it says: " + letter.payload().text());

    maintenance.requeue(List.of(invoice));
    maintenance.retryNow(List.of(reminder));
    show("requeue and retryNow: both are ready, with all their attempts before them");
    try (Stream<JobId> ready = inspector.list(Set.of(JobState.READY)).map(job -> job.id())) {
      out.println(
          "  ready: " + ready.count() + ", " + inspector.stats().jobs(JobState.FAILED) + " failed");
    }

    spool.claim().orElseThrow().complete();
    show("the invoice is done");
    maintenance.discard(List.of(reminder));
    show("discard: the reminder is gone for good");
    long purged = maintenance.purge(JobState.DONE, Duration.ofHours(1));
    out.println("purge: " + purged + " jobs were done for more than an hour and are gone");
    maintenance.discard(List.of(invoice));
    show("discard: nothing is left");
  }

  private void show(String step) throws IOException {
    out.println(step);
    for (String name : List.of("new", "cur", "delayed", "held", "failed", "done", "errors")) {
      try (Stream<Path> entries = Files.list(directory.resolve(name))) {
        entries.forEach(entry -> out.println("  " + name + "/" + entry.getFileName()));
      }
    }
  }
}
