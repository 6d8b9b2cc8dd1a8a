package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.LongSummaryStatistics;
import java.util.RandomAccess;
import org.spooldir.fs.Window.Candidate;

/**
 * The best candidates of one listing. A worker may hold a hundred thousand, and lists them anew
 * when they are used up, so they take as little as can be: one object each, and what is sorted are
 * numbers. An idle worker lists nothing again and again: then there is next to nothing here. Not
 * thread-safe.
 */
final class RankedNames extends AbstractList<Candidate> implements RandomAccess {

  private final int most;
  private int size;
  private long[] ranks = new long[16];
  private byte[][] texts = new byte[16][];
  private long last = Long.MAX_VALUE; // what ranks behind it finds no room

  /**
   * Makes an empty one.
   *
   * @param most so many are kept
   */
  RankedNames(int most) {
    this.most = most;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public Candidate get(int at) {
    return new Candidate(ranks[at], new String(texts[at], ISO_8859_1));
  }

  /** Whether one of this rank would be among the best. */
  boolean hasRoomFor(long rank) {
    return rank <= last;
  }

  /** Adds one that there is room for; they have no order until they are sorted. */
  @Override
  public boolean add(Candidate candidate) {
    if (size == ranks.length) {
      ranks = Arrays.copyOf(ranks, 2 * size);
      texts = Arrays.copyOf(texts, 2 * size);
    }
    put(size++, candidate);
    if (size > most + most / Window.SPARE) {
      sort();
      last = ranks[size - 1];
    }
    return true;
  }

  @Override
  public Candidate set(int at, Candidate candidate) {
    Candidate before = get(at);
    put(at, candidate);
    return before;
  }

  private void put(int at, Candidate candidate) {
    ranks[at] = candidate.rank();
    texts[at] = candidate.text().getBytes(ISO_8859_1); // one byte for each char
  }

  /** Sorts them, best first, and drops what is too many. */
  void sort() {
    LongSummaryStatistics range = Arrays.stream(ranks, 0, size).summaryStatistics();
    long least = range.getMin();
    long spread = size == 0 ? 0 : range.getMax() - least;
    int placeBits = bits(size);
    // Where ranks are far apart, their last bits find no room beside a place, and are compared
    // later.
    int dropped = Math.max(0, bits(spread) + placeBits - (Long.SIZE - 1));
    long[] keys = new long[size];
    for (int i = 0; i < size; i++) {
      keys[i] = (((ranks[i] - least) >>> dropped) << placeBits) | i;
    }
    Arrays.sort(keys);
    arrange(keys, (1 << placeBits) - 1);
    for (int from = 0, to = 1; to <= size; to++) {
      if (to == size || keys[to] >>> placeBits != keys[from] >>> placeBits) {
        if (to - from > 1) {
          subList(from, to).sort(null);
        }
        from = to;
      }
    }
    size = Math.min(size, most);
    Arrays.fill(texts, size, texts.length, null);
  }

  private static int bits(long number) {
    return Long.SIZE - Long.numberOfLeadingZeros(number);
  }

  /** Puts them into the order of these keys, whose last bits are the places where they are now. */
  private void arrange(long[] keys, long placeMask) {
    long[] ranksBefore = ranks.clone();
    byte[][] textsBefore = texts.clone();
    for (int i = 0; i < size; i++) {
      int place = (int) (keys[i] & placeMask);
      ranks[i] = ranksBefore[place];
      texts[i] = textsBefore[place];
    }
  }
}
