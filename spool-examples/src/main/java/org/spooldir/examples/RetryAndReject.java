package org.spooldir.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.spooldir.Claim;
import org.spooldir.Failure;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.Spool;
import org.spooldir.SpoolEvent;
import org.spooldir.SpoolEvent.Settlement;
import org.spooldir.fs.DirectorySpool;
import org.spooldir.worker.RejectException;
import org.spooldir.worker.RetryLaterException;
import org.spooldir.worker.RetryPolicy;
import org.spooldir.worker.Worker;

/** Four ways in which a handler ends, and what becomes of the job. */
public final class RetryAndReject {

  private static final List<String> ADDRESSES =
      List.of("fine@example.org", "greylisted@example.org", "no address", "down@example.org");

  private RetryAndReject() {}

  /** Takes the directory of the spool. */
  public static void main(String[] args) throws Exception {
    run(args.length > 0 ? Path.of(args[0]) : Files.createTempDirectory("spool-retry"), System.out);
  }

  static void run(Path directory, PrintStream out) throws Exception {
    CountDownLatch busy = new CountDownLatch(1); // another job's turn comes first
    CountDownLatch unsettled = new CountDownLatch(ADDRESSES.size());
    try (Spool spool = DirectorySpool.openOrCreate(directory)) {
      List<JobId> ids = spool.enqueueAll(ADDRESSES.stream().map(Job::of).toList());

      // At most three attempts; up to 50 ms after the first, up to 100 ms after the second.
      RetryPolicy policy = RetryPolicy.exponential(Duration.ofMillis(50), Duration.ofSeconds(1));
      try (Worker worker =
          Worker.on(spool)
              .concurrency(2)
              .retry(policy.attempts(3))
              .timeLimit(Duration.ofSeconds(10))
              .listener(event -> tell(event, unsettled, out))
              .start(claim -> deliver(claim, busy))) {
        unsettled.await();
        worker.stop();
      }

      for (JobId id : ids) {
        spool.inspector().read(id).ifPresent(letter -> tell(letter.failures(), out));
      }
    }
  }

  private static void deliver(Claim claim, CountDownLatch busy) throws Exception {
    String address = claim.payload().text();
    if (!address.contains("@")) {
      throw new RejectException(address + " is no address"); // never again: a dead letter
    }
    if (address.startsWith("greylisted") && busy.getCount() > 0) {
      busy.countDown();
      throw new RetryLaterException(Duration.ofMillis(100)); // no attempt is counted
    }
    if (address.startsWith("down")) {
      throw new IOException("connection refused"); // again, as the policy says
    }
    // Returning completes the job.
  }

  private static void tell(SpoolEvent event, CountDownLatch unsettled, PrintStream out) {
    if (event instanceof SpoolEvent.Settled settled) {
      out.println("attempt " + settled.attempt() + " " + settled.how() + " " + settled.reason());
      if (settled.how() == Settlement.COMPLETED || settled.how() == Settlement.REJECTED) {
        unsettled.countDown();
      }
    }
  }

  private static void tell(List<Failure> failures, PrintStream out) {
    out.println("a dead letter:");
    failures.forEach(failure -> out.println("  " + failure.attempt() + ". " + failure.reason()));
  }
}
