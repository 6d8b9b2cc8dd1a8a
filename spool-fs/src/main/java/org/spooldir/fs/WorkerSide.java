package org.spooldir.fs;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.spooldir.RecoveryReport;
import org.spooldir.SpoolEvent;
import org.spooldir.SpoolException;

/**
 * What runs in the background from the first claim on: the beat in one thread, recovery in another so that a long look through the spool
 * never delays a sign of life, and the watcher in a third. All are daemons and end with the spool.
 */
final class WorkerSide {

  private final SpoolLayout layout;
  private final Presence presence;
  private final Recoverer recoverer;
  private final Reserve reserve;
  private final Candidates candidates;
  private final DelayedJobs delayed;
  private final FileSystemClock fileSystemClock;
  private final Events events;
  private final LongSupplier nanoTime;
  private final Duration poll;
  private final Pace beats;

  private final ScheduledExecutorService threads;
  private @Nullable ArrivalWatcher watcher;
  private boolean started;

  /** The last beat, by the clock of the file system and by the monotonic one; for recovery to take. */
  private volatile @Nullable Beat lastBeat;

  private volatile @Nullable Beat newBeat;

  private record Beat(Instant time, long nano) {}

  WorkerSide(
      SpoolLayout layout,
      Presence presence,
      Recoverer recoverer,
      Reserve reserve,
      Candidates candidates,
      DelayedJobs delayed,
      FileSystemClock fileSystemClock,
      Events events,
      LongSupplier nanoTime,
      Duration poll) {
    this.layout = layout;
    this.presence = presence;
    this.recoverer = recoverer;
    this.reserve = reserve;
    this.candidates = candidates;
    this.delayed = delayed;
    this.fileSystemClock = fileSystemClock;
    this.events = events;
    this.nanoTime = nanoTime;
    this.poll = poll;
    this.beats = new Pace(nanoTime, presence.lease().dividedBy(3), 0);
    this.threads =
        Executors.newScheduledThreadPool(
            2,
            task -> {
              Thread thread = new Thread(task, "spool " + layout.root().getFileName());
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Begins with the first claim; after that does nothing. */
  synchronized void start() {
    if (started) {
      return;
    }
    started = true;
    try {
      ArrivalWatcher listening = new ArrivalWatcher(layout, candidates, delayed);
      Thread thread = new Thread(listening, "spool arrivals " + layout.root().getFileName());
      thread.setDaemon(true);
      thread.start();
      watcher = listening;
    } catch (IOException | UnsupportedOperationException e) {
      events.trouble("no arrival events for " + FileNames.escape(layout.root()) + "; polling instead", e);
    }
    repeat(this::beat);
    repeat(this::recover);
  }

  private interface Task {
    void run() throws IOException;
  }

  private void repeat(Task task) {
    Runnable survived =
        () -> {
          try {
            task.run();
          } catch (IOException | RuntimeException | Error e) {
            if (!threads.isShutdown()) {
              events.trouble("in the background of " + FileNames.escape(layout.root()), e);
            }
          }
        };
    threads.scheduleWithFixedDelay(survived, 0, poll.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** C4 and the beat, every third of the lease; after a failure again with the next poll. */
  private void beat() throws IOException {
    if (presence.id() == null || !beats.isDue()) {
      return;
    }
    long start = nanoTime.getAsLong();
    Instant time = presence.beat();
    if (time != null) {
      newBeat = new Beat(time, nanoTime.getAsLong());
      lastBeat = newBeat;
      beats.done(start);
    }
  }

  private void recover() throws IOException {
    for (DirectoryClaim claim : presence.claims()) {
      if (claim.isAbandoned()) {
        claim.close();
      }
    }
    Beat beat = newBeat;
    newBeat = null;
    RecoveryReport report =
        recoverer.recoverWhatIsDue(beat == null ? null : beat.time(), approximateTime());
    if (!report.isEmpty()) {
      candidates.wakeAll();
      events.tell(new SpoolEvent.Recovered(report));
    }
    reserve.restore();
  }

  /** The clock of the file system without asking it each time. */
  private Instant approximateTime() throws IOException {
    Beat beat = lastBeat;
    return beat == null
        ? fileSystemClock.now()
        : beat.time().plusNanos(nanoTime.getAsLong() - beat.nano());
  }

  /** Recovers once, now, with all it takes. */
  RecoveryReport recoverNow() throws IOException {
    Instant beat = presence.beat();
    RecoveryReport report = recoverer.recover(beat == null ? fileSystemClock.now() : beat);
    reserve.restore();
    candidates.wakeAll();
    return report;
  }

  /** Stops everything, gives the claims back and leaves. */
  synchronized void close() throws IOException {
    threads.shutdownNow();
    IOException failure = null;
    for (DirectoryClaim claim : presence.claims()) {
      try {
        claim.close();
      } catch (SpoolException e) {
        failure = e;
      }
    }
    try {
      if (watcher != null) {
        watcher.close();
      }
      presence.leave();
    } catch (IOException e) {
      failure = Optional.<IOException>ofNullable(failure).orElse(e);
    }
    candidates.wakeAll();
    if (failure != null) {
      throw failure;
    }
  }
}
