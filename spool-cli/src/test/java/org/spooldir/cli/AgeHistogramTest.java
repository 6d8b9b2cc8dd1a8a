package org.spooldir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AgeHistogramTest {

  private static final Instant NOW = Instant.ofEpochSecond(1_795_247_682);

  private static Optional<Instant> old(Duration age) {
    return Optional.of(NOW.minus(age));
  }

  @Test
  void eachAgeStandsInOneColumn() {
    AgeHistogram histogram = new AgeHistogram(NOW, List.of());
    Duration[] limits = {
      Duration.ofMinutes(1),
      Duration.ofMinutes(5),
      Duration.ofMinutes(15),
      Duration.ofHours(1),
      Duration.ofHours(6),
      Duration.ofDays(1),
      Duration.ofDays(7)
    };
    for (Duration limit : limits) {
      histogram.add("row", old(limit.minusMillis(1)));
      histogram.add("row", old(limit));
    }
    histogram.add("row", old(Duration.ofDays(-365_000_000)));
    histogram.add("row", Optional.of(Instant.EPOCH));
    histogram.add("row", Optional.of(Instant.MAX));
    histogram.add("row", Optional.empty());
    int[] expected = {3, 2, 2, 2, 2, 2, 2, 2, 1};
    for (int age = 0; age < expected.length; age++) {
      assertEquals(expected[age], histogram.total().count(age), "column " + age);
      assertEquals(expected[age], histogram.rows().get(0).count(age), "column " + age);
    }
    assertEquals(18, histogram.total().total());
  }

  @Test
  void rowsStandInTheOrderGivenAndEmptyOnesAreLeftOut() {
    AgeHistogram histogram = new AgeHistogram(NOW, List.of("c", "a", "b"));
    histogram.add("b", old(Duration.ZERO));
    histogram.add("c", old(Duration.ZERO));
    assertEquals(
        List.of("c", "b"), histogram.rows().stream().map(AgeHistogram.Row::label).toList());
  }

  @Test
  void manyRowsAreAddedTogetherAndLargeOnesAreKeptEvenIfTheyComeLate() {
    AgeHistogram histogram = new AgeHistogram(NOW, List.of());
    int hosts = 20 * AgeHistogram.MOST_ROWS;
    for (int i = 0; i < hosts; i++) {
      histogram.add("small" + i, old(Duration.ZERO));
      assertTrue(histogram.rows().size() <= AgeHistogram.MOST_ROWS);
      if (i > hosts / 2) {
        histogram.add("late", old(Duration.ofHours(2)));
      }
    }
    List<AgeHistogram.Row> rows = histogram.largest(2);
    assertEquals(3, rows.size());
    assertEquals("late", rows.get(0).label());
    assertEquals(hosts / 2 - 1, rows.get(0).total());
    assertEquals("(others)", rows.get(2).label());
    assertEquals(hosts - 1, rows.get(2).total());
    assertEquals(hosts + hosts / 2 - 1, histogram.total().total());
  }

  @Test
  void aShapeIsDrawnToItsOwnScaleAndNothingIsDrawnForNothing() {
    AgeHistogram.Row row = new AgeHistogram.Row("row");
    assertEquals(" ".repeat(8), AgeTable.draw(row, true));
    row.count(0, 1_000_000);
    row.count(1, 1);
    row.count(3, 500_000);
    row.count(8, 5); // of unknown age
    assertEquals("\u2588\u2581 \u2584    ", AgeTable.draw(row, true));
    assertEquals("#. =    ", AgeTable.draw(row, false));
  }

  @Test
  void numbersAreRoundedToFourCharacters() {
    long[] numbers = {0, 999, 1000, 1049, 9949, 9951, 999_499, 999_501, 1_000_000, Long.MAX_VALUE};
    String[] expected = {"0", "999", "1.0k", "1.0k", "9.9k", "10k", "999k", "1.0M", "1.0M", "9.2E"};
    for (int i = 0; i < numbers.length; i++) {
      assertEquals(expected[i], AgeTable.number(numbers[i], true));
      assertEquals(Long.toString(numbers[i]), AgeTable.number(numbers[i], false));
    }
  }
}
