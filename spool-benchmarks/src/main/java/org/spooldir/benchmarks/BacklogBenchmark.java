package org.spooldir.benchmarks;

/** Whether it matters how many jobs wait. */
final class BacklogBenchmark implements Benchmark {

  private static final int FEW = 1_000;
  private static final int MANY = 1_000_000;

  /** So few that it is as good as empty. */
  private static final int NONE = 4;

  /** Claimed, and enqueued; more than a few windows, or else what is left of the last counts. */
  private static final int JOBS = 500_000;

  private final String floor;

  BacklogBenchmark(String floor) {
    this.floor = floor;
  }

  @Override
  public void run(Disk disk, Scale scale, Report report) throws Exception {
    report.section(
        "With a million jobs waiting",
        "Jobs a second at `PROCESS`, one thread, a heap of 64 MB, as a ratio to the same with fewer jobs waiting."
            + " Listings are part of it.");
    Contest contest =
        Contest.of(
            disk,
            scale.rounds(),
            waiting("few", FEW, scale.of(JOBS), warmUp(scale)),
            waiting("many", scale.of(MANY), scale.of(JOBS), warmUp(scale)),
            waiting("none", NONE, scale.of(JOBS), warmUp(scale)),
            bare("few in C", FEW, scale.of(JOBS)),
            bare("many in C", scale.of(MANY), scale.of(JOBS)),
            bare("none in C", NONE, scale.of(JOBS)));
    report.bar(
        "claim + complete, 1,000,000 waiting against 1,000: "
            + Figure.text(contest.figure("many", "claim").median())
            + " a second",
        contest.ratio("many", "claim", "few"),
        "",
        true,
        0.70,
        "0.95");
    report.comparison("the same system calls in C", contest, "many in C", "claim", "few in C");
    report.bar(
        "enqueue, 1,000,000 waiting against an empty spool: "
            + Figure.text(contest.figure("many", "enqueue").median())
            + " a second",
        contest.ratio("many", "enqueue", "none"),
        "",
        true,
        0.70,
        "0.9");
    report.comparison("the same system calls in C", contest, "many in C", "enqueue", "none in C");
  }

  private Contender bare(String name, int waiting, int count) {
    return FloorBenchmark.floor(name, floor, count, waiting, FloorBenchmark.PAYLOAD, "backlog");
  }

  /** So many claims and enqueues that all is compiled. */
  static int warmUp(Scale scale) {
    return scale.of(100_000);
  }

  /** Claims and enqueues with so many waiting. */
  static Contender waiting(String name, int waiting, int count, int warmUp) {
    return new Contender(
        name,
        directory ->
            Programs.figures(
                Programs.java("64m", BacklogRun.class, directory, waiting, count, warmUp)));
  }
}
