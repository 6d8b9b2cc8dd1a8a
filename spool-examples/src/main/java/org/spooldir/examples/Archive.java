package org.spooldir.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.spooldir.JobState;
import org.spooldir.Spool;
import org.spooldir.SpoolFormatException;
import org.spooldir.SpoolStats;
import org.spooldir.examples.Report.Verb;
import org.spooldir.fs.DirectorySpool;
import org.spooldir.fs.SpoolOptions;

/**
 * Compresses a tree of files: producer processes hand in each file as a job, worker processes
 * compress what they claim. In the middle one worker is killed with {@code kill -9}, and one is
 * stopped for longer than its lease and then goes on. In the end every file is compared with its
 * output. {@code ./archive-demo} runs it.
 *
 * <p>Exit codes: 0 all files are archived, 1 something is wrong, 2 the arguments make no sense.
 */
public final class Archive {

  private static final Duration TICK = Duration.ofMillis(100);
  private static final Duration STALL = Duration.ofSeconds(60);

  /** One look at a spool at work can miss a job that moves; so many in a row do not. */
  private static final int LOOKS = 3;

  private final ArchiveOptions options;
  private final Spool spool;
  private final PrintStream out;
  private final Tally tally = new Tally();

  private Archive(ArchiveOptions options, Spool spool, PrintStream out) {
    this.options = options;
    this.spool = spool;
    this.out = out;
  }

  /** Takes what {@link ArchiveOptions#USAGE} says. */
  public static void main(String[] args) throws IOException, InterruptedException {
    if (List.of(args).contains("--help")) {
      System.out.print(ArchiveOptions.USAGE);
      return;
    }
    System.exit(run(args, System.out));
  }

  private static int run(String[] args, PrintStream out) throws IOException, InterruptedException {
    boolean good;
    try {
      ArchiveOptions options = ArchiveOptions.parse(out, args);
      out.println("tree    " + options.tree());
      out.println("output  " + options.output().root());
      out.println("spool   " + options.spool());
      options.output().create();
      try (Spool spool = DirectorySpool.create(options.spool(), SpoolOptions.DEFAULTS)) {
        good = new Archive(options, spool, out).run();
      }
      if (good && options.spoolIsTemporary()) {
        remove(options.spool());
      }
      return good ? 0 : 1;
    } catch (UsageException | SpoolFormatException e) {
      System.err.println(e.getMessage());
      System.err.print(ArchiveOptions.USAGE);
      return 2;
    }
  }

  private boolean run() throws IOException, InterruptedException {
    long total = TreeWalk.count(options.tree(), options.limit());
    out.printf(
        Locale.ROOT,
        "%d files, %d producers, %d workers; %s of the jobs fail once on purpose%n",
        total,
        options.producers(),
        options.workers(),
        options.flaky());
    Progress progress = new Progress(out, tally, total);
    boolean good = false;
    try {
      Sabotage sabotage = work(progress);
      options.output().removeDrafts();
      progress.say("verifying");
      Verifier verifier = new Verifier(spool.inspector(), options.output(), out);
      Verdict verdict = new Verdict(tally, verifier.verify(), sabotage.taken(), sabotage.isOver());
      verdict.print(out);
      good = verdict.isGood();
    } finally {
      endLog(good);
    }
    String end = good ? "ok" : "FAILED";
    out.printf(Locale.ROOT, "%s after %.1f s%n", end, progress.elapsed().toMillis() / 1e3);
    return good;
  }

  /** What the processes logged matters if something went wrong, and only then. */
  private void endLog(boolean good) throws IOException {
    if (!good && Files.exists(options.log())) {
      Files.copy(options.log(), out);
    }
    Files.deleteIfExists(options.log());
  }

  private Sabotage work(Progress progress) throws IOException, InterruptedException {
    try (Manifest manifest = new Manifest(options.output().manifest());
        Children children = new Children(options, report -> hear(report, manifest))) {
      children.start();
      Sabotage sabotage = new Sabotage(spool.inspector(), children, options.lease(), progress);
      supervise(children, sabotage, progress);
      children.letGo();
      return sabotage;
    }
  }

  private void hear(Report report, Manifest manifest) {
    if (report.verb() == Verb.DROPPED) {
      try {
        manifest.add(
            new Manifest.Entry(report.word(1), report.word(0), new TreePath(report.word(2))));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    tally.add(report);
  }

  /** Looks on until everything is done. */
  private void supervise(Children children, Sabotage sabotage, Progress progress)
      throws IOException, InterruptedException {
    long last = -1;
    long lastChange = System.nanoTime();
    for (int empty = 0; empty < LOOKS; ) {
      LockSupport.parkNanos(TICK.toNanos());
      children.requireWell();
      SpoolStats stats = spool.inspector().stats();
      progress.show(stats);
      sabotage.step();
      boolean producing = !children.producersHaveEnded();
      empty = producing || !sabotage.isIdle() || !isEmpty(stats) ? 0 : empty + 1;

      long done = tally.of(Verb.DROPPED) + tally.of(Verb.COMPLETED);
      if (done != last) {
        last = done;
        lastChange = System.nanoTime();
      }
      if (System.nanoTime() - lastChange > STALL.toNanos()) {
        throw new IllegalStateException("nothing moves any more: " + stats);
      }
    }
  }

  private static boolean isEmpty(SpoolStats stats) {
    return stats.jobs(JobState.READY) + stats.jobs(JobState.CLAIMED) + stats.jobs(JobState.DELAYED)
        == 0;
  }

  private static void remove(Path directory) throws IOException {
    List<Path> all;
    try (Stream<Path> tree = Files.walk(directory)) {
      all = tree.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.delete(path);
    }
  }
}
