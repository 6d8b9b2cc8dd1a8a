package org.spooldir;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A strict reader of the text format of Prometheus, version 0.0.4, as far as gauges, counters and
 * summaries without quantiles go: {@code HELP} and {@code TYPE} once for each metric and before its
 * samples, all samples of a metric together, none twice, counters and only they named {@code
 * _total}, the three escapes of labels and no other, a line feed at the end.
 */
public final class Exposition {

  private static final Set<String> TYPES = Set.of("gauge", "counter", "summary");

  private final String text;
  private int at;

  private Exposition(String text) {
    this.text = text;
  }

  /** The samples: {@code name{label=value,...}} with the escapes undone, and their values. */
  public static Map<String, Double> parse(String text) {
    return new Exposition(text).samples();
  }

  private Map<String, Double> samples() {
    Map<String, Double> samples = new LinkedHashMap<>();
    Set<String> seen = new HashSet<>();
    require(text.endsWith("\n"), "a line feed at the end");
    while (at < text.length()) {
      expect("# HELP ");
      String metric = name();
      require(seen.add(metric), "each metric once, not again " + metric);
      expect(" ");
      String help = until('\n');
      require(!help.isBlank() && !help.contains("\\"), "a plain help text");
      expect("# TYPE " + metric + " ");
      String type = until('\n');
      require(TYPES.contains(type), "one of " + TYPES + ", not " + type);
      require(metric.endsWith("_total") == type.equals("counter"), "a name for a " + type);
      require(text.startsWith(metric, at), "a sample of " + metric);
      while (isSampleOf(metric, type)) {
        String series = series();
        expect(" ");
        require(samples.put(series, Double.valueOf(until('\n'))) == null, "one " + series);
      }
    }
    return samples;
  }

  private boolean isSampleOf(String metric, String type) {
    return type.equals("summary")
        ? text.startsWith(metric + "_count{", at) || text.startsWith(metric + "_sum{", at)
        : text.startsWith(metric + "{", at);
  }

  private String series() {
    StringBuilder series = new StringBuilder(name());
    expect("{");
    series.append('{');
    while (true) {
      series.append(name()).append('=');
      expect("=\"");
      series.append(label());
      if (text.charAt(at) == '}') {
        at++;
        return series.append('}').toString();
      }
      expect(",");
      series.append(',');
    }
  }

  private String label() {
    StringBuilder label = new StringBuilder();
    for (char c = text.charAt(at++); c != '"'; c = text.charAt(at++)) {
      require(c >= ' ' && c != 0x7f, "no control character in a label");
      if (c == '\\') {
        c = text.charAt(at++);
        require(c == '\\' || c == '"' || c == 'n', "an escape that the format has, not \\" + c);
        c = c == 'n' ? '\n' : c;
      }
      label.append(c);
    }
    return label.toString();
  }

  private String name() {
    int from = at;
    while (Character.isLetter(text.charAt(at)) || text.charAt(at) == '_') {
      at++;
    }
    require(at > from, "a name");
    return text.substring(from, at);
  }

  private String until(char end) {
    int from = at;
    at = text.indexOf(end, from) + 1;
    return text.substring(from, at - 1);
  }

  private void expect(String expected) {
    require(text.startsWith(expected, at), "'" + expected + "'");
    at += expected.length();
  }

  private void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError("expected " + what + " at " + at + " of\n" + text);
    }
  }
}
