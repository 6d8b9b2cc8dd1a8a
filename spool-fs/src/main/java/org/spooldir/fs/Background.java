package org.spooldir.fs;

import com.google.common.collect.Comparators;
import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.spooldir.RecoveryReport;
import org.spooldir.SpoolEvent;
import org.spooldir.SpoolException;

/**
 * What runs in the background from the first claim on: the beat in one thread, recovery in another
 * so that a long look through the spool never delays a sign of life, and the watcher in a third.
 * All are daemons and end with the spool.
 */
final class Background {

  /** A reserve that cannot be made is not tried for again before this. */
  private static final Duration RESERVE_PAUSE = Duration.ofSeconds(60);

  /**
   * Nothing in the background is waited for longer than this; it would only be late, never wrong.
   */
  private static final Duration LAST_STEP = Duration.ofSeconds(5);

  private final SpoolLayout layout;
  private final List<FileOps.BusyDirectory> directories;
  private final Presence presence;
  private final Recoverer recoverer;
  private final Reserve reserve;
  private final Candidates candidates;
  private final DelayedJobs delayed;
  private final FileSystemClock fileSystemClock;
  private final Events events;
  private final LongSupplier nanoTime;
  private final Duration poll;
  private final Duration third;
  private final Duration soon;
  private final Pace afterFailure;

  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Map<String, Thread> threads = new HashMap<>();
  private @Nullable ArrivalWatcher watcher;
  private volatile boolean started;

  /** The beat by which others were last found silent. */
  private Presence.@Nullable Beat usedBeat; // the recovery thread only

  Background(
      Site site,
      Presence presence,
      Recoverer recoverer,
      Candidates candidates,
      DelayedJobs delayed,
      FileSystemClock fileSystemClock) {
    this.layout = site.layout();
    this.directories = List.of(site.ready(), site.claimed());
    this.presence = presence;
    this.recoverer = recoverer;
    this.reserve = site.reserve();
    this.candidates = candidates;
    this.delayed = delayed;
    this.fileSystemClock = fileSystemClock;
    this.events = site.events();
    this.nanoTime = site.nanoTime();
    this.third = presence.lease().dividedBy(3);
    this.poll = site.options().poll();
    this.soon = Comparators.min(poll, third);
    this.afterFailure = new Pace(nanoTime, RESERVE_PAUSE, 0);
  }

  /**
   * Begins with the first claim; after that does nothing. If there is no thread left for it, there
   * is no claim either, and the next one begins here again: who claims without a beat is believed
   * dead.
   */
  void start() {
    if (!started) {
      begin();
    }
  }

  private synchronized void begin() {
    if (started || isStopped()) {
      return;
    }
    try {
      presence.join();
    } catch (IOException e) {
      events.trouble("cannot give a first sign of life in " + FileNames.escape(layout.root()), e);
    }
    inBackground("beat", () -> repeat(this::beat, soon));
    inBackground("recovery", this::recoverUntilStopped);
    listen();
    started = true;
  }

  private void listen() {
    try {
      if (watcher == null) {
        watcher = new ArrivalWatcher(layout, candidates, delayed);
      }
      inBackground("arrivals", watcher);
    } catch (IOException | UnsupportedOperationException e) {
      events.trouble(
          "no arrival events for " + FileNames.escape(layout.root()) + "; polling instead", e);
    }
  }

  private void inBackground(String what, Runnable task) {
    if (!threads.containsKey(what)) {
      Thread thread = new Thread(task, "spool " + what + " " + layout.root().getFileName());
      thread.setDaemon(true);
      thread.start();
      threads.put(what, thread);
    }
  }

  private interface Task {
    /** Does it, and says when it is to be done again. */
    Duration run() throws IOException;
  }

  private void repeat(Task task, Duration afterFailure) {
    Duration pause;
    do {
      pause = afterFailure;
      try {
        pause = task.run();
      } catch (IOException | RuntimeException | Error e) {
        if (!isStopped()) {
          events.trouble("in the background of " + FileNames.escape(layout.root()), e);
        }
      }
    } while (!Uninterruptibles.awaitUninterruptibly(stopped, pause));
  }

  private boolean isStopped() {
    return stopped.getCount() == 0;
  }

  /**
   * C4 and the beat, every third of the lease; after a failure, or declared dead, again with the
   * next poll.
   */
  private Duration beat() throws IOException {
    long start = nanoTime.getAsLong();
    presence.join();
    if (presence.beat() == null) {
      return soon;
    }
    Duration left = third.minusNanos(nanoTime.getAsLong() - start);
    return Comparators.max(left, soon);
  }

  private void recoverUntilStopped() {
    try {
      repeat(this::recover, poll);
    } finally {
      directories.forEach(FileOps.BusyDirectory::close); // here: it may wait for a disk that hangs
    }
  }

  private Duration recover() throws IOException {
    directories.forEach(FileOps.BusyDirectory::review);
    try {
      recoverJobs();
    } finally {
      restoreReserve();
    }
    return poll;
  }

  private void restoreReserve() throws IOException {
    long start = nanoTime.getAsLong();
    if (afterFailure.isDue()) {
      try {
        reserve.restore();
      } catch (IOException e) {
        afterFailure.done(start);
        throw e;
      }
    }
  }

  private void recoverJobs() throws IOException {
    for (DirectoryClaim claim : presence.claims()) {
      if (claim.isAbandoned()) {
        giveBack(claim);
      }
    }
    Presence.Beat beat = presence.lastBeat();
    RecoveryReport report =
        recoverer.recoverWhatIsDue(
            Objects.equals(beat, usedBeat) ? null : beat, this::approximateTime);
    usedBeat = beat;
    if (!report.isEmpty()) {
      candidates.wakeAll();
      events.tell(new SpoolEvent.Recovered(report));
    }
  }

  private void giveBack(DirectoryClaim claim) {
    try {
      claim.close();
    } catch (SpoolException e) {
      events.trouble("cannot give back job " + claim.id() + " yet", e);
    }
  }

  /** The clock of the file system without asking it each time. */
  private Instant approximateTime() throws IOException {
    Presence.Beat beat = presence.lastBeat();
    return beat == null
        ? fileSystemClock.now()
        : beat.time().plusNanos(nanoTime.getAsLong() - beat.nano());
  }

  /** Recovers once, now, with all it takes. */
  RecoveryReport recoverNow() throws IOException {
    RecoveryReport report = recoverer.recover(presence.now());
    reserve.restore();
    candidates.lookAnew();
    return report;
  }

  /** Stops everything, gives the claims back and leaves. */
  synchronized void close() throws IOException {
    stopped.countDown();
    presence.close();
    IOException failure = null;
    for (DirectoryClaim claim : presence.claims()) {
      try {
        claim.close();
      } catch (SpoolException e) {
        failure = firstOf(failure, e);
      }
    }
    try {
      if (watcher != null) {
        watcher.close();
      }
    } catch (IOException e) {
      failure = firstOf(failure, e);
    }
    try {
      presence.leave();
    } catch (IOException e) {
      failure = firstOf(failure, e);
    }
    candidates.wakeAll();
    for (Thread thread : threads.values()) {
      if (thread != Thread.currentThread()) { // a listener may close the spool
        Uninterruptibles.joinUninterruptibly(thread, LAST_STEP);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private static IOException firstOf(@Nullable IOException failure, IOException another) {
    if (failure == null) {
      return another;
    }
    failure.addSuppressed(another);
    return failure;
  }
}
