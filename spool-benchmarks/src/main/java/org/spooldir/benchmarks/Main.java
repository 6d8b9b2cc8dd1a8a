package org.spooldir.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The whole-process driver. See the help. */
public final class Main {

  private static final String HELP =
      """
      Measures spool: against the bare system calls, with much to do, against other queues.

        ./bench [OPTION]... [SECTION]...

        SECTION        calls floor crowd latency big peers idle backlog curves; all without any
        --rounds N     how often each side runs; the figure is the median (5)
        --dir DIR      measure the disk that DIR is on; without it an ext4 in memory, as root
        --quick        shows that it works: little work, figures without a meaning
        --write FILE   write the tables into FILE, each in the place of the one with its title,
                       and the pictures beside it
      """;

  private static final List<String> ALL =
      List.of("calls", "floor", "crowd", "latency", "big", "peers", "idle", "backlog", "curves");

  /** What is measured against the floor. */
  private static final List<String> FLOORED =
      List.of("calls", "floor", "backlog", "crowd", "curves");

  private final List<String> sections = new ArrayList<>();
  private final Report report = new Report();
  private int rounds = 5;
  private boolean quick;
  private @Nullable Path place;
  private @Nullable Path document;

  private Main() {}

  public static void main(String[] args) throws Exception {
    if (List.of(args).contains("--help")) {
      System.out.print(HELP);
      return;
    }
    Main main = new Main();
    if (!main.understands(args)) {
      System.err.print(HELP);
      System.exit(64);
    }
    main.run();
  }

  private boolean understands(String[] args) {
    for (int i = 0; i < args.length; i++) {
      boolean more = i + 1 < args.length;
      if (args[i].equals("--quick")) {
        quick = true;
      } else if (args[i].equals("--rounds") && more && args[i + 1].matches("[1-9][0-9]?")) {
        rounds = Integer.parseInt(args[++i]);
      } else if (args[i].equals("--dir") && more) {
        place = Path.of(args[++i]);
      } else if (args[i].equals("--write") && more) {
        document = Path.of(args[++i]);
      } else if (ALL.contains(args[i])) {
        sections.add(args[i]);
      } else {
        return false;
      }
    }
    if (sections.isEmpty()) {
      sections.addAll(ALL);
    }
    return true;
  }

  private void run() throws Exception {
    if (document != null && !Document.hasPlace(document)) {
      throw new IllegalArgumentException(document + " has no marks between which figures stand");
    }
    boolean hasCompiler = Programs.exist("cc", "--version");
    String floor = hasCompiler ? FloorBenchmark.compile() : "";
    if (!hasCompiler && sections.removeAll(FLOORED)) {
      report.section("Not measured", "Without a C compiler there is no floor: " + FLOORED + ".");
    }
    Scale scale = new Scale(quick ? 1 : rounds, quick);
    try {
      for (String section : sections) {
        System.err.println(section);
        measure(benchmark(section, floor), scale);
      }
      if (document != null && sections.equals(ALL)) {
        Document.write(document, report, true);
      }
    } finally {
      System.out.print(Document.text(report.sections()));
    }
    for (String missed : report.missed()) {
      System.err.println("missed: " + missed);
    }
  }

  /** On a disk of its own, or else one section would begin where another has left off. */
  private void measure(Benchmark benchmark, Scale scale) throws Exception {
    try (Disk disk = place == null ? Disk.inMemory(quick ? 2 : 8) : Disk.at(place)) {
      report.measuredOn(machine(disk));
      benchmark.run(disk, scale, report);
    }
    if (document != null) { // what there is by now is not lost with what comes after it
      Document.write(document, report, false);
    }
  }

  private static Benchmark benchmark(String section, String floor) {
    return switch (section) {
      case "calls" -> new CallsBenchmark(floor);
      case "floor" -> new FloorBenchmark(floor);
      case "backlog" -> new BacklogBenchmark(floor);
      case "crowd" -> new CrowdBenchmark(floor);
      case "latency" -> new LatencyBenchmark();
      case "idle" -> new IdleBenchmark();
      case "big" -> new BigBenchmark();
      case "curves" -> new CurvesBenchmark(floor);
      case "peers" -> new PeersBenchmark();
      default -> throw new IllegalArgumentException(section);
    };
  }

  private String machine(Disk disk) throws IOException, InterruptedException {
    String cpu =
        Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 2))
            .findFirst()
            .orElse("unknown processor");
    return "%s, %d × %s, Linux %s, Java %s, %s, %s round%s"
        .formatted(
            LocalDate.now(ZoneOffset.UTC),
            Runtime.getRuntime().availableProcessors(),
            cpu,
            Programs.output("uname", "-r").strip(),
            Runtime.version(),
            disk.describe(),
            quick ? 1 : rounds,
            quick ? " of a smoke test: no figures" : rounds == 1 ? "" : "s");
  }
}
