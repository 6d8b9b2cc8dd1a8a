package org.spooldir.fs;

import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The best names of one listing, in the order in which this process tries them, and what arrived
 * since. Not thread-safe.
 *
 * <p>Where several processes work, each has a share of the names, by their hash: in each block of
 * some thousand it tries its own first and the others' after them. So they seldom fight for one
 * name, whoever is slow or gone leaves nothing behind, and the order is off by a block at most; but
 * what a loser steps over waits until he has gone through the rest, or lists anew.
 */
final class Window {

  /** Names within which the order gives way to the shares. */
  private static final int BLOCK = 4096;

  /** So many lost races in a row mean that the rest of a block is gone. */
  private static final int LOST_BLOCK = 2;

  /** So many that the listing is out of date. */
  private static final int LOST_ENOUGH = 16;

  /** A full window has room for a part of its size more: for one in so many. */
  static final int SPARE = 4;

  /** One in which there is nothing yet. */
  static Window empty() {
    return new Window(List.of(), 1, Share.ALL);
  }

  /**
   * Which names a process tries first.
   *
   * @param workers how many share
   * @param self which of them it is, from 0
   */
  record Share(int workers, int self) {

    static final Share ALL = new Share(1, 0);

    private boolean has(Candidate candidate) {
      return Math.floorMod(candidate.text.hashCode(), workers) == self;
    }
  }

  /**
   * A name that may be tried: as small as can be, for there are many.
   *
   * @param rank what comes first has the least
   */
  record Candidate(long rank, String text) implements Comparable<Candidate> {

    Candidate(EntryName name) {
      this(name.rank(), name.text());
    }

    @Override
    public int compareTo(Candidate other) {
      int order = Long.compare(rank, other.rank);
      return order == 0 ? text.compareTo(other.text) : order;
    }
  }

  private List<Candidate> listed; // best first
  private int[] turns; // places in there, in the order of trying
  private final BitSet tried = new BitSet(); // by turn
  private final TreeSet<Candidate> arrived = new TreeSet<>();
  private final int most;

  /** What comes after this one is not known well enough; null if all is known. */
  private @Nullable Candidate limit;

  private int at;
  private int lostInARow;

  /**
   * Makes a window.
   *
   * @param best the best names, best first; kept, not copied
   * @param most so many names that there may be others if there are as many
   */
  Window(List<Candidate> best, int most, Share share) {
    this.listed = best;
    this.turns = share.workers() > 1 ? inTurns(best, share) : inOrder(best);
    this.most = most;
    this.limit = best.size() < most ? null : best.get(best.size() - 1);
  }

  private static int[] inOrder(List<Candidate> listed) {
    return IntStream.range(0, listed.size()).toArray();
  }

  private static int[] inTurns(List<Candidate> listed, Share share) {
    int[] turns = new int[listed.size()];
    int[] others = new int[BLOCK];
    int next = 0;
    for (int from = 0; from < turns.length; from += BLOCK) {
      int to = Math.min(from + BLOCK, turns.length);
      int left = 0;
      for (int i = from; i < to; i++) {
        if (share.has(listed.get(i))) {
          turns[next++] = i;
        } else {
          others[left++] = i;
        }
      }
      System.arraycopy(others, 0, turns, next, left);
      next = to;
    }
    return turns;
  }

  /** Whether there is nothing to try of which is known that it comes next. */
  boolean isEmpty() {
    return next() == null;
  }

  /** Takes out what comes next; null if that is not known. */
  @Nullable Candidate poll() {
    Candidate best = next();
    if (best != null && !arrived.remove(best)) {
      tried.set(at);
    }
    return best;
  }

  private @Nullable Candidate next() {
    at = tried.nextClearBit(at);
    if (at >= turns.length) {
      at = tried.nextClearBit(0);
    }
    Candidate best = at < turns.length ? listed.get(turns[at]) : null;
    if (!arrived.isEmpty() && (best == null || arrived.first().compareTo(best) < 0)) {
      best = arrived.first();
    }
    return best == null || isBeyond(best) ? null : best;
  }

  private boolean isBeyond(Candidate candidate) {
    return limit != null && candidate.compareTo(limit) > 0;
  }

  /** Says whether the window takes what has arrived: no, if it is known, or comes too late. */
  boolean offer(Candidate candidate) {
    if (isBeyond(candidate)
        || Collections.binarySearch(listed, candidate) >= 0
        || !arrived.add(candidate)) {
      return false;
    }
    if (arrived.size() > most - listed.size() + listed.size() / SPARE) {
      arrived.pollLast();
      limit = arrived.last();
    }
    return true;
  }

  /** The last one was taken by this process. */
  void won() {
    lostInARow = 0;
  }

  /**
   * The last one was gone: another process was faster. Goes on somewhere else in the same block,
   * or, if that does not help, in the next one.
   *
   * @return whether so many were gone that the listing is out of date
   */
  boolean lost(RandomGenerator random) {
    lostInARow++;
    if (tried.cardinality() == turns.length) { // the rest arrived: all who heard are after it
      listed = List.copyOf(arrived);
      turns = inOrder(listed);
      tried.clear();
      arrived.clear();
      at = 0;
    }
    int block = at - at % BLOCK;
    int size = Math.max(1, Math.min(BLOCK, turns.length - block));
    at = lostInARow % LOST_BLOCK == 0 ? block + BLOCK : block + random.nextInt(size);
    return lostInARow >= LOST_ENOUGH;
  }
}
