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

  /** Takes one that there is room for; they have no order until they are sorted. */
  void take(Candidate candidate) {
    if (size == ranks.length) {
      ranks = Arrays.copyOf(ranks, 2 * size);
      texts = Arrays.copyOf(texts, 2 * size);
    }
    ranks[size] = candidate.rank();
    texts[size] = candidate.text().getBytes(ISO_8859_1); // one byte for each char
    size++;
    if (size > most + most / Window.SPARE) {
      keepBest();
      last = ranks[size - 1];
    }
  }

  /** Sorts them, best first, and drops what is too many. */
  void sort() {
    keepBest();
    for (int i = 0; i < size; i++) {
      // Side by side in the order of use: a directory lists them in no order, and each claim had to
      // wait for memory.
      texts[i] = texts[i].clone();
    }
  }

  private void keepBest() {
    sort(0, size);
    size = Math.min(size, most);
    Arrays.fill(texts, size, texts.length, null);
  }

  // By numbers that hold a rank and the place where it is now. Texts are not made again for it: a
  // long name would be in memory twice.
  private void sort(int from, int to) {
    LongSummaryStatistics range = Arrays.stream(ranks, from, to).summaryStatistics();
    if (range.getMax() <= range.getMin()) {
      Arrays.sort(texts, from, to, Arrays::compareUnsigned); // as strings of the same chars
      return;
    }
    int placeBits = bits(to - from);
    // Of ranks that are far apart the last bits find no room beside a place: those come after.
    int dropped = Math.max(0, bits(range.getMax() - range.getMin()) + placeBits - (Long.SIZE - 1));
    long[] keys = new long[to - from];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = (((ranks[from + i] - range.getMin()) >>> dropped) << placeBits) | i;
    }
    Arrays.sort(keys);
    arrange(from, keys, (1 << placeBits) - 1);
    for (int first = 0, i = 1; i <= keys.length; i++) {
      if (i == keys.length || keys[i] >>> placeBits != keys[first] >>> placeBits) {
        if (i - first > 1) {
          sort(from + first, from + i);
        }
        first = i;
      }
    }
  }

  private static int bits(long number) {
    return Long.SIZE - Long.numberOfLeadingZeros(number);
  }

  /** Puts them into the order of these keys, whose last bits are the places where they are now. */
  private void arrange(int from, long[] keys, int placeMask) {
    long[] ranksBefore = Arrays.copyOfRange(ranks, from, from + keys.length);
    byte[][] textsBefore = Arrays.copyOfRange(texts, from, from + keys.length);
    for (int i = 0; i < keys.length; i++) {
      int place = (int) keys[i] & placeMask;
      ranks[from + i] = ranksBefore[place];
      texts[from + i] = textsBefore[place];
    }
  }
}
