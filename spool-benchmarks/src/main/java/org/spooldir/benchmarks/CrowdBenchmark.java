package org.spooldir.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.spooldir.Job;
import org.spooldir.Spool;
import org.spooldir.fs.DirectorySpool;
import org.spooldir.fs.Durability;
import org.spooldir.fs.SpoolOptions;

/** Whether many worker processes get into each other's way. */
final class CrowdBenchmark implements Benchmark {

  private static final int JOBS = 100_000;

  /** For each worker, each time it warms up. */
  private static final int WARM_UP = 15_000;

  private final String floor;

  CrowdBenchmark(String floor) {
    this.floor = floor;
  }

  @Override
  public void run(Disk disk, Scale scale, Report report) throws Exception {
    report.section(
        "Many worker processes on one spool",
        "100,000 jobs, ready and written down before the first worker starts; each process claims,"
            + " verifies and completes, and has done so before, beside the others, in three other"
            + " spools.");
    int jobs = scale.of(JOBS);
    int warmUp = scale.of(WARM_UP);
    Contest contest =
        Contest.of(
            disk,
            scale.rounds(),
            new Contender("two", directory -> crowd("spool", directory, jobs, 2, warmUp)),
            new Contender("eight", directory -> crowd("spool", directory, jobs, 8, warmUp)),
            new Contender("two bare", directory -> crowd("bare", directory, jobs, 2, warmUp)),
            new Contender("eight bare", directory -> crowd("bare", directory, jobs, 8, warmUp)),
            inC("two in C", jobs, 2, "crowd"),
            inC("eight in C", jobs, 8, "crowd"),
            inC("two that list in C", jobs, 2, "workers"),
            inC("eight that list in C", jobs, 8, "workers"));
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
    String bare = "bare in Java, each process with jobs of its own, which a listing finds";
    report.comparison(bare, contest, "eight bare", "rate", "two bare");
    String inC = "in C, each process with jobs of its own";
    report.comparison(inC, contest, "eight in C", "rate", "two in C");
    String list =
        "the same after a listing by each process (C1), with the lstat of C3, new/ and cur/ kept open";
    report.comparison(list, contest, "eight that list in C", "rate", "two that list in C");
  }

  private Contender inC(String name, int jobs, int processes, String level) {
    return FloorBenchmark.floor(name, floor, jobs, processes, FloorBenchmark.PAYLOAD, level);
  }

  private static Map<String, Double> crowd(
      String kind, Path directory, int jobs, int workers, int warmUp) throws Exception {
    Path spool = directory.resolve("spool");
    List<Object> spools = new ArrayList<>(List.of(spool));
    for (int i = 0; i < QueueRun.WARM_UPS; i++) {
      Path other = directory.resolve("warm-up" + i);
      fill(other, workers * warmUp);
      spools.add(other);
    }
    try (Crowd crowd = Crowd.ready(workers, self -> run(kind, workers, self, spools))) {
      // Not before: what eight warm up with is four times what two do, and would make it older.
      fill(spool, jobs);
      Programs.sync(directory);
      crowd.sign();
      return outcome(crowd.told(), jobs);
    }
  }

  private static List<String> run(String kind, int workers, int self, List<Object> spools) {
    List<Object> args = new ArrayList<>(List.of(kind, workers, self));
    args.addAll(spools);
    return Programs.java("64m", CrowdRun.class, args.toArray());
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
