package org.spooldir.fs;

import com.google.common.primitives.Ints;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * C1: which entry of {@code new/} to try next. A listing is streamed into a window of the best
 * names, so that memory does not grow with the backlog and a listing is paid once per window.
 * Arrivals are hints that go straight into the window; the listing is the truth.
 */
final class Candidates {

  /** So many names are remembered as won. */
  private static final int WON = 4096;

  /**
   * A listing for news, while there is still work in the window, may take this part of the time.
   */
  private static final int NEWS_COST = 20;

  /** So few names are not shared out among the processes. */
  private static final int FEW = 256;

  private static final int MAX_SHUNNED = 10_000;
  private static final Duration SHUN = Duration.ofSeconds(60);

  private final FileOps ops;
  private final SpoolLayout layout;
  private final RandomGenerator random;
  private final LongSupplier nanoTime;
  private final Supplier<@Nullable String> self;
  private final int size;
  private final Pace news;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrival = lock.newCondition();

  private Window window = Window.empty();
  private boolean outOfDate;
  private long wakes;

  /** Until when. */
  private final Map<EntryName, Long> shunned = new Shunned();

  /**
   * Hashes of the last names won, so that late news of one is not taken for a lost race. No map: it
   * took four percent of a claim; that two names have the same hash does no harm.
   */
  private final int[] won = new int[WON];

  private int eldest; // whose place in there the next one takes

  private static final class Shunned extends LinkedHashMap<EntryName, Long> {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<EntryName, Long> eldest) {
      return size() > MAX_SHUNNED;
    }
  }

  /**
   * Sets it up.
   *
   * @param self the id of this worker; null while it has none
   */
  Candidates(Site site, Supplier<@Nullable String> self) {
    this.ops = site.ops();
    this.layout = site.layout();
    this.random = site.random();
    this.nanoTime = site.nanoTime();
    this.self = self;
    this.size = site.ground().window();
    this.news = new Pace(nanoTime, site.options().poll(), NEWS_COST);
  }

  /** The next entry to try; empty if a listing found none. */
  Optional<EntryName> next() throws IOException {
    lock.lock();
    try {
      Window.Candidate next = outOfDate || news.isDue() ? null : window.poll();
      if (next == null) {
        scan();
        next = window.poll();
      }
      return next == null
          ? Optional.empty()
          : Optional.of(EntryName.parse(next.text(), layout.separator()));
    } finally {
      lock.unlock();
    }
  }

  /**
   * This entry is gone. Another worker was faster: go on somewhere else in the window, so that many
   * do not fight for the same head. But if this process took it itself, and the event of its
   * arrival came late, the order stays as it is.
   */
  void lostRace(EntryName name) {
    lock.lock();
    try {
      int own = Ints.indexOf(won, hash(name));
      if (own >= 0) {
        won[own] = 0;
        return;
      }
      outOfDate |= window.lost(random);
    } finally {
      lock.unlock();
    }
  }

  /**
   * What a name of ours says of itself is enough as a rule, and faster than to go through a hundred
   * chars; but some who write such names have no clock of microseconds.
   */
  private static int hash(EntryName name) {
    return name.micros() == 0
        ? name.hashCode()
        : 31 * Long.hashCode(name.rank()) + (name.hasHistory() ? name.attempts() : -1);
  }

  /** The race was won. */
  void wonRace(EntryName name) {
    lock.lock();
    try {
      window.won();
      won[eldest] = hash(name);
      eldest = (eldest + 1) % WON;
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
    window = Window.empty(); // two would take twice the memory
    RankedNames best = new RankedNames(size);
    try (DirectoryStream<Path> listing = ops.list(layout.ready())) {
      for (Path file : listing) {
        consider(layout.nameOf(file), best);
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    best.sort();
    window = new Window(best, size, share(best.size()));
    outOfDate = false;
    news.done(start);
  }

  // Not in the loop: a method that is called so often is soon compiled, while a loop that has ended
  // is as a rule compiled anew in the next listing, and that takes as long as the listing.
  private void consider(EntryName name, RankedNames best) {
    if (best.hasRoomFor(name.rank()) && isClaimable(name)) {
      best.take(new Window.Candidate(name));
    }
  }

  /** Which names this process tries first; where there are few, none before the others. */
  private Window.Share share(int names) {
    String me = self.get();
    if (names < FEW || me == null) {
      return Window.Share.ALL;
    }
    int workers = 0;
    int before = 0;
    try (DirectoryStream<Path> listing = ops.list(layout.workers())) {
      for (Path worker : listing) {
        workers++;
        before += FileNames.textOf(worker).compareTo(me) < 0 ? 1 : 0;
      }
    } catch (IOException | DirectoryIteratorException e) {
      return Window.Share.ALL; // it only costs more lost races
    }
    return before < workers ? new Window.Share(workers, before) : Window.Share.ALL;
  }

  /**
   * Dot files are nobody's business. What another program named, or another user dropped, is looked
   * at first: it may be a link, a socket, a directory.
   */
  private boolean isClaimable(EntryName name) {
    if (name.isHidden() || (!shunned.isEmpty() && shunned.containsKey(name))) {
      return false;
    }
    if (layout.vouchesFor(name)) {
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
      if (isClaimable(name) && window.offer(new Window.Candidate(name))) {
        arrival.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Something may have changed: whoever waits looks again. Who has work goes on with it until news
   * are due: a listing for each hint could take all the time.
   */
  void wakeAll() {
    lock.lock();
    try {
      wakes++;
      arrival.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Much may have changed: the next one is taken out of a new listing. */
  void lookAnew() {
    lock.lock();
    try {
      outOfDate = true;
    } finally {
      lock.unlock();
    }
    wakeAll();
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
