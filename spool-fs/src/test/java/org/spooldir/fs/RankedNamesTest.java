package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spooldir.fs.Window.Candidate;

/** What a listing found comes in the one order of all names, however far their ranks are apart. */
class RankedNamesTest {

  private static final long FARTHEST = Long.MAX_VALUE;

  @TempDir private Path directory;

  private static void assertSorts(int count, LongUnaryOperator rank) {
    List<Candidate> plain = new ArrayList<>();
    RankedNames names = new RankedNames(count);
    RankedNames best = new RankedNames(count / 10);
    for (int i = 0; i < count; i++) {
      Candidate candidate = new Candidate(rank.applyAsLong(i), "name " + (i * 7919L) % count);
      plain.add(candidate);
      names.take(candidate);
      if (best.hasRoomFor(candidate.rank())) {
        best.take(candidate);
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
  @ValueSource(longs = {1, 2, 100, 1_000_000, 1L << 48, 1L << 49, 1L << 50, 1L << 60, FARTHEST})
  void theyAreSorted(long spread) {
    SplittableRandom random = new SplittableRandom(spread);
    assertSorts(10_000, i -> random.nextLong(spread));
  }

  @Test
  void oneFarAwayDoesNotBlurTheOthers() {
    assertSorts(10_000, i -> i == 5000 ? FARTHEST : 10_000 - i);
    assertSorts(10_000, i -> i % 100 == 0 ? FARTHEST - i : (i % 10) << 50 | i / 2);
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
    names.take(new Candidate(1, all.toString()));
    assertEquals(all.toString(), names.get(0).text());
  }

  /** As foreign names are that do not say when they were made, or all the same second. */
  @Test
  void asManyAsAWindowTakesFitIntoASmallHeapHoweverLongAndAlikeTheyAre() throws Exception {
    String said =
        ChildJvm.run(List.of("env", "JAVA_TOOL_OPTIONS=-Xmx64m"), Map.of(), Fills.class, directory);
    assertTrue(said.contains("sorted"), said);
  }

  static final class Fills {
    private Fills() {}

    public static void main(String[] arguments) {
      int most = Ground.of(Path.of(arguments[0])).window();
      RankedNames names = new RankedNames(most);
      for (int i = 2 * most; i > 0; i--) {
        names.take(new Candidate(1, "%08d".formatted(i) + "x".repeat(EntryName.MAX_NAME - 8)));
      }
      names.sort();
      for (int i = 0; i < most; i++) {
        assertTrue(names.get(i).text().startsWith("%08d".formatted(i + 1)), "place " + i);
      }
      System.out.println(most + " sorted");
    }
  }

  @Test
  void noneAndOneAreSortedToo() {
    RankedNames names = new RankedNames(10);
    names.sort();
    assertTrue(names.isEmpty());
    names.take(new Candidate(1, "one"));
    names.sort();
    assertEquals(List.of(new Candidate(1, "one")), names);
  }
}
