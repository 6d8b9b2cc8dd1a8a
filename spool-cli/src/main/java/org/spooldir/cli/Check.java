package org.spooldir.cli;

import java.io.IOException;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.spooldir.fs.Finding;
import org.spooldir.fs.SpoolCheck;

/** {@code spool check}: tells what is not as it should be, and puts it right. */
final class Check implements Verb {

  @Override
  public Syntax syntax() {
    return Syntax.of(
            "check", "Looks through a spool for what is not as it should be, as fsck does.")
        .detail(
            "Changes nothing unless told to with --repair. Producers and workers may be running."
                + " Prints a line for each finding; its first word is error (jobs cannot run, or are"
                + " lost), warning (somebody should put it right), note (good to know) or mended.")
        .detail(
            "Exits with 0 if there is no error or warning, notes are allowed; with 65 if there are"
                + " errors or warnings that were not mended; with 78 if this is no spool.")
        .operand("DIR", "The spool.")
        .flag(
            "--repair",
            "Puts right what is safe to put right and tells what it left: recovers, makes missing"
                + " directories and the reserve, moves damaged jobs to failed/, takes permissions"
                + " from others.")
        .flag("--quick", "Does not read payloads: compares sizes, but no checksums.")
        .flag("-q --quiet", "Leaves out notes, so that a healthy spool prints nothing; for cron.")
        .flag("--json", "Prints one JSON object a line.")
        .example("spool check /var/spool/thumbnails", "tells what is wrong")
        .example("spool check --repair /var/spool/thumbnails", "puts it right")
        .example(
            "spool check --quick --quiet /var/spool/thumbnails",
            "is a line for cron, which sends mail when something is printed");
  }

  @Override
  public int run(Arguments arguments, Terminal terminal) throws IOException {
    SpoolCheck check = SpoolCheck.of(arguments.directory());
    if (arguments.has("--quick")) {
      check = check.withoutPayloads();
    }
    Told told = new Told(terminal, arguments.has("--json"), arguments.has("--quiet"));
    if (arguments.has("--repair")) {
      check.repair(told::tell);
    } else {
      check.check(told::tell);
    }
    told.sumUp();
    return told.isAnythingLeft() ? ExitCode.DATA : ExitCode.OK;
  }

  /** Prints findings as they come, and counts them. */
  private static final class Told {
    private final Terminal terminal;
    private final boolean json;
    private final boolean quiet;
    private final Set<Finding.Kind> explained = EnumSet.noneOf(Finding.Kind.class);
    private final Map<Finding.Severity, Long> left = new EnumMap<>(Finding.Severity.class);
    private long mended;

    Told(Terminal terminal, boolean json, boolean quiet) {
      this.terminal = terminal;
      this.json = json;
      this.quiet = quiet;
    }

    void tell(Finding finding) {
      Finding.Severity severity = finding.kind().severity();
      if (finding.mended()) {
        mended++;
      } else {
        left.merge(severity, 1L, Long::sum);
      }
      if (quiet && severity == Finding.Severity.NOTE && !finding.mended()) {
        return;
      }
      if (json) {
        Output.line(terminal, json(finding).toString());
      } else {
        print(finding);
      }
    }

    private static JsonLine json(Finding finding) {
      return new JsonLine()
          .add("severity", word(finding.kind().severity()))
          .add("kind", finding.kind().code())
          .add("where", finding.where())
          .add("what", finding.what())
          .add("meaning", finding.kind().meaning())
          .add("remedy", finding.kind().remedy())
          .add("mended", finding.mended());
    }

    private void print(Finding finding) {
      Finding.Kind kind = finding.kind();
      String first = finding.mended() ? "mended" : word(kind.severity());
      // Where and what are printable by contract; escaped once more they could not be read.
      Output.line(terminal, first + ": " + finding.where() + ": " + finding.what());
      if (explained.add(kind)) {
        Output.line(terminal, "  " + kind.meaning() + ".");
        if (!finding.mended()) {
          Output.line(terminal, "  What to do: " + kind.remedy() + ".");
        }
      }
    }

    private static String word(Finding.Severity severity) {
      return severity.name().toLowerCase(Locale.ROOT);
    }

    void sumUp() throws IOException {
      if (json || (quiet && mended == 0 && !isAnythingLeft())) {
        return;
      }
      terminal.line(
          count(Finding.Severity.ERROR, "error")
              + ", "
              + count(Finding.Severity.WARNING, "warning")
              + ", "
              + count(Finding.Severity.NOTE, "note")
              + (mended > 0 ? "; " + mended + " mended" : ""));
    }

    private String count(Finding.Severity severity, String noun) {
      long count = left.getOrDefault(severity, 0L);
      return count + " " + noun + (count == 1 ? "" : "s");
    }

    boolean isAnythingLeft() {
      return left.containsKey(Finding.Severity.ERROR) || left.containsKey(Finding.Severity.WARNING);
    }
  }
}
