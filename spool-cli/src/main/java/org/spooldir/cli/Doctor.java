package org.spooldir.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.spooldir.fs.FileSystemExam;
import org.spooldir.fs.Trait;
import org.spooldir.fs.Trait.Fitness;

/** {@code spool doctor}: tries out whether a file system is fit for a spool. */
final class Doctor implements Verb {

  private static final long FEW_INODES = 10_000;
  private static final Duration STAT_LIMIT = Duration.ofSeconds(10);

  @Override
  public Syntax syntax() {
    return Syntax.of(
            "doctor", "Tries out whether the file system under a directory is fit for a spool.")
        .detail(
            "Works in a scratch directory of its own, .spool-doctor-* in tmp/ of a spool or in DIR,"
                + " and changes nothing else. It removes that directory; if a signal kills it before"
                + " that, remove it by hand."
                + " Says for each result what it means for a spool, and ends with a verdict: fit, fit"
                + " with limits, or not fit.")
        .detail("Exits with 0 if it is fit, limits included; with 78 if it is not.")
        .operand("DIR", "A spool, or any directory that can be written to.")
        .flag("--json", "Prints one JSON object a line, the verdict last.")
        .example("spool doctor /var/spool", "tells whether to make spools there");
  }

  @Override
  public int run(Arguments arguments, Terminal terminal) throws IOException {
    Path directory = arguments.directory();
    Told told = new Told(terminal, arguments.has("--json"));
    FileSystemExam.run(directory, told::tell);
    Trait inodes =
        inodes(
            List.of("stat", "-f", "-c", "%c %d", "--", directory.toAbsolutePath().toString()),
            STAT_LIMIT);
    if (inodes != null) {
      told.tell(inodes);
    }
    told.verdict();
    return told.worst == Fitness.UNFIT ? ExitCode.CONFIG : ExitCode.OK;
  }

  /**
   * Java does not know of inodes, coreutils do; null where they are not to be had in time.
   *
   * @param command prints how many there are, and how many are free
   */
  static @Nullable Trait inodes(List<String> command, Duration limit) {
    Process stat = null;
    try {
      stat = new ProcessBuilder(command).redirectErrorStream(true).start();
      stat.getOutputStream().close();
      // A line fits into the pipe, so it can be read when all is over: a read has no limit.
      if (!stat.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS) || stat.exitValue() != 0) {
        return null;
      }
      String line =
          new String(stat.getInputStream().readNBytes(256), StandardCharsets.US_ASCII).strip();
      int space = line.indexOf(' ');
      return space < 0
          ? null
          : inodes(
              Long.parseLong(line.substring(0, space)), Long.parseLong(line.substring(space + 1)));
    } catch (IOException | NumberFormatException e) {
      return null; // another stat, or none
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } finally {
      if (stat != null) {
        stat.destroyForcibly(); // a stat that hangs, on a network file system say, shall not stay
      }
    }
  }

  private static Trait inodes(long all, long free) {
    if (all == 0) {
      return new Trait("free inodes", "made as needed", "fine", Fitness.FIT);
    }
    boolean few = free < FEW_INODES;
    return new Trait(
        "free inodes",
        Long.toString(free),
        few ? "each job takes one: soon producers are refused" : "fine: each job takes one",
        few ? Fitness.LIMITED : Fitness.FIT);
  }

  /** Prints traits as they come; the worst one decides. */
  private static final class Told {
    private final Terminal terminal;
    private final boolean json;
    private Fitness worst = Fitness.FIT;

    Told(Terminal terminal, boolean json) {
      this.terminal = terminal;
      this.json = json;
    }

    void tell(Trait trait) {
      if (trait.fitness().compareTo(worst) > 0) {
        worst = trait.fitness();
      }
      Output.line(
          terminal,
          json
              ? new JsonLine()
                  .add("trait", trait.name())
                  .add("value", trait.value())
                  .add("meaning", trait.meaning())
                  .add("fitness", word(trait.fitness()))
                  .toString()
              : mark(trait.fitness())
                  + Printable.of(trait.name())
                  + ": "
                  + Printable.of(trait.value())
                  + "\n        "
                  + Printable.of(trait.meaning()));
    }

    private static String mark(Fitness fitness) {
      return switch (fitness) {
        case FIT -> "ok      ";
        case LIMITED -> "limit   ";
        case UNFIT -> "NOT FIT ";
      };
    }

    private static String word(Fitness fitness) {
      return fitness.name().toLowerCase(Locale.ROOT);
    }

    void verdict() throws IOException {
      if (json) {
        terminal.line(new JsonLine().add("verdict", word(worst)).toString());
        return;
      }
      terminal.line(
          switch (worst) {
            case FIT -> "verdict: fit for a spool";
            case LIMITED -> "verdict: fit with limits, see above";
            case UNFIT -> "verdict: not fit for a spool, see above";
          });
    }
  }
}
