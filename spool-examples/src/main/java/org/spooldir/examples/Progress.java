package org.spooldir.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import org.spooldir.JobState;
import org.spooldir.SpoolStats;
import org.spooldir.examples.Report.Verb;

/**
 * How far it is: one line that is written again and again on a terminal, else one line a second.
 */
final class Progress {

  private static final String BACK_AND_CLEAR = "\r\u001b[K";

  private final PrintStream out;
  private final boolean terminal;
  private final Tally tally;
  private final long total;
  private final long start = System.nanoTime();
  private long shownAt = start;
  private long shown;

  Progress(PrintStream out, Tally tally, long total) {
    this.out = out;
    this.terminal = isTerminal();
    this.tally = tally;
    this.total = total;
  }

  private static boolean isTerminal() {
    try {
      return new ProcessBuilder("sh", "-c", "test -t 1").inheritIO().start().waitFor() == 0;
    } catch (IOException | InterruptedException e) {
      return false;
    }
  }

  /** The part that is completed, 0 to 1. */
  double part() {
    return (double) tally.of(Verb.COMPLETED) / Math.max(total, 1);
  }

  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** Shows it, if a second has passed. */
  void show(SpoolStats stats) {
    long now = System.nanoTime();
    Duration since = Duration.ofNanos(now - shownAt);
    if (since.toSeconds() < 1) {
      return;
    }
    long completed = tally.of(Verb.COMPLETED);
    String line =
        String.format(
            Locale.ROOT,
            "%3.0f %%  ready %d  claimed %d  delayed %d  failed %d  completed %d of %d  %.0f/s",
            100 * part(),
            stats.jobs(JobState.READY),
            stats.jobs(JobState.CLAIMED),
            stats.jobs(JobState.DELAYED),
            stats.jobs(JobState.FAILED),
            completed,
            total,
            1e9 * (completed - shown) / since.toNanos());
    shownAt = now;
    shown = completed;
    if (terminal) {
      out.print(BACK_AND_CLEAR + line);
      out.flush();
    } else {
      out.println(line);
    }
  }

  /** Says something that stays. */
  void say(String format, Object... arguments) {
    out.println((terminal ? BACK_AND_CLEAR : "") + String.format(Locale.ROOT, format, arguments));
  }
}
