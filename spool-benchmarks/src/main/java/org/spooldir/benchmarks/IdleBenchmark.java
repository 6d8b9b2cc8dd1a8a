package org.spooldir.benchmarks;

import static java.util.Objects.requireNonNull;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What a worker costs that has nothing to do. */
final class IdleBenchmark implements Benchmark {

  private static final int MANY = 1_000_000;

  @Override
  public void run(Disk disk, Scale scale, Report report) throws Exception {
    report.section(
        "With nothing to do",
        "What a worker process takes of one core, by the kernel's account, in five minutes, with"
            + " `-XX:-UsePerfData`, as `spool` has it: or else the JVM alone wakes twenty times a second.");
    int seconds = scale.quick() ? 5 : 300; // a listing of the million, now and then, is part of it
    int delayed = scale.of(MANY);
    Contest contest =
        Contest.of(
            disk,
            scale.rounds(),
            new Contender("idle", directory -> sideBySide(directory, seconds, delayed)));
    report.bar(
        "an empty spool; a JVM without a worker takes "
            + Figure.text(contest.figure("idle", "none").median())
            + " %",
        contest.figure("idle", "empty"),
        " %",
        false,
        0.2,
        "0.05 %");
    report.bar(
        "1,000,000 delayed jobs, none due", contest.figure("idle", "delayed"), " %", false, 1, "");
  }

  /** All at once: none of them keeps the machine from resting. */
  private static Map<String, Double> sideBySide(Path directory, int seconds, int delayed)
      throws Exception {
    ExecutorService pool = Executors.newCachedThreadPool();
    try {
      Future<Double> none = pool.submit(() -> percent(seconds));
      Future<Double> empty =
          pool.submit(() -> percent(seconds, Files.createDirectory(directory.resolve("empty")), 0));
      Future<Double> many =
          pool.submit(
              () -> percent(seconds, Files.createDirectory(directory.resolve("delayed")), delayed));
      return Map.of("none", none.get(), "empty", empty.get(), "delayed", many.get());
    } finally {
      pool.shutdownNow();
    }
  }

  private static double percent(Object... args) throws Exception {
    List<String> command = Programs.java("64m", IdleRun.class, args);
    command.add(1, "-XX:-UsePerfData");
    return requireNonNull(Programs.figures(command).get("percent"));
  }
}
