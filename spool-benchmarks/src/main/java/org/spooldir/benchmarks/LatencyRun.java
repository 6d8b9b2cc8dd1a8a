package org.spooldir.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.Spool;
import org.spooldir.fs.DirectorySpool;

/**
 * One of two processes: the one hands in a job now and then and tells when it was in, the other
 * waits for jobs and tells when it had each. Both tell by the monotonic clock of the machine, in
 * nanoseconds.
 *
 * <pre>
 * LatencyRun produce SPOOL COUNT      LatencyRun work SPOOL COUNT
 * </pre>
 */
final class LatencyRun {

  private static final Duration PAUSE = Duration.ofMillis(20);

  private LatencyRun() {}

  public static void main(String[] args) throws Exception {
    int count = Integer.parseInt(args[2]);
    StringBuilder told = new StringBuilder();
    try (Spool spool = DirectorySpool.open(Path.of(args[1]))) {
      for (int i = 0; i < count; i++) {
        if (args[0].equals("produce")) {
          Thread.sleep(PAUSE.toMillis());
          spool.enqueue(Job.of("job " + i));
          told.append(System.nanoTime()).append('\n');
        } else {
          Optional<Claim> claim = spool.claim(Duration.ofMinutes(1));
          told.append(System.nanoTime()).append('\n');
          claim.orElseThrow().complete();
        }
      }
    }
    System.out.print(told);
  }
}
