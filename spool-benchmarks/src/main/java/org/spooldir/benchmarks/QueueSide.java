package org.spooldir.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/**
 * A producer or a worker of a queue that other processes use at the same time. It opens the queue,
 * says {@code ready}, waits for a line, and then hands in so many jobs; or takes jobs until its
 * input ends and nothing is left. At the end it tells how many, and from when to when by the
 * monotonic clock of the machine.
 *
 * <pre>
 * QueueSide produce|work KIND DIR COUNT BYTES process|enqueue|full WARM-UP
 * </pre>
 */
final class QueueSide {

  private static final Duration MOMENT = Duration.ofMillis(10);

  private QueueSide() {}

  public static void main(String[] args) throws Exception {
    Queue.Kind kind = Queue.Kind.valueOf(args[1].toUpperCase(Locale.ROOT));
    Queue.Level level = Queue.Level.valueOf(args[5].toUpperCase(Locale.ROOT));
    Path directory = Path.of(args[2]);
    for (int i = 0; i < QueueRun.WARM_UPS; i++) {
      warmUp(kind, directory, Integer.parseInt(args[6]));
    }
    try (Queue queue = kind.open(directory, level)) {
      System.out.println("ready");
      System.in.read();
      long start = System.nanoTime();
      int count = Integer.parseInt(args[3]);
      if (args[0].equals("produce")) {
        byte[] payload = new byte[Integer.parseInt(args[4])];
        Arrays.fill(payload, (byte) 'x');
        for (int i = 0; i < count; i++) {
          queue.put(payload);
        }
        System.out.println(count + " " + start + " " + System.nanoTime());
      } else {
        work(queue, start);
      }
    }
  }

  @SuppressWarnings("StatementWithEmptyBody") // all the work is in the condition
  private static void warmUp(Queue.Kind kind, Path directory, int count) throws Exception {
    Path place = Files.createTempDirectory(directory, "warm-up");
    try (Queue queue = kind.open(place, Queue.Level.PROCESS)) {
      for (int i = 0; i < count; i++) {
        queue.put(new byte[FloorBenchmark.PAYLOAD]);
      }
      while (queue.take()) {}
    }
  }

  private static void work(Queue queue, long start) throws Exception {
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
    System.out.println(done + " " + start + " " + last);
  }
}
