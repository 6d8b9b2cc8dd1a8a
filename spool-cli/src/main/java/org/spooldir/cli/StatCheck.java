package org.spooldir.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.spooldir.JobState;
import org.spooldir.SpoolException;

/**
 * {@code spool stat --check}: a plugin for Nagios, Icinga and their kin. One line: the verdict,
 * why, and behind a bar the performance data. <a
 * href="https://www.monitoring-plugins.org/doc/guidelines.html">Their guidelines</a> say how.
 */
final class StatCheck {

  private final Threshold.Limits ages;
  private final Threshold.Limits counts;
  private final Threshold.Limits failures;
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder data = new StringBuilder();

  StatCheck(Arguments arguments) {
    ages = Threshold.AGE.limits(arguments);
    counts = Threshold.COUNT.limits(arguments);
    failures = Threshold.FAILED.limits(arguments);
  }

  /** What to print if it comes to nothing. */
  static String unknown(String problem) {
    return line(Verdict.UNKNOWN, plain(problem));
  }

  private static String line(Verdict verdict, String text) {
    return "SPOOL " + verdict + " - " + text;
  }

  int run(Set<Path> directories, Terminal terminal) throws IOException {
    Verdict worst = Verdict.OK;
    for (Path directory : directories) {
      boolean several = directories.size() > 1;
      String name = plain(directory.toString());
      StringBuilder told = new StringBuilder();
      Verdict verdict;
      try {
        verdict = judge(Reading.of(directory), told, several ? name + " " : "");
      } catch (SpoolException e) {
        verdict = Verdict.UNKNOWN;
        told.append(plain(String.valueOf(e.getMessage())));
      }
      worst = worst.orWorse(verdict);
      text.append(text.length() == 0 ? "" : "; ")
          .append(several ? name + " " + verdict + ": " : "")
          .append(told);
    }
    terminal.line(line(worst, text.toString()) + (data.length() == 0 ? "" : " |" + data));
    return worst.exitCode();
  }

  private Verdict judge(Reading reading, StringBuilder told, String prefix) {
    long ready = reading.jobs(JobState.READY);
    long failed = reading.jobs(JobState.FAILED);
    Optional<Duration> age = reading.oldestReadyAge();
    long millis = age.isPresent() ? age.get().toSeconds() * 1000 : 0; // as it is told

    told.append(ready).append(" ready").append(above(counts.above(ready), false));
    if (ready > 0) {
      told.append(", oldest ").append(age.isPresent() ? text(millis) : "unknown");
      told.append(above(ages.above(millis), true));
    }
    told.append(", ").append(failed).append(" failed").append(above(failures.above(failed), false));

    add(prefix, "ready", ready, counts);
    label(prefix, "oldest").append(age.isPresent() ? seconds(millis) + "s" : "U");
    limits(seconds(ages.warn()), seconds(ages.crit()));
    add(prefix, "failed", failed, failures);
    add(prefix, "claimed", reading.jobs(JobState.CLAIMED));
    add(prefix, "delayed", reading.jobs(JobState.DELAYED));
    add(prefix, "held", reading.jobs(JobState.HELD));
    add(prefix, "workers", reading.stats().workers());

    Verdict byAge = age.isEmpty() && ages.areGiven() ? Verdict.UNKNOWN : ages.verdict(millis);
    return counts.verdict(ready).orWorse(failures.verdict(failed)).orWorse(byAge);
  }

  private static String above(Optional<Long> limit, boolean isAge) {
    if (limit.isEmpty()) {
      return "";
    }
    return " (more than " + (isAge ? text(limit.get()) : limit.get().toString()) + ")";
  }

  private static String text(long millis) {
    return DurationText.of(Duration.ofMillis(millis));
  }

  // ---- performance data: 'label'=value[unit];[warn];[crit];[min];[max] ----

  private void add(String prefix, String name, long value) {
    add(prefix, name, value, new Threshold.Limits(Long.MAX_VALUE, Long.MAX_VALUE));
  }

  private void add(String prefix, String name, long value, Threshold.Limits limits) {
    label(prefix, name).append(value);
    limits(number(limits.warn()), number(limits.crit()));
  }

  private StringBuilder label(String prefix, String name) {
    // An equals sign and a quote would be allowed within quotes, but there are programs that choke.
    String label = (prefix + name).replace('=', '_').replace('\'', '_');
    return data.append(' ').append(prefix.isEmpty() ? label : "'" + label + "'").append('=');
  }

  private void limits(String warn, String crit) {
    data.append(';').append(warn).append(';').append(crit).append(";0");
  }

  private static String number(long limit) {
    return limit == Long.MAX_VALUE ? "" : Long.toString(limit);
  }

  private static String seconds(long millis) {
    if (millis == Long.MAX_VALUE) {
      return "";
    }
    long fraction = millis % 1000;
    return millis / 1000 + (fraction == 0 ? "" : "." + Long.toString(1000 + fraction).substring(1));
  }

  /** Printable text without the bar, behind which the performance data begin. */
  private static String plain(String text) {
    return Printable.of(text).replace("|", "\\u007c");
  }
}
