package org.spooldir.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What {@link Archive} is told.
 *
 * @param tree what to archive; absolute, without links
 * @param output where to
 * @param spool the directory of the queue between producers and workers
 * @param spoolIsTemporary whether to remove it in the end
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

  private static final List<String> TREES =
      List.of("/usr/share/doc", "/usr/share", "/usr/lib", "/etc");
  private static final int WORTH_IT = 500;

  /** Refuses what cannot work. */
  ArchiveOptions {
    require(producers > 0, "at least one producer");
    require(workers > 1, "at least two workers: one is killed, one is stopped");
    require(limit > 0, "a limit above 0");
    require(flaky >= 0 && flaky <= 1, "a flaky part of 0 to 1");
    require(!output.root().startsWith(tree), "an OUTPUT outside of TREE");
    require(!spool.startsWith(tree), "a spool outside of TREE");
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException("archive-demo needs " + what);
    }
  }

  /**
   * Understands a command line.
   *
   * @throws IllegalArgumentException if it cannot be understood, or cannot work
   * @throws IOException if TREE is not there, or no temporary directory can be made
   */
  static ArchiveOptions parse(String... args) throws IOException {
    Arguments given = new Arguments(args);
    Path tree = given.next().isPresent() ? Path.of("") : null;
    return null;
  }
}
