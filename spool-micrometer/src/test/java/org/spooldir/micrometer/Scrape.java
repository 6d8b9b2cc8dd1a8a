package org.spooldir.micrometer;

import static java.util.stream.Collectors.toCollection;

import io.micrometer.core.instrument.MockClock;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.spooldir.Exposition;

/** A registry of Prometheus with a clock that stands, and what its scrapes say. */
final class Scrape {

  final MockClock clock = new MockClock();
  final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(), clock);

  /** The samples without their tag {@code spool}, which must be this one. */
  Map<String, Double> samples(String spool) {
    Map<String, Double> samples = new TreeMap<>();
    Exposition.parse(registry.scrape())
        .forEach(
            (series, value) -> {
              String tag = "spool=" + spool;
              if (!series.contains(tag)) {
                throw new AssertionError(series + " is of another spool than " + spool);
              }
              String rest = series.replace("," + tag, "").replace(tag + ",", "").replace(tag, "");
              samples.put(rest.replace("{}", ""), value);
            });
    return samples;
  }

  /** The names of the metrics. */
  Set<String> names() {
    return Exposition.parse(registry.scrape()).keySet().stream()
        .map(series -> series.substring(0, series.indexOf('{')))
        .collect(toCollection(TreeSet::new));
  }

  /** The names of the metrics in the table of a section of the document. */
  static Set<String> documented(String section) throws IOException {
    String text = Files.readString(Path.of("../docs/monitoring.md"));
    String rest = text.substring(text.indexOf("\n## " + section + "\n") + 1);
    int end = rest.indexOf("\n## ");
    return Pattern.compile("(?m)^\\| `(\\w+)`")
        .matcher(end < 0 ? rest : rest.substring(0, end))
        .results()
        .map(match -> match.group(1))
        .collect(toCollection(TreeSet::new));
  }
}
