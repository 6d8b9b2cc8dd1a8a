package org.spooldir.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.spooldir.JobState;
import org.spooldir.SpoolStats;

/**
 * Spools in numbers, in the text format that Prometheus reads: all samples of a metric together,
 * below its {@code HELP} and {@code TYPE}.
 */
final class StatMetrics {

  /** A gauge, and its samples so far. */
  private static final class Gauge {
    private final StringBuilder text = new StringBuilder();
    private final String name;
    private final int head;

    Gauge(String name, String help) {
      this.name = name;
      text.append("# HELP ").append(name).append(' ').append(help).append('\n');
      text.append("# TYPE ").append(name).append(" gauge\n");
      head = text.length();
    }

    void add(String spool, long value) {
      sample(spool).append("} ").append(value).append('\n');
    }

    void add(String spool, JobState state, long value) {
      sample(spool).append(",state=\"").append(StateText.of(state));
      text.append("\"} ").append(value).append('\n');
    }

    void addMillis(String spool, long millis) {
      sample(spool).append("} ").append(millis / 1000).append('.');
      String fraction = Long.toString(1000 + millis % 1000);
      text.append(fraction, 1, 4).append('\n');
    }

    private StringBuilder sample(String spool) {
      return text.append(name).append("{spool=\"").append(spool).append('"');
    }

    boolean isEmpty() {
      return text.length() == head;
    }
  }

  private final List<Gauge> gauges = new ArrayList<>();
  private final Gauge up = gauge("spool_up", "Whether the spool could be read.");
  private final Gauge jobs = gauge("spool_jobs", "Jobs in each state.");
  private final Gauge bytes =
      gauge("spool_bytes", "Stored bytes of the jobs in each state, as producers declared them.");
  private final Gauge oldest =
      gauge(
          "spool_oldest_ready_age_seconds",
          "How long the oldest ready job has waited, 0 if none is ready.");
  private final Gauge due =
      gauge("spool_next_due_timestamp_seconds", "When the next delayed job is due.");
  private final Gauge workers =
      gauge("spool_workers", "Worker processes with a presence, living or not yet declared dead.");
  private final Gauge writing =
      gauge("spool_writing", "Entries being written, or left by producers that died.");
  private final Gauge foreign =
      gauge("spool_foreign", "Things among the ready jobs that are no files, and never claimed.");

  private Gauge gauge(String name, String help) {
    Gauge gauge = new Gauge(name, help);
    gauges.add(gauge);
    return gauge;
  }

  void addUnreadable(Path directory) {
    up.add(label(Reading.nameOf(directory)), 0);
  }

  void add(Reading reading) {
    String spool = label(Reading.nameOf(reading.directory()));
    SpoolStats stats = reading.stats();
    up.add(spool, 1);
    for (JobState state : JobState.values()) {
      SpoolStats.Count count = stats.counts().getOrDefault(state, SpoolStats.Count.NONE);
      jobs.add(spool, state, count.jobs());
      bytes.add(spool, state, count.bytes());
    }
    Optional<Duration> age = reading.oldestReadyAge();
    if (age.isPresent()) {
      oldest.addMillis(spool, age.get().toMillis());
    }
    Optional<Instant> next = stats.nextDue();
    if (next.isPresent()) {
      due.addMillis(spool, next.get().toEpochMilli());
    }
    workers.add(spool, stats.workers());
    writing.add(spool, stats.writing());
    foreign.add(spool, stats.foreign());
  }

  /** All of it, without the last line feed. */
  String text() {
    StringBuilder all = new StringBuilder();
    for (Gauge gauge : gauges) {
      if (!gauge.isEmpty()) {
        all.append(gauge.text);
      }
    }
    all.setLength(all.length() - 1);
    return all.toString();
  }

  /**
   * The value of a label. The format has three escapes, for a backslash, a quote and a line feed;
   * what else is not printable stands there as {@link Printable} writes it.
   */
  static String label(String value) {
    StringBuilder label = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); ) {
      int c = value.codePointAt(i);
      i += Character.charCount(c);
      switch (c) {
        case '\\' -> label.append("\\\\");
        case '"' -> label.append("\\\"");
        case '\n' -> label.append("\\n");
        default -> label.append(Printable.of(Character.toString(c)).replace("\\", "\\\\"));
      }
    }
    return label.toString();
  }
}
