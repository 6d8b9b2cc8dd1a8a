package org.spooldir.benchmarks;

import java.util.List;
import java.util.Map;

/** What a worker costs that has nothing to do. */
final class IdleBenchmark implements Benchmark {

  private static final int MANY = 1_000_000;

  @Override
  public void run(Disk disk, Scale scale, Report report) throws Exception {
    report.section(
        "With nothing to do",
        "What a worker process takes of one core, by the kernel's account, in a minute, with"
            + " `-XX:-UsePerfData`, as `spool` has it: or else the JVM alone wakes twenty times a second.");
    int seconds = scale.quick() ? 5 : 60;
    Contest contest =
        Contest.of(
            disk,
            Math.min(scale.rounds(), 3),
            idle("none", seconds),
            idle("empty", seconds, 0),
            idle("delayed", scale.quick() ? 5 : 200, scale.of(MANY)));
    report.bar(
        "an empty spool; a JVM without a worker takes "
            + Figure.text(contest.figure("none", "percent").median())
            + " %",
        contest.figure("empty", "percent"),
        " %",
        false,
        0.2,
        "0.05 %");
    report.bar(
        "1,000,000 delayed jobs, none due",
        contest.figure("delayed", "percent"),
        " %",
        false,
        1,
        "");
  }

  private static Contender idle(String name, int seconds) {
    return new Contender(name, directory -> run(seconds));
  }

  private static Contender idle(String name, int seconds, int delayed) {
    return new Contender(name, directory -> run(seconds, directory, delayed));
  }

  private static Map<String, Double> run(Object... args) throws Exception {
    List<String> command = Programs.java("64m", IdleRun.class, args);
    command.add(1, "-XX:-UsePerfData");
    return Programs.figures(command);
  }
}
