package org.spooldir.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@link Archive} is told.
 *
 * @param tree what to archive; absolute, without links
 * @param output where to
 * @param spool the directory of the queue between producers and workers
 * @param spoolIsTemporary whether to remove it in the end
 * @param log where the processes write what goes wrong
 * @param producers processes
 * @param workers processes, two at least: one is killed, one is stopped, somebody must go on
 * @param limit files at most
 * @param weight how long a worker holds each job, besides the work
 * @param flaky the part of the jobs, 0 to 1, whose first attempt fails on purpose
 * @param lease of the workers
 */
record ArchiveOptions(
    Path tree,
    Output output,
    Path spool,
    boolean spoolIsTemporary,
    Path log,
    int producers,
    int workers,
    long limit,
    Duration weight,
    double flaky,
    Duration lease) {

  static final String USAGE =
      """
      usage: archive-demo [TREE] [OUTPUT] [OPTION]...
      Compresses the files below TREE into OUTPUT, by way of a spool, and checks the outcome.

        --spool DIR      the spool; a temporary one if not given
        --producers N    producer processes (2)
        --workers N      worker processes, 2 at least (3)
        --limit N        files at most (5000)
        --weight MS      extra time for each job, in milliseconds (20)
        --flaky P        the part of the jobs that fail once on purpose, 0 to 1 (0.01)
        --lease MS       how long a silent worker is believed alive, in milliseconds (3000)
        --keep           keeps the temporary spool
      """;

  private static final String SPOOL = "--spool";
  private static final String KEEP = "--keep";
  private static final String PRODUCERS = "--producers";
  private static final String WORKERS = "--workers";
  private static final String LIMIT = "--limit";
  private static final String WEIGHT = "--weight";
  private static final String FLAKY = "--flaky";
  private static final String LEASE = "--lease";

  private static final Map<String, String> DEFAULTS =
      Map.of(
          PRODUCERS, "2", WORKERS, "3", LIMIT, "5000", WEIGHT, "20", FLAKY, "0.01", LEASE, "3000");

  private static final List<String> TREES =
      List.of("/usr/share/doc", "/usr/share", "/usr/lib", "/etc");
  private static final int WORTH_IT = 500;
  private static final Duration HEAVIEST = Duration.ofSeconds(10);

  /** Refuses what cannot work. */
  ArchiveOptions {
    require(Files.isDirectory(tree), "a directory as TREE, not " + tree);
    require(producers > 0, "at least one producer");
    require(workers > 1, "at least two workers: one is killed, one is stopped");
    require(limit > 0, "a limit above 0");
    require(weight.compareTo(HEAVIEST) <= 0, "a weight of at most " + HEAVIEST);
    require(flaky >= 0 && flaky <= 1, "a flaky part of 0 to 1");
    require(lease.toMillis() >= 1000, "a lease of at least 1000 ms");
    require(!output.root().startsWith(tree), "an OUTPUT outside of TREE");
    require(!spool.startsWith(tree), "a spool outside of TREE");
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new UsageException("archive-demo needs " + what);
    }
  }

  /**
   * Understands a command line.
   *
   * @param out where it says what it chose
   * @throws UsageException if it cannot be understood, or cannot work
   * @throws IOException if no temporary directory can be made
   */
  static ArchiveOptions parse(PrintStream out, String... args) throws IOException {
    List<String> places = new ArrayList<>();
    Map<String, String> values = new HashMap<>(DEFAULTS);
    for (int i = 0; i < args.length; i++) {
      if (!args[i].startsWith("--")) {
        places.add(args[i]);
      } else if (args[i].equals(KEEP)) {
        values.put(KEEP, "");
      } else if (i + 1 < args.length && (DEFAULTS.containsKey(args[i]) || args[i].equals(SPOOL))) {
        values.put(args[i], args[++i]);
      } else {
        throw new UsageException("unknown, or without its value: " + args[i]);
      }
    }
    require(places.size() <= 2, "TREE and OUTPUT only, not " + places);

    boolean ownSpool = values.containsKey(SPOOL);
    Path temporary = Files.createTempDirectory("archive-demo-");
    temporary.toFile().deleteOnExit(); // if it is empty, else it stays
    return new ArchiveOptions(
        places.isEmpty() ? someTree(out) : real(Path.of(places.get(0))),
        new Output(real(places.size() == 2 ? Path.of(places.get(1)) : temporary.resolve("output"))),
        real(ownSpool ? Path.of(text(values, SPOOL)) : temporary.resolve("spool")),
        !ownSpool && !values.containsKey(KEEP),
        temporary.resolve("log"),
        (int) number(values, PRODUCERS),
        (int) number(values, WORKERS),
        (long) number(values, LIMIT),
        Duration.ofMillis((long) number(values, WEIGHT)),
        number(values, FLAKY),
        Duration.ofMillis((long) number(values, LEASE)));
  }

  private static String text(Map<String, String> values, String option) {
    return values.getOrDefault(option, "");
  }

  private static double number(Map<String, String> values, String option) {
    try {
      return Double.parseDouble(text(values, option));
    } catch (NumberFormatException e) {
      throw new UsageException(option + " takes a number, not " + text(values, option));
    }
  }

  /** Without links, so that it can be compared with others, whether it is there yet or not. */
  private static Path real(Path path) throws IOException {
    Path absolute = path.toAbsolutePath().normalize();
    Path parent = absolute.getParent();
    Path name = absolute.getFileName();
    if (Files.exists(absolute) || parent == null || name == null) {
      return absolute.toRealPath();
    }
    return real(parent).resolve(name);
  }

  private static Path someTree(PrintStream out) throws IOException {
    for (String tree : TREES) {
      Path path = Path.of(tree);
      long files = Files.isDirectory(path) ? TreeWalk.count(path.toRealPath(), WORTH_IT) : 0;
      if (files == WORTH_IT) {
        out.println("no TREE given, so it is " + tree);
        return path.toRealPath();
      }
      out.println(tree + " will not do as TREE: " + files + " files");
    }
    throw new UsageException("say which TREE: none of " + TREES + " has enough files");
  }
}
