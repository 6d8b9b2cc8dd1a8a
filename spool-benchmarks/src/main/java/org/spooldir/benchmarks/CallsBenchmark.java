package org.spooldir.benchmarks;

import com.google.common.base.Splitter;
import com.google.common.collect.Sets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.spooldir.benchmarks.Queue.Level;

/** Which system calls a job takes, by strace: the floor's, and what is accounted for besides. */
final class CallsBenchmark implements Benchmark {

  private static final int JOBS = 1_000;

  private static final List<String> STRACE =
      List.of("strace", "-f", "-c", "-U", "name,calls", "-e", "trace=%file,%desc", "-o");

  /** A beat, a listing, a page of memory: not every job's. */
  private static final double SELDOM = 0.05;

  private final String floor;

  CallsBenchmark(String floor) {
    this.floor = floor;
  }

  @Override
  public void run(Disk disk, Scale scale, Report report) throws Exception {
    report.section(
        "System calls of a job",
        "Those that take a file or a descriptor, of one thread, from handing a job in to having"
            + " completed it, as `strace -c` counts them: in a run of 2,000 jobs, less those in a"
            + " run of 1,000, a job. What is not every job's is left out.");
    List<String> probe = new ArrayList<>(STRACE);
    probe.addAll(List.of("/dev/null", "true"));
    if (!Programs.exist(probe.toArray(String[]::new))) {
      report.table(
          List.of("not measured"), List.of(List.of("strace is missing, or may not trace")));
      return;
    }
    List<String> head = new ArrayList<>(List.of("call"));
    List<Map<String, Double>> columns = new ArrayList<>();
    for (Level level : Level.values()) {
      head.add("`" + level + "`: floor");
      columns.add(perJob(disk, scale, jobs -> inC(jobs, level)));
      head.add("spool");
      columns.add(perJob(disk, scale, jobs -> spool(jobs, level)));
    }
    TreeSet<String> calls = new TreeSet<>();
    columns.forEach(column -> calls.addAll(column.keySet()));
    List<List<String>> rows = new ArrayList<>();
    for (String call : calls) {
      List<String> row = new ArrayList<>(List.of("`" + call + "`"));
      for (Map<String, Double> column : columns) {
        double number = column.getOrDefault(call, 0.0);
        row.add(number == 0 ? "" : String.format(Locale.ROOT, "%.1f", number));
      }
      rows.add(row);
    }
    report.table(head, rows);
  }

  private Function<Path, List<String>> inC(int jobs, Level level) {
    return FloorBenchmark.floor(floor, jobs, 1, FloorBenchmark.PAYLOAD, level.word());
  }

  private static Function<Path, List<String>> spool(int jobs, Level level) {
    return FloorBenchmark.command("spool", jobs, 1, FloorBenchmark.PAYLOAD, level, 0);
  }

  /**
   * How often each call is made for a job.
   *
   * @param command what runs so many jobs in a directory
   */
  private static Map<String, Double> perJob(
      Disk disk, Scale scale, IntFunction<Function<Path, List<String>>> command) throws Exception {
    int jobs = scale.of(JOBS);
    Map<String, Double> once = counted(disk, command.apply(jobs));
    Map<String, Double> twice = counted(disk, command.apply(2 * jobs));
    Map<String, Double> perJob = new TreeMap<>();
    for (String call : Sets.union(once.keySet(), twice.keySet())) {
      double more = twice.getOrDefault(call, 0.0) - once.getOrDefault(call, 0.0);
      if (Math.abs(more / jobs) >= SELDOM) {
        perJob.put(call, more / jobs);
      }
    }
    return perJob;
  }

  private static Map<String, Double> counted(Disk disk, Function<Path, List<String>> run)
      throws Exception {
    Path directory = disk.fresh();
    Path counts = directory.resolve("counts");
    List<String> command = new ArrayList<>(STRACE);
    command.add(counts.toString());
    command.addAll(run.apply(directory));
    Programs.output(command);
    Map<String, Double> counted = new TreeMap<>();
    for (String line : Files.readAllLines(counts)) {
      List<String> words = Splitter.on(' ').omitEmptyStrings().splitToList(line);
      if (words.size() == 2 && words.get(1).matches("[0-9]+") && !words.get(0).equals("total")) {
        counted.put(words.get(0), Double.valueOf(words.get(1)));
      }
    }
    disk.clear(directory);
    return counted;
  }
}
