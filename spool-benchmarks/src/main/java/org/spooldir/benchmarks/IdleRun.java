package org.spooldir.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.spooldir.Job;
import org.spooldir.Spool;
import org.spooldir.fs.DirectorySpool;
import org.spooldir.fs.Durability;
import org.spooldir.fs.SpoolOptions;
import org.spooldir.worker.Worker;

/**
 * A worker that has nothing to do, maybe because all jobs are delayed, and what it costs.
 *
 * <pre>
 * IdleRun SECONDS DIR DELAYED
 * IdleRun SECONDS              a JVM without a worker, to compare with
 * </pre>
 */
final class IdleRun {

  private static final Duration LONG = Duration.ofDays(1);

  /** What a worker does once a second, to be compiled sooner. */
  private static final Duration OFTEN = Duration.ofMillis(10);

  /** In {@code /proc/self/stat}, a hundredth of a second each. */
  private static final int USER_TICKS = 11;

  private IdleRun() {}

  public static void main(String[] args) throws Exception {
    int seconds = Integer.parseInt(args[0]);
    if (args.length == 1) {
      pause(QueueRun.WARM_UPS * secondsOfWarmUp(seconds));
      measure(seconds);
      return;
    }
    for (int i = 0; i < QueueRun.WARM_UPS; i++) {
      warmUp(Path.of(args[1]).resolve("warm-up" + i), secondsOfWarmUp(seconds));
    }
    Path directory = Path.of(args[1]).resolve("spool");
    SpoolOptions options = SpoolOptions.DEFAULTS.durability(Durability.PROCESS);
    try (Spool spool = DirectorySpool.openOrCreate(directory, options)) {
      BacklogRun.fill(spool, Job.of("later").delay(LONG), Integer.parseInt(args[2]));
    }
    try (Spool spool = DirectorySpool.open(directory);
        Worker worker = Worker.on(spool).start(claim -> {})) {
      measure(seconds);
      worker.stop();
    }
  }

  /** A worker runs for days: what it does each second is long compiled. */
  private static void warmUp(Path directory, int seconds) throws Exception {
    SpoolOptions options = SpoolOptions.DEFAULTS.poll(OFTEN).lease(Duration.ofSeconds(1));
    try (Spool spool = DirectorySpool.openOrCreate(directory, options);
        Worker worker = Worker.on(spool).start(claim -> {})) {
      pause(seconds);
      worker.stop();
    }
  }

  /** How long one warm-up takes. */
  private static int secondsOfWarmUp(int seconds) {
    return Math.min(seconds, 20);
  }

  private static void pause(int seconds) throws InterruptedException {
    Thread.sleep(Duration.ofSeconds(seconds).toMillis());
  }

  private static void measure(int seconds) throws Exception {
    pause(Math.min(seconds, 60)); // past its start, and that of others
    long before = ticks();
    pause(seconds);
    System.out.printf(Locale.ROOT, "percent %.3f%n", (ticks() - before) / (double) seconds);
  }

  private static long ticks() throws Exception {
    String stat = Files.readString(Path.of("/proc/self/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[USER_TICKS + 1]);
  }
}
