package org.spooldir.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.spooldir.Job;
import org.spooldir.Spool;
import org.spooldir.fs.CrowdRun;
import org.spooldir.fs.DirectorySpool;
import org.spooldir.fs.Durability;
import org.spooldir.fs.SpoolOptions;

/** Whether many worker processes get into each other's way. */
final class CrowdBenchmark implements Benchmark {

  private static final int JOBS = 100_000;

  @Override
  public void run(Disk disk, Scale scale, Report report) throws Exception {
    report.section(
        "Many worker processes on one spool",
        "100,000 jobs, ready before the first worker starts; each process is warm, claims, verifies and completes.");
    int jobs = scale.of(JOBS);
    Contest contest =
        Contest.of(
            disk,
            scale.rounds(),
            new Contender("two", directory -> crowd(directory, jobs, 2)),
            new Contender("eight", directory -> crowd(directory, jobs, 8)));
    report.bar(
        "lost races per claim, 8 processes",
        contest.figure("eight", "lost"),
        "",
        false,
        0.10,
        "0.02");
    report.bar(
        "throughput of 8 processes against 2: "
            + Figure.text(contest.figure("eight", "rate").median())
            + " a second",
        contest.ratio("eight", "rate", "two"),
        "",
        true,
        0.90,
        "1.0");
  }

  private static Map<String, Double> crowd(Path directory, int jobs, int workers) throws Exception {
    Path spool = directory.resolve("spool");
    fill(spool, jobs);
    try (Crowd crowd =
        Crowd.ready(
            workers,
            i -> Programs.java("64m", CrowdRun.class, spool, directory.resolve("warm-up" + i)))) {
      crowd.sign();
      return outcome(crowd.told(), jobs);
    }
  }

  private static Map<String, Double> outcome(List<long[]> told, int jobs) {
    long done = 0;
    long lost = 0;
    long begin = Long.MAX_VALUE;
    long end = Long.MIN_VALUE;
    for (long[] worker : told) {
      done += worker[0];
      lost += worker[1];
      begin = Math.min(begin, worker[2]);
      end = Math.max(end, worker[3]);
    }
    if (done != jobs) {
      throw new IllegalStateException(done + " of " + jobs + " jobs were done");
    }
    return Map.of("lost", lost / (double) jobs, "rate", jobs * 1e9 / (end - begin));
  }

  private static void fill(Path directory, int jobs) throws Exception {
    SpoolOptions options = SpoolOptions.DEFAULTS.durability(Durability.PROCESS);
    try (Spool spool = DirectorySpool.create(directory, options)) {
      BacklogRun.fill(spool, Job.of(new byte[FloorBenchmark.PAYLOAD]), jobs);
    }
  }
}
