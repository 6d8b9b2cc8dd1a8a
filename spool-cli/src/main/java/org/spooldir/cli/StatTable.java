package org.spooldir.cli;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.spooldir.JobState;
import org.spooldir.SpoolStats;

/** Spools in numbers, for people: each one a small table, narrow enough for any terminal. */
final class StatTable {

  private final Terminal terminal;
  private boolean begun;

  StatTable(Terminal terminal) {
    this.terminal = terminal;
  }

  void print(Reading reading) throws IOException {
    if (begun) {
      terminal.line("");
    }
    begun = true;
    terminal.line(Printable.of(reading.directory().toString()));
    counts(reading.stats());
    SpoolStats stats = reading.stats();
    Table facts = new Table(terminal).indent(2).left("", Table.ALWAYS).left("", Table.ALWAYS);
    facts.row("oldest ready", oldest(reading));
    facts.row("next due", due(stats.nextDue(), reading.time()));
    facts.row("workers", Long.toString(stats.workers()));
    facts.row("being written", Long.toString(stats.writing()));
    facts.row("foreign", Long.toString(stats.foreign()));
    if (reading.totalBytes() > 0) {
      facts.row(
          "free space",
          SizeText.of(reading.freeBytes()) + " of " + SizeText.of(reading.totalBytes()));
    }
    facts.end();
  }

  private void counts(SpoolStats stats) throws IOException {
    Table table =
        new Table(terminal)
            .indent(2)
            .left("STATE", Table.ALWAYS)
            .right("JOBS", Table.ALWAYS)
            .right("BYTES", Table.ALWAYS);
    for (JobState state : JobState.values()) {
      SpoolStats.Count count = stats.counts().getOrDefault(state, SpoolStats.Count.NONE);
      table.row(StateText.of(state), Long.toString(count.jobs()), SizeText.of(count.bytes()));
    }
    table.end();
  }

  private static String oldest(Reading reading) {
    if (reading.jobs(JobState.READY) == 0) {
      return "-";
    }
    Optional<Duration> age = reading.oldestReadyAge();
    return age.isPresent() ? DurationText.of(age.get()) : "unknown: the names do not tell";
  }

  private static String due(Optional<Instant> due, Instant now) {
    if (due.isEmpty()) {
      return "-";
    }
    Duration left = Duration.between(now, due.get());
    return left.isNegative()
        ? "since " + DurationText.of(left.negated())
        : "in " + DurationText.of(left);
  }
}
