package org.spooldir.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.spooldir.fs.CountedSpool;
import org.spooldir.fs.Durability;
import org.spooldir.fs.SpoolOptions;

/**
 * One of many workers on one spool. It warms up beside the others, until nothing is left of another
 * spool, says {@code ready}, waits for a line, works until nothing is left, and tells how many jobs
 * it did, how many races it lost, and from when to when by the monotonic clock of the machine. A
 * bare one makes the system calls and little else, and takes what is its own.
 *
 * <pre>
 * CrowdRun spool|bare WORKERS SELF SPOOL WARM_UP_SPOOL...
 * </pre>
 */
final class CrowdRun {

  private static final int SOME = 1000;

  private final boolean isBare;
  private final int workers;
  private final int self;
  private final AtomicLong lost = new AtomicLong();

  private CrowdRun(boolean isBare, int workers, int self) {
    this.isBare = isBare;
    this.workers = workers;
    this.self = self;
  }

  public static void main(String[] args) throws Exception {
    CrowdRun run =
        new CrowdRun(args[0].equals("bare"), Integer.parseInt(args[1]), Integer.parseInt(args[2]));
    for (String warmUp : List.of(args).subList(4, args.length)) {
      run.work(Path.of(warmUp));
    }
    run.lost.set(0);
    System.out.println("ready");
    System.in.read();
    Stint stint = run.work(Path.of(args[3]));
    System.out.println(stint.done + " " + run.lost + " " + stint.start + " " + stint.end);
  }

  /** So many jobs, from when to when. */
  private record Stint(long done, long start, long end) {}

  private Stint work(Path directory) throws Exception {
    try (Queue queue = open(directory)) {
      long start = System.nanoTime();
      long done = 0;
      for (int some = SOME; some == SOME; done += some) {
        some = work(queue);
      }
      return new Stint(done, start, System.nanoTime());
    }
  }

  private Queue open(Path directory) throws IOException {
    if (isBare) {
      return new BareQueue(directory, workers, self);
    }
    SpoolOptions options = SpoolOptions.DEFAULTS.durability(Durability.PROCESS);
    return new SpoolQueue(CountedSpool.open(directory, options, lost));
  }

  /** Some jobs, not all: where a compiled loop ends for the first time, it is compiled anew. */
  private static int work(Queue queue) throws Exception {
    int done = 0;
    while (done < SOME && queue.take()) {
      done++;
    }
    return done;
  }
}
