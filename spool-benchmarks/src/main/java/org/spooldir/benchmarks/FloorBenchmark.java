package org.spooldir.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.spooldir.benchmarks.Queue.Level;

/** A spool against the bare system calls in C, which do the same and nothing else. */
final class FloorBenchmark implements Benchmark {

  static final int PAYLOAD = 1024;

  /** The bare system calls of {@code enqueueAll}. */
  private static final String BATCHES = "batches";

  /** As many threads as {@code enqueueAll} has. */
  private static final int FORCING = 16;

  private final String floor;

  FloorBenchmark(String floor) {
    this.floor = floor;
  }

  /** Compiles the floor. */
  static String compile() throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("spool-floor");
    String program = directory.resolve("floor").toString();
    String source = Programs.resource("floor.c", directory).toString();
    Programs.run("cc", "-O2", "-o", program, source, "-lpthread");
    return program;
  }

  /** The bare system calls; see the head of {@code floor.c} for what it is told. */
  static Contender floor(
      String name, String program, int count, int many, int bytes, String level) {
    return new Contender(
        name,
        directory ->
            Programs.figures(
                List.of(
                    program,
                    directory.resolve("floor").toString(),
                    String.valueOf(count),
                    String.valueOf(many),
                    String.valueOf(bytes),
                    level)));
  }

  /** A queue in a JVM; the kind may say how many jobs are handed in at once, as in spool/100. */
  static Contender queue(String kind, int count, int threads, int bytes, Level level) {
    return new Contender(
        kind,
        directory ->
            Programs.figures(
                Programs.java(
                    "512m", QueueRun.class, kind, directory, count, threads, bytes, level.word())));
  }

  @Override
  public void run(Disk disk, Scale scale, Report report) throws Exception {
    report.section(
        "Against the bare system calls",
        "Jobs a second, as a ratio to `floor.c`, which makes the same system calls and nothing else; 1 KB payloads.");
    Contest contest = contest(disk, scale, 50_000, 1, Level.PROCESS, "spool");
    row(report, contest, "spool", "enqueue", Level.PROCESS, 1, 0.80, "0.95");
    row(report, contest, "spool", "drain", Level.PROCESS, 1, 0.75, "0.95");

    contest = contest(disk, scale, 50_000, 1, Level.ENQUEUE, "spool", "spool/100", BATCHES);
    row(report, contest, "spool", "enqueue", Level.ENQUEUE, 1, 0.90, "1.0");
    row(report, contest, "spool/100", "enqueue", Level.ENQUEUE, 1, 3.0, "5");
    report.comparison(
        "the same batches in C: "
            + Figure.text(contest.figure(BATCHES, "enqueue").median())
            + " a second",
        contest.ratio(BATCHES, "enqueue", "floor"));
    row(report, contest, "spool", "drain", Level.ENQUEUE, 1, 0.75, "0.95");

    contest = contest(disk, scale, 48_000, 16, Level.ENQUEUE, "spool");
    row(report, contest, "spool", "enqueue", Level.ENQUEUE, 16, 0.90, "1.3");

    contest = contest(disk, scale, 16_000, 16, Level.FULL, "spool");
    row(report, contest, "spool", "drain", Level.FULL, 16, 0.90, "1.3");
  }

  private Contest contest(
      Disk disk, Scale scale, int count, int threads, Level level, String... kinds)
      throws Exception {
    Contender[] contenders = new Contender[kinds.length + 1];
    contenders[0] = floor("floor", floor, scale.of(count), threads, PAYLOAD, level.word());
    for (int i = 0; i < kinds.length; i++) {
      contenders[i + 1] =
          kinds[i].equals(BATCHES)
              ? floor(BATCHES, floor, scale.of(count), FORCING, PAYLOAD, "batch")
              : queue(kinds[i], scale.of(count), threads, PAYLOAD, level);
    }
    return Contest.of(disk, scale.rounds(), contenders);
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
