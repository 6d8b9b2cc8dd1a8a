package org.spooldir.benchmarks;

import java.util.List;
import java.util.Locale;

/** What was measured, once a round. */
record Figure(List<Double> values) {

  Figure {
    values = List.copyOf(values);
  }

  double median() {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  double least() {
    return values.stream().min(Double::compare).orElseThrow();
  }

  double most() {
    return values.stream().max(Double::compare).orElseThrow();
  }

  /** The median, and what it lies between. */
  String spread() {
    return values.size() == 1
        ? text(median())
        : text(median()) + " (" + text(least()) + " to " + text(most()) + ")";
  }

  /** A number with as many digits as mean something. */
  static String text(double value) {
    if (value >= 100) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    return String.format(Locale.ROOT, value >= 10 ? "%.1f" : value >= 0.1 ? "%.2f" : "%.3f", value);
  }
}
