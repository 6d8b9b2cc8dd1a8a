package org.spooldir.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Locale;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.Spool;
import org.spooldir.SpoolException;
import org.spooldir.fs.DirectorySpool;
import org.spooldir.fs.Durability;
import org.spooldir.fs.SpoolOptions;

/**
 * Claims and enqueues in a spool where so many jobs wait all the time.
 *
 * <pre>
 * BacklogRun DIR WAITING COUNT WARM-UP
 * </pre>
 */
final class BacklogRun {

  private static final SpoolOptions OPTIONS = SpoolOptions.DEFAULTS.durability(Durability.PROCESS);

  private static final Job JOB = Job.of(new byte[FloorBenchmark.PAYLOAD]);

  private BacklogRun() {}

  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]);
    int waiting = Integer.parseInt(args[1]);
    int count = Integer.parseInt(args[2]);
    int warmUp = Integer.parseInt(args[3]);
    run(Files.createDirectory(directory.resolve("warm-up")), 1000, warmUp);
    Rates rates = run(Files.createDirectory(directory.resolve("run")), waiting, count);
    System.out.printf(Locale.ROOT, "claim %.0f%nenqueue %.0f%n", rates.claimed(), rates.enqueued());
  }

  /** Jobs a second. */
  private record Rates(double claimed, double enqueued) {}

  /**
   * Takes some and hands in as many, again and again, so that the backlog is never far from what it
   * should be.
   */
  private static Rates run(Path directory, int waiting, int count) throws Exception {
    try (Spool spool = DirectorySpool.openOrCreate(directory.resolve("spool"), OPTIONS)) {
      fill(spool, JOB, waiting);
      Programs.sync(directory); // or a million jobs would be written down all the while
      int turn = Math.max(waiting / 4, 1);
      long claims = 0;
      long enqueues = 0;
      double done = 0;
      while (done < count) {
        long start = System.nanoTime();
        for (int i = 0; i < turn; i++) {
          try (Claim claim = spool.claim().orElseThrow()) {
            claim.complete();
          }
        }
        long middle = System.nanoTime();
        for (int i = 0; i < turn; i++) {
          spool.enqueue(JOB);
        }
        claims += middle - start;
        enqueues += System.nanoTime() - middle;
        done += turn;
      }
      return new Rates(done * 1e9 / claims, done * 1e9 / enqueues);
    }
  }

  /** Hands in so many, without holding all their ids. */
  static void fill(Spool spool, Job job, int count) throws SpoolException {
    for (int left = count; left > 0; left -= 1000) {
      spool.enqueueAll(Collections.nCopies(Math.min(left, 1000), job));
    }
  }
}
