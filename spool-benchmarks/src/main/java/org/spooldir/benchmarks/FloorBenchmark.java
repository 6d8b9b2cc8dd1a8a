package org.spooldir.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.spooldir.benchmarks.Queue.Level;

/** A spool against the bare system calls in C, which do the same and nothing else. */
final class FloorBenchmark implements Benchmark {

  static final int PAYLOAD = 1024;

  /** The bare system calls of {@code enqueueAll}. */
  private static final String BATCHES = "batches";

  /**
   * The bare system calls, and those that a worker cannot do without and the floor does not make.
   */
  private static final String WORKER = "worker";

  /** Such a worker by the JDK, and its producer. */
  private static final String BARE = "bare";

  /** Threads that force in C: it makes them anew for each batch, and is slower with more. */
  private static final int FORCING = 16;

  /** After a third of it a JVM still becomes faster from turn to turn. */
  private static final int WARM_UP = 300_000;

  /** Behind it no other queue, and no spool, becomes a tenth faster. */
  private static final int SHORT_WARM_UP = 60_000;

  private static final long MOST_WARM_UP = 128 << 20; // bytes

  /**
   * How often each side has its turn for a round of other benchmarks. A machine with neighbours
   * changes its pace within seconds, so many short turns tell more than few long ones.
   */
  private static final int TURNS = 20;

  private final String floor;

  FloorBenchmark(String floor) {
    this.floor = floor;
  }

  /** Compiles the floor. */
  static String compile() throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("spool-floor");
    Path program = directory.resolve("floor");
    Path source = Programs.resource("floor.c", directory);
    for (Path file : List.of(directory, source, program)) {
      file.toFile().deleteOnExit(); // the last one first
    }
    Programs.run("cc", "-O2", "-o", program.toString(), source.toString(), "-lpthread");
    return program.toString();
  }

  /** The bare system calls; see the head of {@code floor.c} for what it is told. */
  static Contender floor(
      String name, String program, int count, int many, int bytes, String level) {
    Function<Path, List<String>> command = floor(program, count, many, bytes, level);
    return new Contender(name, directory -> Programs.figures(command.apply(directory)));
  }

  static Function<Path, List<String>> floor(
      String program, int count, int many, int bytes, String level) {
    return directory ->
        List.of(
            program,
            directory.resolve("floor").toString(),
            String.valueOf(count),
            String.valueOf(many),
            String.valueOf(bytes),
            level);
  }

  /** A queue in a JVM; the kind may say how many jobs are handed in at once, as in spool/100. */
  static Contender queue(String kind, int count, int threads, int bytes, Level level) {
    int warmUp = (int) Math.min(Math.min(8L * count, SHORT_WARM_UP), MOST_WARM_UP / bytes);
    Function<Path, List<String>> command = command(kind, count, threads, bytes, level, warmUp);
    return new Contender(kind, directory -> Programs.figures(command.apply(directory)));
  }

  static Function<Path, List<String>> command(
      String kind, int count, int threads, int bytes, Level level, int warmUp) {
    return directory ->
        Programs.java(
            "512m", QueueRun.class, kind, directory, count, threads, bytes, level.word(), warmUp);
  }

  @Override
  public void run(Disk disk, Scale scale, Report report) throws Exception {
    report.section(
        "Against the bare system calls",
        "Jobs a second, as a ratio to `floor.c`, which makes the system calls of the protocol;"
            + " 1 KB payloads. With many threads the floor flushes for each job on its own, where a"
            + " spool's threads share. In each round all sides are started anew, run for the whole"
            + " time, use no name twice, and have twenty turns of some thousand jobs.");
    Contest contest = contest(disk, scale, 20_000, 1, Level.PROCESS, "spool", WORKER, BARE);
    row(report, contest, "spool", "enqueue", Level.PROCESS, 1, 0.80, "0.95");
    row(report, contest, "spool", "drain", Level.PROCESS, 1, 0.75, "0.95");
    report.comparison(
        "the same in C as a worker does it: jobs that a listing found (C1), the lstat of C3, new/"
            + " and cur/ kept open",
        contest,
        WORKER,
        "drain",
        "floor");
    for (String what : List.of("enqueue", "drain")) {
      report.comparison(
          what + ", bare in Java: the same calls by the JDK, names as long, and the checksum",
          contest,
          BARE,
          what,
          "floor");
    }

    contest = contest(disk, scale, 1_000, 1, Level.ENQUEUE, "spool", "spool/100", BATCHES);
    row(report, contest, "spool", "enqueue", Level.ENQUEUE, 1, 0.90, "1.0");
    row(report, contest, "spool/100", "enqueue", Level.ENQUEUE, 1, 3.0, "5");
    report.comparison("the same batches in C", contest, BATCHES, "enqueue", "floor");
    contest = contest(disk, scale, 1_600, 16, Level.ENQUEUE, "spool");
    row(report, contest, "spool", "enqueue", Level.ENQUEUE, 16, 0.90, "1.3");

    contest = contest(disk, scale, 2_400, 16, Level.FULL, "spool");
    row(report, contest, "spool", "drain", Level.FULL, 16, 0.90, "1.3");
  }

  private Contest contest(
      Disk disk, Scale scale, int count, int threads, Level level, String... kinds)
      throws Exception {
    Map<String, Function<Path, List<String>>> commands = new LinkedHashMap<>();
    int jobs = scale.of(count);
    commands.put("floor", floor(floor, jobs, threads, PAYLOAD, level.word()));
    for (String kind : kinds) {
      commands.put(
          kind,
          switch (kind) {
            case BATCHES -> floor(floor, jobs, FORCING, PAYLOAD, "batch");
            case WORKER -> floor(floor, jobs, threads, PAYLOAD, "worker");
            default -> command(kind, jobs, threads, PAYLOAD, level, scale.of(WARM_UP));
          });
    }
    return Contest.inTurns(disk, scale.rounds(), TURNS, commands);
  }

  private static void row(
      Report report,
      Contest contest,
      String kind,
      String what,
      Level level,
      int threads,
      double bar,
      String stretch) {
    String work =
        what.equals("drain")
            ? "claim + verified read + complete"
            : kind.endsWith("/100") ? "`enqueueAll` of 100" : "enqueue";
    report.bar(
        String.format(
            Locale.ROOT,
            "%s, `%s`, %d thread%s: %s a second, floor %s",
            work,
            level,
            threads,
            threads == 1 ? "" : "s",
            Figure.text(contest.figure(kind, what).median()),
            Figure.text(contest.figure("floor", what).median())),
        contest.ratio(kind, what, "floor"),
        "",
        true,
        bar,
        stretch);
  }
}
