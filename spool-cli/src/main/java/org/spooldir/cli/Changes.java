package org.spooldir.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spooldir.JobState;

/** What became more or less from one look at a spool to the next. */
final class Changes {

  private final Map<String, Long> before;
  private final Map<String, Long> now;

  /**
   * The changes between two looks.
   *
   * @param before null if this is the first look
   */
  Changes(@Nullable Reading before, Reading now) {
    this.before = before == null ? Map.of() : numbers(before);
    this.now = numbers(now);
  }

  /** What is worth a line. Not what is being written: that comes and goes with every job. */
  private static Map<String, Long> numbers(Reading reading) {
    Map<String, Long> numbers = new LinkedHashMap<>();
    for (JobState state : JobState.values()) {
      numbers.put(StateText.of(state), reading.jobs(state));
    }
    numbers.put("workers", reading.stats().workers());
    numbers.put("foreign", reading.stats().foreign());
    return numbers;
  }

  boolean isEmpty() {
    return now.equals(before);
  }

  /** How much more there is of this; less than 0 if there is less; 0 at the first look. */
  long of(String name) {
    long number = now.getOrDefault(name, 0L);
    return number - before.getOrDefault(name, number);
  }

  /** What has changed: {@code ready 12 (+2), claimed 4 (-1)}; at the first look all there is. */
  String text() {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, Long> number : now.entrySet()) {
      long change = of(number.getKey());
      if (before.isEmpty() || change != 0) {
        text.append(text.length() == 0 ? "" : ", ");
        text.append(number.getKey()).append(' ').append(number.getValue());
        text.append(change == 0 ? "" : " (" + signed(change) + ")");
      }
    }
    return text.toString();
  }

  static String signed(long change) {
    return change > 0 ? "+" + change : Long.toString(change);
  }

  /** What has changed, and by how much. */
  JsonLine json() {
    JsonLine json = new JsonLine();
    for (String name : now.keySet()) {
      long change = of(name);
      if (change != 0) {
        json.add(name, change);
      }
    }
    return json;
  }
}
