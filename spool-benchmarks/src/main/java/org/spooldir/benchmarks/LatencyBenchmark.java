package org.spooldir.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.spooldir.fs.DirectorySpool;
import org.spooldir.fs.SpoolOptions;

/** How long a job waits for a worker that has nothing else to do. */
final class LatencyBenchmark implements Benchmark {

  private static final int JOBS = 1_000;

  @Override
  public void run(Disk disk, Scale scale, Report report) throws Exception {
    report.section(
        "From one process to another",
        "Milliseconds from `enqueue` returning in one process to the handler starting in another that waits;"
            + " 1,000 jobs, one every 20 ms. Less than nothing means that the handler began before the producer"
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
    Process worker =
        new ProcessBuilder(Programs.java("64m", LatencyRun.class, "work", spool, jobs))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      Thread.sleep(1000); // it waits by then
      List<Long> in =
          moments(
              new ProcessBuilder(Programs.java("64m", LatencyRun.class, "produce", spool, jobs))
                  .redirectError(ProcessBuilder.Redirect.INHERIT)
                  .start());
      List<Long> begun = moments(worker);
      int warm = jobs / 5;
      List<Double> waits =
          IntStream.range(warm, jobs)
              .mapToObj(i -> (begun.get(i) - in.get(i)) / 1e6)
              .sorted()
              .toList();
      return Map.of("p50", waits.get(waits.size() / 2), "p99", waits.get(waits.size() * 99 / 100));
    } finally {
      worker.destroyForcibly();
    }
  }

  private static List<Long> moments(Process process) throws Exception {
    String told = new String(process.getInputStream().readAllBytes(), UTF_8);
    return told.lines().map(Long::valueOf).toList();
  }
}
