package org.spooldir.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/**
 * A producer or a worker of a queue that other processes use at the same time. It opens the queue,
 * says {@code ready}, waits for a line, and then hands in so many jobs; or takes jobs until there
 * is another line and nothing is left. At the end it tells how many, and from when to when by the
 * monotonic clock of the machine. Then it does it all again, in another directory, until its input
 * ends. At first it warms up, with more jobs, and forces nothing.
 *
 * <pre>
 * QueueSide produce|work KIND DIR COUNT BYTES process|enqueue|full
 * </pre>
 */
final class QueueSide {

  private static final Duration MOMENT = Duration.ofMillis(10);

  /** So many times the jobs, to warm up: with fewer a JVM compiles most of the time. */
  private static final int MORE = 5;

  private QueueSide() {}

  public static void main(String[] args) throws Exception {
    Queue.Kind kind = Queue.Kind.valueOf(args[1].toUpperCase(Locale.ROOT));
    Queue.Level level = Queue.Level.valueOf(args[5].toUpperCase(Locale.ROOT));
    int count = Integer.parseInt(args[3]);
    byte[] payload = new byte[Integer.parseInt(args[4])];
    Arrays.fill(payload, (byte) 'x');
    for (int turn = 0; ; turn++) {
      Path directory = Files.createDirectories(Path.of(args[2]).resolve("turn" + turn));
      boolean warm = turn >= QueueRun.WARM_UPS;
      try (Queue queue = kind.open(directory, warm ? level : Queue.Level.PROCESS)) {
        System.out.println("ready");
        if (System.in.read() < 0) {
          return;
        }
        if (args[0].equals("produce")) {
          produce(queue, payload, warm ? count : MORE * count);
        } else {
          work(queue);
        }
      }
    }
  }

  private static void produce(Queue queue, byte[] payload, int count) throws Exception {
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      queue.put(payload);
    }
    System.out.println(count + " " + start + " " + System.nanoTime());
  }

  private static void work(Queue queue) throws Exception {
    long start = System.nanoTime();
    int done = 0;
    long last = start;
    while (true) {
      boolean over =
          System.in.available() > 0; // asked before, so that what came until then is seen
      if (over ? queue.take() : queue.take(MOMENT)) {
        done++;
        last = System.nanoTime();
      } else if (over) {
        break;
      }
    }
    System.in.read();
    System.out.println(done + " " + start + " " + last);
  }
}
