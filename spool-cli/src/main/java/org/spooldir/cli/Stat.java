package org.spooldir.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.spooldir.SpoolException;

/** {@code spool stat}: how much there is in spools, for people and for what watches over them. */
final class Stat implements Verb {

  private static final String CHECK = "--check";

  @Override
  public Syntax syntax() {
    Syntax syntax =
        Syntax.of("stat", "Tells how much there is in spools, and how old the oldest ready job is.")
            .detail(
                "Changes nothing and needs no more than read permission; a plain Maildir will do."
                    + " Names alone are counted, no file is opened: bytes are those that producers"
                    + " declared. A spool that cannot be read does not hide the others.")
            .detail(
                CHECK
                    + " is a plugin for Nagios and its kin: one line with performance data, and 0"
                    + " ok, 1 warning, 2 critical or 3 unknown, for instance a spool that cannot be"
                    + " read, as the exit code. Of several spools the worst counts: critical, then"
                    + " warning, then unknown. Only the thresholds that are given are looked at; a"
                    + " value must be above its threshold.")
            .operands("DIR", 1, "The spools.")
            .flag("--json", "Print one JSON object a line for each spool.")
            .flag("--prometheus", "Print metrics for node_exporter's textfile collector.")
            .flag(CHECK, "Be a Nagios plugin.");
    for (Threshold threshold : Threshold.values()) {
      syntax
          .option(threshold.warn(), threshold.label(), "Warning if " + threshold.isAbove())
          .option(threshold.crit(), threshold.label(), "Critical if " + threshold.isAbove());
    }
    return syntax
        .example("spool stat /var/spool/*", "shows all spools there")
        .example(
            "spool stat --check --warn-age 5m --crit-age 1h --warn-failed 0 /var/spool/thumbnails",
            "warns of jobs that wait for more than five minutes, and of any dead letter")
        .example(
            "spool stat --prometheus /var/spool/thumbnails >spool.tmp; mv spool.tmp spool.prom",
            "gives node_exporter a whole file or none; run it in its textfile directory");
  }

  @Override
  public int run(Arguments arguments, Terminal terminal) throws IOException {
    boolean json = arguments.has("--json");
    boolean prometheus = arguments.has("--prometheus");
    boolean check = arguments.has(CHECK);
    if ((json && prometheus) || (json && check) || (prometheus && check)) {
      throw new UsageException("--json, --prometheus, --check: one of them, no more");
    }
    Set<Path> directories = new LinkedHashSet<>(); // a metric that stands there twice is an error
    for (String operand : arguments.operands(0)) {
      directories.add(Arguments.path("DIR", operand));
    }
    if (check) {
      return new StatCheck(arguments).run(directories, terminal);
    }
    for (Threshold threshold : Threshold.values()) {
      if (arguments.has(threshold.warn()) || arguments.has(threshold.crit())) {
        throw new UsageException(
            threshold.warn() + ", " + threshold.crit() + ": only together with " + CHECK);
      }
    }
    StatMetrics metrics = prometheus ? new StatMetrics() : null;
    StatTable table = json || prometheus ? null : new StatTable(terminal);
    SpoolException failure = read(directories, terminal, metrics, table);
    if (metrics != null) {
      terminal.line(metrics.text());
    }
    if (failure != null) {
      throw failure;
    }
    return ExitCode.OK;
  }

  /** A monitor reads standard output, and knows no code above 3. */
  @Override
  public OptionalInt fail(List<String> words, String problem, Terminal terminal) {
    if (!words.contains(CHECK)) {
      return OptionalInt.empty();
    }
    try {
      terminal.line(StatCheck.unknown(problem));
      terminal.flush();
    } catch (IOException e) {
      // nobody is there to be told, but for the exit code
    }
    return OptionalInt.of(Verdict.UNKNOWN.exitCode());
  }

  /** Tells of each spool; of those that cannot be read, the first one is returned. */
  private static @Nullable SpoolException read(
      Set<Path> directories,
      Terminal terminal,
      @Nullable StatMetrics metrics,
      @Nullable StatTable table)
      throws IOException {
    SpoolException first = null;
    for (Path directory : directories) {
      Reading reading;
      try {
        reading = Reading.of(directory);
      } catch (SpoolException e) {
        if (first == null) {
          first = e;
        } else {
          terminal.note("spool stat: " + Printable.of(String.valueOf(e.getMessage())));
        }
        if (metrics != null) {
          metrics.addUnreadable(directory);
        }
        continue;
      }
      if (metrics != null) {
        metrics.add(reading);
      } else if (table != null) {
        table.print(reading);
      } else {
        terminal.line(reading.json().toString());
      }
    }
    return first;
  }
}
