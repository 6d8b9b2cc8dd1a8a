package org.spooldir.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How many jobs there are of which age, in rows. Memory does not grow with the jobs, nor with the
 * hosts that hostile names can tell of: of more than {@link #MOST_ROWS} rows the small ones are
 * added together, so that what is counted late can still become a large one.
 */
final class AgeHistogram {

  /** What is younger than this, and not younger than the one before. */
  static final List<String> AGES = List.of("1m", "5m", "15m", "1h", "6h", "1d", "1w", "older");

  private static final long[] SECONDS = {60, 300, 900, 3600, 21_600, 86_400, 604_800};

  static final int MOST_ROWS = 1000;
  private static final int KEPT_ROWS = MOST_ROWS / 2;

  /** A row: a count for each of the {@link #AGES}, and one of jobs whose age is not known. */
  static final class Row {
    private final String label;
    private final long[] counts = new long[AGES.size() + 1];

    Row(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }

    /** How many are of this age; behind the last one, of none that is known. */
    long count(int age) {
      return counts[age];
    }

    void count(int age, long more) {
      counts[age] += more;
    }

    long total() {
      long total = 0;
      for (long count : counts) {
        total += count;
      }
      return total;
    }

    private void add(Row other) {
      for (int i = 0; i < counts.length; i++) {
        counts[i] += other.counts[i];
      }
    }
  }

  private static final Comparator<Row> LARGEST_FIRST =
      Comparator.comparingLong((Row row) -> -row.total()).thenComparing(Row::label);

  private final Instant now;
  private final Row others = new Row("(others)");
  private final Row total = new Row("total");
  private Map<String, Row> rows = new LinkedHashMap<>();

  /**
   * Nothing yet.
   *
   * @param labels the rows whose order is known
   */
  AgeHistogram(Instant now, List<String> labels) {
    this.now = now;
    for (String label : labels) {
      rows.put(label, new Row(label));
    }
  }

  void add(String label, Optional<Instant> enqueuedAt) {
    int age = enqueuedAt.isEmpty() ? AGES.size() : ageOf(enqueuedAt.get());
    Row row = rows.get(label);
    if (row == null) {
      if (rows.size() == MOST_ROWS) {
        keep(KEPT_ROWS);
      }
      row = new Row(label);
      rows.put(label, row);
    }
    row.count(age, 1);
    total.count(age, 1);
  }

  /** What comes from the future is young. */
  private int ageOf(Instant enqueuedAt) {
    long seconds = Duration.between(enqueuedAt, now).toSeconds();
    int age = 0;
    while (age < SECONDS.length && seconds >= SECONDS[age]) {
      age++;
    }
    return age;
  }

  /** The largest rows stay, the rest becomes one. */
  private void keep(int most) {
    List<Row> sorted = new ArrayList<>(rows.values());
    sorted.sort(LARGEST_FIRST);
    Map<String, Row> kept = new LinkedHashMap<>();
    for (Row row : sorted) {
      if (kept.size() < most) {
        kept.put(row.label(), row);
      } else {
        others.add(row);
      }
    }
    rows = kept;
  }

  /** The rows that have jobs, the largest first; what is left of them in one row at the end. */
  List<Row> largest(int most) {
    keep(most);
    List<Row> all = rows();
    if (others.total() > 0) {
      all.add(others);
    }
    return all;
  }

  /** The rows that have jobs, in the order that was given. */
  List<Row> rows() {
    List<Row> all = new ArrayList<>();
    for (Row row : rows.values()) {
      if (row.total() > 0) {
        all.add(row);
      }
    }
    return all;
  }

  /** All rows together. */
  Row total() {
    return total;
  }
}
