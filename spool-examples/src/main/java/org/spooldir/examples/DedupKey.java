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

/**
 * Asks three times for the same work, which is done once; asks again later, and it is done again.
 */
public final class DedupKey {

  private DedupKey() {}

  /** Takes the directory of the spool. */
  public static void main(String[] args) throws Exception {
    run(args.length > 0 ? Path.of(args[0]) : Files.createTempDirectory("spool-key"), System.out);
  }

  static void run(Path directory, PrintStream out) throws Exception {
    Job rebuild = Job.of("rebuild the index").key("rebuild-index");
    try (Spool spool = DirectorySpool.openOrCreate(directory)) {
      JobId first = spool.enqueue(rebuild);
      out.println("the same job: " + first.equals(spool.enqueue(rebuild)));

      // The key counts for as long as the job is in the spool, in a worker's hands too.
      Optional<Claim> claim = spool.claim(Duration.ofSeconds(10));
      out.println("the same job: " + first.equals(spool.enqueue(rebuild)));
      if (claim.isPresent()) {
        claim.get().complete();
      }
      out.println("nothing is left: " + spool.claim().isEmpty());

      // Completed, it gave its key back.
      out.println("another job: " + !first.equals(spool.enqueue(rebuild)));
    }
  }
}
