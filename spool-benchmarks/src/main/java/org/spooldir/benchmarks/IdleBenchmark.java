package org.spooldir.benchmarks;

/** What a worker costs that has nothing to do. */
final class IdleBenchmark implements Benchmark {

  private static final int MANY = 1_000_000;

  @Override
  public void run(Disk disk, Scale scale, Report report) throws Exception {
    report.section(
        "With nothing to do",
        "What a worker process takes of one core, by the kernel's account, in a minute.");
    int seconds = scale.quick() ? 5 : 60;
    Contest contest =
        Contest.of(
            disk,
            Math.min(scale.rounds(), 3),
            idle("empty", 0, seconds),
            idle("delayed", scale.of(MANY), scale.quick() ? 5 : 200));
    report.bar("an empty spool", contest.figure("empty", "percent"), " %", false, 0.2, "0.05 %");
    report.bar(
        "1,000,000 delayed jobs, none due",
        contest.figure("delayed", "percent"),
        " %",
        false,
        1,
        "");
  }

  private static Contender idle(String name, int delayed, int seconds) {
    return new Contender(
        name,
        directory ->
            Programs.figures(Programs.java("64m", IdleRun.class, directory, delayed, seconds)));
  }
}
