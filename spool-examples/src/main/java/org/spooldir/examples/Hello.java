package org.spooldir.examples;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.Spool;
import org.spooldir.fs.DirectorySpool;

/** Hands in one job, claims it, completes it. */
public final class Hello {

  private Hello() {}

  /** Takes the directory of the spool. */
  public static void main(String[] args) throws Exception {
    run(args.length > 0 ? Path.of(args[0]) : Files.createTempDirectory("spool-hello"), System.out);
  }

  static void run(Path directory, PrintStream out) throws Exception {
    // The producer. When enqueue returns, the job is on disk, whole: no crash takes it away.
    try (Spool spool = DirectorySpool.openOrCreate(directory)) {
      JobId id = spool.enqueue(Job.of("Hello, world").attribute("language", "en"));
      out.println("enqueued " + id);
    }

    // The worker, in another process as a rule. A claim that is closed without having been settled
    // is released: the job is offered again.
    try (Spool spool = DirectorySpool.open(directory)) {
      Optional<Claim> next = spool.claim(Duration.ofSeconds(10));
      if (next.isEmpty()) {
        out.println("nothing to do");
        return;
      }
      try (Claim claim = next.get()) {
        out.println("claimed  " + claim.id() + ", attempt " + claim.attempt());
        out.println(claim.payload().text() + " " + claim.attributes());
        claim.complete();
      }
      out.println("completed; nothing is left: " + spool.claim().isEmpty());
    }
  }
}
