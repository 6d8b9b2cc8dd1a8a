package org.spooldir.fs;

import com.google.common.collect.Comparators;
import com.google.common.collect.Streams;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * C1: which entry of {@code new/} to try next. A listing is streamed into a window of the best few
 * thousand names, so that memory does not grow with the backlog and a listing is paid once per
 * window. Arrivals are hints that go straight into the window; the listing is the truth.
 */
final class Candidates {

  /** Names in the window. */
  static final int WINDOW = 4096;

  /** So many lost races in a row mean that the window is out of date. */
  private static final int LOST_ENOUGH = 16;

  /**
   * A listing for news, while there is still work in the window, may take this part of the time.
   */
  private static final int NEWS_COST = 10;

  private static final int MAX_SHUNNED = 10_000;
  private static final Duration SHUN = Duration.ofSeconds(60);

  private final FileOps ops;
  private final SpoolLayout layout;
  private final RandomGenerator random;
  private final LongSupplier nanoTime;
  private final Pace news;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrival = lock.newCondition();

  /** Worst first, so that the best is taken from the end. */
  private List<EntryName> window = new ArrayList<>();

  /** How far from the end the next one is taken; 0 until another worker was faster. */
  private int offset;

  private boolean complete;
  private int lostInARow;
  private long wakes;
  private final Map<EntryName, Long> shunned =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<EntryName, Long> eldest) {
          return size() > MAX_SHUNNED;
        }
      };

  Candidates(Site site) {
    this.ops = site.ops();
    this.layout = site.layout();
    this.random = site.random();
    this.nanoTime = site.nanoTime();
    this.news = new Pace(nanoTime, site.options().poll(), NEWS_COST);
  }

  /** The next entry to try; empty if a listing found none. */
  Optional<EntryName> next() throws IOException {
    lock.lock();
    try {
      if (lostInARow >= LOST_ENOUGH) {
        lostInARow = 0;
        window.clear();
      }
      if (window.isEmpty() || news.isDue()) {
        scan();
      }
      if (window.isEmpty()) {
        return Optional.empty();
      }
      int at = window.size() - 1 - Math.min(offset, window.size() - 1);
      return Optional.of(window.remove(at));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Another worker was faster: go on somewhere else in the window, so that many do not fight for
   * the same head.
   */
  void lostRace() {
    lock.lock();
    try {
      lostInARow++;
      offset = window.isEmpty() ? 0 : random.nextInt(window.size());
    } finally {
      lock.unlock();
    }
  }

  /** The race was won. */
  void wonRace() {
    lock.lock();
    try {
      lostInARow = 0;
    } finally {
      lock.unlock();
    }
  }

  /**
   * This entry can neither be claimed nor set aside, by its permissions for instance: leave it
   * alone for a while.
   */
  void shun(EntryName name) {
    lock.lock();
    try {
      shunned.put(name, nanoTime.getAsLong() + SHUN.toNanos());
    } finally {
      lock.unlock();
    }
  }

  private void scan() throws IOException {
    long start = nanoTime.getAsLong();
    shunned.values().removeIf(until -> start - until >= 0);
    try (DirectoryStream<Path> listing = ops.list(layout.ready())) {
      window =
          new ArrayList<>(
              Streams.stream(listing)
                  .map(layout::nameOf)
                  .filter(this::isClaimable)
                  .collect(Comparators.least(WINDOW, EntryName.ORDER)));
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    complete = window.size() < WINDOW;
    Collections.reverse(window);
    offset = 0;
    news.done(start);
  }

  /**
   * Dot files are nobody's business. What another program named is looked at first: it may be a
   * link, a socket, a directory.
   */
  private boolean isClaimable(EntryName name) {
    if (name.isHidden() || shunned.containsKey(name)) {
      return false;
    }
    if (!name.isForeign()) {
      return true; // C3 looks at it after the claim, and a lstat for each of a million names is not
      // paid
    }
    try {
      return ops.stat(FileNames.in(layout.ready(), name.text())).regular();
    } catch (NoSuchFileException e) {
      return false; // RACE: claimed by another since it was listed
    } catch (IOException e) {
      return false; // cannot even be looked at
    }
  }

  /** Something arrived in {@code new/}. */
  void offer(EntryName name) {
    lock.lock();
    try {
      if (isClaimable(name)) {
        int at = Collections.binarySearch(window, name, EntryName.ORDER.reversed());
        // Behind the end of a window that does not hold all there is, others may come first.
        boolean fits = at < -1 || (at == -1 && complete);
        if (fits) {
          window.add(-at - 1, name);
          if (window.size() > WINDOW) {
            window.remove(0);
            complete = false;
          }
          arrival.signal();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Something may have changed: whoever waits looks again. */
  void wakeAll() {
    lock.lock();
    try {
      wakes++;
      news.hasten();
      arrival.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until something arrives, but no longer than this. */
  void await(Duration atMost) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long seen = wakes;
      long left = atMost.toNanos();
      while (window.isEmpty() && wakes == seen && left > 0) {
        left = arrival.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
