package org.spooldir.examples;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.JobState;
import org.spooldir.Spool;
import org.spooldir.fs.DirectorySpool;

/** Jobs that wait for their time, and jobs that go first. */
public final class Scheduled {

  private Scheduled() {}

  /** Takes the directory of the spool. */
  public static void main(String[] args) throws Exception {
    run(args.length > 0 ? Path.of(args[0]) : Files.createTempDirectory("spool-time"), System.out);
  }

  static void run(Path directory, PrintStream out) throws Exception {
    try (Spool spool = DirectorySpool.openOrCreate(directory)) {
      Instant start = Instant.now();
      spool.enqueue(Job.of("some time").priority(0));
      spool.enqueue(Job.of("in its turn"));
      spool.enqueue(Job.of("in its turn, behind the other"));
      spool.enqueue(Job.of("first of all").priority(9));
      spool.enqueue(Job.of("at a given instant").notBefore(start.plusSeconds(3)));
      spool.enqueue(Job.of("after a while").delay(Duration.ofSeconds(2)));

      long waiting = spool.inspector().stats().jobs(JobState.DELAYED);
      out.println(waiting + " wait for their time");

      // Priority first, then the order in which they were handed in.
      for (int i = 0; i < 6; i++) {
        Optional<Claim> next = spool.claim(Duration.ofSeconds(10));
        if (next.isPresent()) {
          long waited = Duration.between(start, Instant.now()).toMillis();
          out.printf(Locale.ROOT, "%5d ms  %s%n", waited, next.get().payload().text());
          next.get().complete();
        }
      }
    }
  }
}
