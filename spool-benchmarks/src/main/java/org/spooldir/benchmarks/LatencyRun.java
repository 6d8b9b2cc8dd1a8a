package org.spooldir.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.spooldir.Job;
import org.spooldir.Spool;
import org.spooldir.fs.DirectorySpool;
import org.spooldir.worker.Worker;

/**
 * One of two processes: the one hands in a job now and then and tells when it was in, the other
 * says {@code ready}, works, and tells when its handler had each. Both tell it in one line, by the
 * monotonic clock of the machine, in nanoseconds.
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
    List<Long> told = Collections.synchronizedList(new ArrayList<>());
    try (Spool spool = DirectorySpool.open(Path.of(args[1]))) {
      if (args[0].equals("produce")) {
        for (int i = 0; i < count; i++) {
          Thread.sleep(PAUSE.toMillis());
          spool.enqueue(Job.of("job " + i));
          told.add(System.nanoTime());
        }
      } else {
        CountDownLatch left = new CountDownLatch(count);
        try (Worker worker =
            Worker.on(spool)
                .start(
                    claim -> {
                      told.add(System.nanoTime());
                      left.countDown();
                    })) {
          System.out.println("ready");
          if (!left.await(count, TimeUnit.SECONDS)) {
            throw new IllegalStateException(left.getCount() + " jobs did not come");
          }
          worker.stop();
        }
      }
    }
    System.out.println(told.stream().map(String::valueOf).collect(Collectors.joining(" ")));
  }
}
