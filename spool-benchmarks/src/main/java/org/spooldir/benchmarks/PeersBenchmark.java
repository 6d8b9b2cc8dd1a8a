package org.spooldir.benchmarks;

import com.google.common.base.Splitter;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.spooldir.benchmarks.Queue.Level;

/** Other queues, at the same promise. */
final class PeersBenchmark implements Benchmark {

  private static final int JOBS = 8_000;
  private static final int SIDES = 4;
  private static final String OURS = "spool";

  /** The one that Debian's packages are for. */
  private static final String PYTHON = "/usr/bin/python3";

  @Override
  public void run(Disk disk, Scale scale, Report report) throws Exception {
    boolean hasDirq = Programs.exist(PYTHON, "-c", "import dirq.QueueSimple");
    report.section(
        "Against other queues",
        """
        Jobs a second, 1 KB payloads, and the ratio of the other queue to the spool. What is compared:

        - `FULL`, every returned call survives power loss: SQLite with `synchronous=FULL`, MVStore with a `sync` after
          each commit, tape, which knows nothing else
        - `ENQUEUE`, what was handed in survives power loss, what was completed may come again: SQLite's producer with
          `synchronous=FULL`, its worker with `NORMAL`; MVStore with a `sync` after each put
        - `PROCESS`, survives the death of processes: SQLite with `synchronous=OFF`, MVStore without `sync`,
          Directory::Queue, which never forces anything (its authors' port to Python, which Debian has: `python3-dirq`;
          its threads are processes)

        MVStore and tape have no claim: what is taken is gone, and lost if its worker dies. They serve one process.
        Where all are processes of their own, a worker of a spool hears of new jobs, and one of SQLite asks again after
        a millisecond; all have done the same before, beside each other, in four other queues. SQLite's threads share
        one connection, which does more than one for each, but for taking out at `FULL`.
        What ends in `/100` is handed in a hundred at once. Versions: %s.
        """
                .formatted(versions())
            + (hasDirq
                ? ""
                : "\nDirectory::Queue was not measured: python3-dirq is not installed.\n"));
    int jobs = scale.of(JOBS);
    List<List<String>> rows = new ArrayList<>();
    for (Level level : Level.values()) {
      for (int threads : new int[] {1, 16}) {
        List<Contender> contenders = contenders(level, threads, jobs, hasDirq);
        Contest contest = Contest.of(disk, scale.rounds(), contenders.toArray(Contender[]::new));
        for (Contender one : contenders) {
          rows.add(
              List.of(
                  "`" + level + "`",
                  String.valueOf(threads),
                  one.name(),
                  contest.figure(one.name(), "enqueue").spread(),
                  against(contest, one, "enqueue"),
                  contest.figure(one.name(), "drain").spread(),
                  against(contest, one, "drain")));
        }
      }
    }
    report.table(
        List.of("promise", "threads", "queue", "enqueue", "ratio", "claim to complete", "ratio"),
        rows);
    processes(disk, scale, report);
  }

  /** The files of those that run in a JVM. */
  private static String versions() {
    return Splitter.on(File.pathSeparatorChar)
        .splitToStream(System.getProperty("java.class.path"))
        .map(file -> Path.of(file).getFileName().toString().replace(".jar", ""))
        .filter(name -> name.matches("(sqlite-jdbc|h2-mvstore|tape)-.*"))
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private static String against(Contest contest, Contender one, String what) {
    return one.name().equals(OURS) ? "1" : contest.ratio(one.name(), what, OURS).spread();
  }

  private static List<Contender> contenders(Level level, int threads, int jobs, boolean hasDirq) {
    List<Contender> contenders = new ArrayList<>();
    for (String kind : new String[] {OURS, "sqlite", "mvstore"}) {
      contenders.add(FloorBenchmark.queue(kind, jobs, threads, FloorBenchmark.PAYLOAD, level));
    }
    if (level == Level.ENQUEUE && threads == 1) {
      for (String kind : new String[] {"spool/100", "sqlite/100", "mvstore/100"}) {
        contenders.add(FloorBenchmark.queue(kind, jobs, 1, FloorBenchmark.PAYLOAD, level));
      }
    }
    if (level == Level.FULL && threads == 1) {
      contenders.add(FloorBenchmark.queue("tape", jobs, 1, FloorBenchmark.PAYLOAD, level));
    }
    if (level == Level.PROCESS && hasDirq) {
      contenders.add(new Contender("Directory::Queue", in -> dirq(in, jobs, threads)));
    }
    return contenders;
  }

  private static Map<String, Double> dirq(Path directory, int jobs, int processes)
      throws Exception {
    String program = Programs.resource("directory_queue.py", directory).toString();
    return Programs.figures(
        List.of(
            PYTHON,
            program,
            directory.toString(),
            String.valueOf(jobs),
            String.valueOf(processes),
            String.valueOf(FloorBenchmark.PAYLOAD)));
  }

  private static void processes(Disk disk, Scale scale, Report report) throws Exception {
    int jobs = scale.of(JOBS);
    List<List<String>> rows = new ArrayList<>();
    for (Level level : Level.values()) {
      Contender ours = new Contender(OURS, in -> through(OURS, in, jobs, level));
      Contender sqlite = new Contender("sqlite", in -> through("sqlite", in, jobs, level));
      Contest contest = Contest.of(disk, scale.rounds(), ours, sqlite);
      for (Contender one : List.of(ours, sqlite)) {
        rows.add(
            List.of(
                "`" + level + "`",
                one.name(),
                contest.figure(one.name(), "rate").spread(),
                against(contest, one, "rate")));
      }
    }
    report.table(
        List.of("promise", "4 producer and 4 worker processes", "jobs a second", "ratio"), rows);
  }

  /** Jobs a second through some producers and as many workers, all at once and warm. */
  private static Map<String, Double> through(String kind, Path directory, int jobs, Level level)
      throws Exception {
    int each = jobs / SIDES;
    try (Crowd workers = Crowd.ready(SIDES, i -> side("work", kind, directory, each, level));
        Crowd producers = Crowd.ready(SIDES, i -> side("produce", kind, directory, each, level))) {
      for (int i = 0; i <= QueueRun.WARM_UPS; i++) { // the last time at its level
        through(workers, producers);
        workers.awaitReady();
        producers.awaitReady();
      }
      return Map.of("rate", through(workers, producers));
    }
  }

  private static double through(Crowd workers, Crowd producers) throws Exception {
    workers.sign();
    producers.sign();
    long begin = Long.MAX_VALUE;
    long in = 0;
    for (long[] producer : producers.told()) {
      in += producer[0];
      begin = Math.min(begin, producer[1]);
    }
    workers.sign(); // all is in: end when nothing is left
    long end = Long.MIN_VALUE;
    long done = 0;
    for (long[] worker : workers.told()) {
      done += worker[0];
      end = Math.max(end, worker[2]);
    }
    if (done != in) {
      throw new IllegalStateException(done + " of " + in + " jobs done");
    }
    return done * 1e9 / (end - begin);
  }

  private static List<String> side(
      String side, String kind, Path directory, int count, Level level) {
    return Programs.java(
        "64m", QueueSide.class, side, kind, directory, count, FloorBenchmark.PAYLOAD, level.word());
  }
}
