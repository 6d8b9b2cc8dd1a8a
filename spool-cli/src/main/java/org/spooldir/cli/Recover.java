package org.spooldir.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.spooldir.RecoveryReport;
import org.spooldir.Spool;
import org.spooldir.fs.DirectorySpool;

/** {@code spool recover}: does once, now, what workers do by themselves. */
final class Recover implements Verb {

  @Override
  public Syntax syntax() {
    return Syntax.of("recover", "Brings back the jobs of dead workers, and keeps house, now.")
        .detail(
            "Workers do the same by themselves, so this is for a spool without any: what a dead"
                + " worker had is ready again, delayed jobs whose time has come are ready, files"
                + " that nothing needs any more are cleared away. Safe at any time.")
        .operand("DIR", "The spool.")
        .example("spool recover /var/spool/thumbnails", "does it, and says what was done");
  }

  @Override
  public int run(Arguments arguments, Terminal terminal) throws IOException {
    RecoveryReport report;
    try (Spool spool = DirectorySpool.open(arguments.directory())) {
      report = spool.maintenance().recover();
    }
    for (String line : tell(report)) {
      terminal.line(line);
    }
    return ExitCode.OK;
  }

  /** What was done, in words. */
  static List<String> tell(RecoveryReport report) {
    List<String> lines = new ArrayList<>();
    for (String worker : report.deadWorkers()) {
      lines.add("declared dead: worker " + Printable.of(worker));
    }
    tell(lines, report.recovered(), "job", "of dead workers made ready again");
    tell(lines, report.returned(), "job", "that no worker had claimed brought back from cur/");
    tell(lines, report.promoted(), "job", "whose time has come made ready");
    tell(lines, report.swept(), "file", "that nothing needs any more cleared away");
    return lines.isEmpty() ? List.of("nothing to recover") : lines;
  }

  private static void tell(List<String> lines, long number, String what, String done) {
    if (number > 0) {
      lines.add(number + " " + what + (number == 1 ? " " : "s ") + done);
    }
  }
}
