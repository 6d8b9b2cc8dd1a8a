package org.spooldir.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.spooldir.fs.DirectorySpool;
import org.spooldir.fs.SpoolOptions;

/** How long a job waits for a worker that has nothing else to do. */
final class LatencyBenchmark implements Benchmark {

  private static final int JOBS = 1_250;

  /** Of all, so many are not measured. */
  private static final int WARM_UP = 5;

  @Override
  public void run(Disk disk, Scale scale, Report report) throws Exception {
    report.section(
        "From one process to another",
        "Milliseconds from `enqueue` returning in one process to the handler starting in another that waits;"
            + " 1,000 jobs after 250, one every 20 ms. Less than nothing means that the handler began before the producer"
            + " was told that the job is in.");
    int jobs = Math.max(scale.of(JOBS), 100);
    Contest contest =
        Contest.of(
            disk, scale.rounds(), new Contender("spool", directory -> latency(directory, jobs)));
    report.bar("p50", contest.figure("spool", "p50"), " ms", false, 1, "0.3 ms");
    report.bar("p99", contest.figure("spool", "p99"), " ms", false, 10, "");
  }

  private static Map<String, Double> latency(Path directory, int jobs) throws Exception {
    Path spool = directory.resolve("spool");
    DirectorySpool.create(spool, SpoolOptions.DEFAULTS).close();
    try (Crowd worker = Crowd.ready(1, i -> side("work", spool, jobs))) {
      Thread.sleep(1000); // it waits by then
      long[] in = Crowd.numbers(Programs.output(side("produce", spool, jobs)).strip());
      long[] begun = worker.told().get(0);
      double[] waits =
          IntStream.range(jobs / WARM_UP, jobs)
              .mapToDouble(i -> (begun[i] - in[i]) / 1e6)
              .sorted()
              .toArray();
      return Map.of("p50", waits[waits.length / 2], "p99", waits[waits.length * 99 / 100]);
    }
  }

  private static List<String> side(String side, Path spool, int jobs) {
    return Programs.java("64m", LatencyRun.class, side, spool, jobs);
  }
}
