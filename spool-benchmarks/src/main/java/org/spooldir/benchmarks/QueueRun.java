package org.spooldir.benchmarks;

import static java.io.OutputStream.nullOutputStream;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A queue in a process of its own, asked as the floor is, and answering like it. What is measured
 * comes after a warm-up of so many jobs in other directories, because a JVM that runs a queue runs
 * for long. It does it again for each line of its input.
 *
 * <pre>
 * QueueRun KIND[/BATCH] DIR COUNT THREADS BYTES process|enqueue|full WARM_UP
 * </pre>
 */
final class QueueRun {

  /** It is the second opening that makes a JVM compile all anew. */
  static final int WARM_UPS = 3;

  private final Queue.Kind kind;
  private final int batch;
  private final int threads;
  private final byte[] payload;

  private QueueRun(String kind, int threads, int bytes) {
    int slash = kind.indexOf('/');
    String name = slash < 0 ? kind : kind.substring(0, slash);
    this.kind = Queue.Kind.valueOf(name.toUpperCase(Locale.ROOT));
    this.batch = slash < 0 ? 1 : Integer.parseInt(kind.substring(slash + 1));
    this.threads = threads;
    this.payload = new byte[bytes];
    Arrays.fill(payload, (byte) 'x');
  }

  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[1]);
    int count = Integer.parseInt(args[2]);
    QueueRun run = new QueueRun(args[0], Integer.parseInt(args[3]), Integer.parseInt(args[4]));
    Queue.Level level = Queue.Level.valueOf(args[5].toUpperCase(Locale.ROOT));

    int warmUp = Integer.parseInt(args[6]);
    for (int i = 0; i < WARM_UPS; i++) {
      run.warmUp(directory.resolve("warm-up" + i), warmUp / WARM_UPS, Queue.Level.PROCESS);
    }
    // It may wait for the disk, and goes like what is measured, which opens the queue each time.
    int left = warmUp / 5;
    do {
      run.warmUp(directory.resolve("warm-up"), Math.min(left, count), level);
      left -= count;
    } while (left > 0);
    Programs.sync(directory); // what is left of it to be written wrongs nobody
    Path place = directory.resolve("run");
    do {
      // Opened anew, or else its worker side hears of every job that is handed in.
      tell(run.rates(place, count, level), System.out);
    } while (System.in.read() >= 0);
  }

  /** Tells its rates to nobody: the first text that a JVM prints makes it compile much anew. */
  private void warmUp(Path place, int count, Queue.Level level) throws Exception {
    tell(rates(place, Math.max(threads, count), level), new PrintStream(nullOutputStream()));
  }

  private static void tell(double[] rates, PrintStream out) {
    out.printf(Locale.ROOT, "enqueue %.3f%ndrain %.3f%n%n", rates[0], rates[1]);
  }

  /** Jobs a second, enqueued and drained. */
  private double[] rates(Path directory, int count, Queue.Level level) throws Exception {
    Files.createDirectories(directory);
    try (Queue queue = kind.open(directory, level)) {
      int each = count / threads;
      return new double[] {
        rate(each * threads, () -> put(queue, each)), rate(each * threads, () -> drain(queue))
      };
    }
  }

  private int put(Queue queue, int count) throws Exception {
    for (int left = count; left > 0; left -= batch) {
      if (batch > 1) {
        queue.putAll(payload, Math.min(batch, left));
      } else {
        queue.put(payload);
      }
    }
    return count;
  }

  private static int drain(Queue queue) throws Exception {
    int done = 0;
    while (queue.take()) {
      done++;
    }
    return done;
  }

  /** So many jobs, by all threads together, each of which tells how many it did. */
  private double rate(int count, Callable<Integer> work) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      long start = System.nanoTime();
      int done = 0;
      for (Future<Integer> one : pool.invokeAll(Collections.nCopies(threads, work))) {
        done += one.get();
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      if (done != count) {
        throw new IllegalStateException(done + " of " + count + " jobs were done");
      }
      return count / seconds;
    } finally {
      pool.shutdownNow();
    }
  }
}
