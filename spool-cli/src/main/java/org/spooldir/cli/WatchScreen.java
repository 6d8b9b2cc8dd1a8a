package org.spooldir.cli;

import java.io.IOException;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import org.spooldir.JobState;
import org.spooldir.SpoolStats;

/** A spool in numbers that change in place on the terminal; 38 columns are enough. */
final class WatchScreen {

  private static final String TO_END_OF_LINE = "\u001b[K";

  private final Terminal terminal;
  private int lines;

  WatchScreen(Terminal terminal) {
    this.terminal = terminal;
  }

  void show(Reading reading, Changes changes) throws IOException {
    String up = lines == 0 ? "" : "\u001b[" + lines + "A";
    lines = 0;
    LocalTime time =
        LocalTime.ofInstant(reading.time(), ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS);
    String seconds = time.getSecond() == 0 ? time + ":00" : time.toString();
    line(up, seconds + "  " + Printable.of(reading.directory().toString()));
    line("", row("STATE", "JOBS", "BYTES", "CHANGE"));
    SpoolStats stats = reading.stats();
    for (JobState state : JobState.values()) {
      SpoolStats.Count count = stats.counts().getOrDefault(state, SpoolStats.Count.NONE);
      number(StateText.of(state), count.jobs(), SizeText.of(count.bytes()), changes);
    }
    number("workers", stats.workers(), "", changes);
    number("foreign", stats.foreign(), "", changes);
    String oldest =
        reading.jobs(JobState.READY) == 0 || reading.oldestReadyAge().isEmpty()
            ? "-"
            : DurationText.of(reading.oldestReadyAge().get());
    line("", row("oldest ready", oldest, "", ""));
  }

  private void number(String name, long number, String bytes, Changes changes) throws IOException {
    long change = changes.of(name);
    line("", row(name, Long.toString(number), bytes, change == 0 ? "" : Changes.signed(change)));
  }

  private static String row(String name, String number, String bytes, String change) {
    StringBuilder row = new StringBuilder(name);
    right(row, number, 21);
    right(row, bytes, 28);
    right(row, change, 38);
    return row.toString().stripTrailing();
  }

  /** Adds text that ends in this column. */
  private static void right(StringBuilder row, String text, int end) {
    row.append(" ".repeat(Math.max(1, end - row.length() - text.length()))).append(text);
  }

  /** A line that is wrapped would be two the next time. */
  private void line(String up, String text) throws IOException {
    String more = terminal.hasUnicode() ? "\u2026" : "...";
    terminal.line(up + TextWidth.cut(text, terminal.columns() - 1, more) + TO_END_OF_LINE);
    lines++;
  }
}
