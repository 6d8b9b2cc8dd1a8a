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

  /** Runs a queue for so many jobs. */
  private interface Run {
    List<String> of(Path directory, int jobs);
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
      columns.add(perJob(disk, scale, (in, jobs) -> inC(in, jobs, level)));
      head.add("spool");
      columns.add(perJob(disk, scale, (in, jobs) -> spool(in, jobs, level)));
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

  private List<String> inC(Path directory, int jobs, Level level) {
    return List.of(
        floor,
        directory.resolve("floor").toString(),
        String.valueOf(jobs),
        "1",
        String.valueOf(FloorBenchmark.PAYLOAD),
        level.word());
  }

  private static List<String> spool(Path directory, int jobs, Level level) {
    return Programs.java(
        "64m",
        QueueRun.class,
        "spool",
        directory,
        jobs,
        1,
        FloorBenchmark.PAYLOAD,
        level.word(),
        0);
  }

  private static Map<String, Double> perJob(Disk disk, Scale scale, Run run) throws Exception {
    int jobs = scale.of(JOBS);
    Map<String, Double> once = counted(disk, run, jobs);
    Map<String, Double> twice = counted(disk, run, 2 * jobs);
    Map<String, Double> perJob = new TreeMap<>();
    for (String call : Sets.union(once.keySet(), twice.keySet())) {
      double more = twice.getOrDefault(call, 0.0) - once.getOrDefault(call, 0.0);
      if (Math.abs(more / jobs) >= SELDOM) {
        perJob.put(call, more / jobs);
      }
    }
    return perJob;
  }

  private static Map<String, Double> counted(Disk disk, Run run, int jobs) throws Exception {
    Path directory = disk.fresh();
    Path counts = directory.resolve("counts");
    List<String> command = new ArrayList<>(STRACE);
    command.add(counts.toString());
    command.addAll(run.of(directory, jobs));
    Programs.output(command);
    Map<String, Double> counted = new TreeMap<>();
    for (String line : Files.readAllLines(counts)) {
      List<String> words = Splitter.on(' ').omitEmptyStrings().trimResults().splitToList(line);
      if (words.size() == 2 && words.get(1).matches("[0-9]+") && !words.get(0).equals("total")) {
        counted.put(words.get(0), Double.valueOf(words.get(1)));
      }
    }
    disk.clear(directory);
    return counted;
  }
}
