package org.spooldir.benchmarks;

import java.util.List;
import java.util.Locale;
import org.spooldir.benchmarks.Queue.Level;

/** What becomes of the figures with more jobs waiting, with more threads, with bigger payloads. */
final class CurvesBenchmark implements Benchmark {

  private static final int KB = 1 << 10;
  private static final int MB = 1 << 20;

  private static final List<Integer> WAITING = List.of(1_000, 10_000, 100_000, 1_000_000);
  private static final List<Integer> THREADS = List.of(1, 2, 4, 8, 16);
  private static final List<Integer> BYTES = List.of(KB, 10 * KB, 100 * KB, MB, 10 * MB, 100 * MB);

  private static final int JOBS = 16_000; // the threads share them evenly
  private static final int MOST_JOBS = 5_000;
  private static final int VOLUME = 200 * MB;

  private final String floor;

  CurvesBenchmark(String floor) {
    this.floor = floor;
  }

  @Override
  public void run(Disk disk, Scale scale, Report report) throws Exception {
    waiting(disk, scale, report);
    threads(disk, scale, report);
    payloads(disk, scale, report);
  }

  private static void waiting(Disk disk, Scale scale, Report report) throws Exception {
    report.section(
        "From a thousand to a million jobs waiting",
        "Jobs a second at `PROCESS`, one thread, 1 KB payloads, a heap of 64 MB.");
    Contest contest =
        Contest.of(
            disk,
            scale.rounds(),
            WAITING.stream()
                .map(
                    waiting ->
                        BacklogBenchmark.waiting(
                            text(waiting),
                            scale.of(waiting),
                            scale.of(Math.max(100_000, waiting / 4)),
                            BacklogBenchmark.warmUp(scale)))
                .toArray(Contender[]::new));
    Chart chart =
        new Chart(
            "Jobs a second, by how many wait", "jobs waiting", "jobs a second", Chart.Rise.LINEAR);
    chart.line("claim + complete");
    chart.line("enqueue");
    for (int waiting : WAITING) {
      String name = text(waiting);
      chart.add(
          scale.of(waiting),
          text(scale.of(waiting)),
          contest.figure(name, "claim"),
          contest.figure(name, "enqueue"));
    }
    show(report, chart, "waiting.svg", "Jobs claimed and enqueued a second, by how many wait");
  }

  private void threads(Disk disk, Scale scale, Report report) throws Exception {
    report.section(
        "From one thread to sixteen",
        "Jobs a second, 1 KB payloads: `enqueue` at `ENQUEUE`; claim, verified read and complete at"
            + " `FULL`. The floor is `floor.c` with as many threads.");
    Chart chart =
        new Chart(
            "Jobs a second, by threads",
            "threads of one process",
            "jobs a second",
            Chart.Rise.LINEAR);
    addLines(chart);
    int jobs = scale.of(JOBS);
    for (int threads : scale.quick() ? List.of(1, 16) : THREADS) {
      Contest in = contest(disk, scale, jobs, threads, FloorBenchmark.PAYLOAD, Level.ENQUEUE);
      Contest out = contest(disk, scale, jobs, threads, FloorBenchmark.PAYLOAD, Level.FULL);
      chart.add(
          threads,
          text(threads),
          in.figure("spool", "enqueue"),
          in.figure("floor", "enqueue"),
          out.figure("spool", "drain"),
          out.figure("floor", "drain"));
    }
    show(report, chart, "threads.svg", "Jobs enqueued and drained a second, by threads");
  }

  private void payloads(Disk disk, Scale scale, Report report) throws Exception {
    report.section(
        "From a kilobyte to a hundred megabytes",
        "Megabytes (of 2^20 bytes) a second at `ENQUEUE`, one thread: `enqueue`; claim, verified"
            + " read and complete. The floor writes and reads each payload by one call, with"
            + " memory for all of it; a spool copies it piece by piece, reads what is longer than"
            + " 256 KB twice, and forces in parts what is longer than 32 MB.");
    Chart chart =
        new Chart(
            "Megabytes a second, by the size of a payload",
            "payload",
            "MB a second",
            Chart.Rise.LOGARITHMIC);
    addLines(chart);
    for (int bytes : scale.quick() ? List.of(KB, MB) : BYTES) {
      int jobs = Math.max(2, Math.min(scale.of(MOST_JOBS), scale.of(VOLUME) / bytes));
      Contest contest = contest(disk, scale, jobs, 1, bytes, Level.ENQUEUE);
      chart.add(
          bytes,
          bytes < MB ? bytes / KB + " KB" : bytes / MB + " MB",
          megabytes(contest.figure("spool", "enqueue"), bytes),
          megabytes(contest.figure("floor", "enqueue"), bytes),
          megabytes(contest.figure("spool", "drain"), bytes),
          megabytes(contest.figure("floor", "drain"), bytes));
    }
    show(report, chart, "payloads.svg", "Megabytes in and out a second, by the size of a payload");
  }

  private Contest contest(Disk disk, Scale scale, int jobs, int threads, int bytes, Level level)
      throws Exception {
    return Contest.of(
        disk,
        scale.rounds(),
        FloorBenchmark.floor("floor", floor, jobs, threads, bytes, level.word()),
        FloorBenchmark.queue("spool", jobs, threads, bytes, level));
  }

  private static void addLines(Chart chart) {
    chart.line("enqueue");
    chart.against("floor's enqueue");
    chart.line("drain");
    chart.against("floor's drain");
  }

  private static void show(Report report, Chart chart, String name, String alternative) {
    report.picture(name, alternative, chart.svg());
    report.table(chart.head(), chart.rows());
  }

  private static Figure megabytes(Figure jobs, int bytes) {
    return new Figure(jobs.values().stream().map(rate -> rate * bytes / MB).toList());
  }

  private static String text(int number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
