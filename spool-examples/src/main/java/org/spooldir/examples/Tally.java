package org.spooldir.examples;

import java.io.PrintStream;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.spooldir.examples.Report.Verb;

/** Adds up what the children report. */
final class Tally {

  private final Map<Verb, Long> counts = new EnumMap<>(Verb.class);
  private final Map<String, Long> reasons = new TreeMap<>();

  /** Adds a report. */
  synchronized void add(Report report) {
    long more = report.verb() == Verb.RECOVERED ? Long.parseLong(report.word(0)) : 1;
    counts.merge(report.verb(), more, Long::sum);
    switch (report.verb()) {
      case SKIPPED -> reasons.merge("skipped: " + report.word(1), 1L, Long::sum);
      case REJECTED -> reasons.merge("dead letter: " + report.word(0), 1L, Long::sum);
      default -> {}
    }
  }

  /** How often it was reported. */
  synchronized long of(Verb verb) {
    return counts.getOrDefault(verb, 0L);
  }

  /** Prints the reasons that were reported, each with its number. */
  synchronized void printReasons(PrintStream out) {
    reasons.forEach((reason, count) -> out.println(count + " " + reason));
  }
}
