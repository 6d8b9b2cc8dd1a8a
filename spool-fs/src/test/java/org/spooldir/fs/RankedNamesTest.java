package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spooldir.fs.Window.Candidate;

/** What a listing found comes in the one order of all names, however far their ranks are apart. */
class RankedNamesTest {

  private static final long FARTHEST = Long.MAX_VALUE;

  private static void assertSorts(int count, LongUnaryOperator rank) {
    List<Candidate> plain = new ArrayList<>();
    RankedNames names = new RankedNames(count);
    RankedNames best = new RankedNames(count / 10);
    for (int i = 0; i < count; i++) {
      Candidate candidate = new Candidate(rank.applyAsLong(i), "name " + (i * 7919L) % count);
      plain.add(candidate);
      names.add(candidate);
      if (best.hasRoomFor(candidate.rank())) {
        best.add(candidate);
      }
      assertTrue(best.size() <= count / 8, "it takes room for " + best.size());
    }
    assertEquals(plain, names, "as they came");
    plain.sort(null);
    names.sort();
    assertEquals(plain, names);
    best.sort();
    assertEquals(plain.subList(0, count / 10), best);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 100, 1_000_000, 1L << 45, 1L << 46, 1L << 47, 1L << 60, FARTHEST})
  void theyAreSorted(long spread) {
    SplittableRandom random = new SplittableRandom(spread);
    assertSorts(10_000, i -> random.nextLong(spread));
  }

  @Test
  void oneFarAwayDoesNotBlurTheOthers() {
    assertSorts(10_000, i -> i == 5000 ? FARTHEST : 10_000 - i);
  }

  @Test
  void manyOfOneRankAreSortedByTheirText() {
    assertSorts(100_000, i -> i % 2);
  }

  @Test
  void whatIsNoTextStaysAsItIs() {
    RankedNames names = new RankedNames(10);
    StringBuilder all = new StringBuilder();
    for (char c = 1; c < 256; c++) {
      all.append(c == '/' ? '.' : c);
    }
    names.add(new Candidate(1, all.toString()));
    assertEquals(all.toString(), names.get(0).text());
  }

  @Test
  void noneAndOneAreSortedToo() {
    RankedNames names = new RankedNames(10);
    names.sort();
    assertTrue(names.isEmpty());
    names.add(new Candidate(1, "one"));
    names.sort();
    assertEquals(List.of(new Candidate(1, "one")), names);
  }
}
