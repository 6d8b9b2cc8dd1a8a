package org.spooldir.worker;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.spooldir.SpoolEvent;
import org.spooldir.SpoolException;

/**
 * One handler at work on one claim: runs it, lets the watchdog interrupt it, and settles the claim
 * by how it ended.
 */
final class HandlerRun {

  /** How often a handler that does not end is interrupted again. */
  private static final Duration REMINDER = Duration.ofSeconds(1);

  private final WorkerSettings settings;
  private final Announcer announcer;
  private final WatchedClaim claim;
  private final InterruptGate handling = new InterruptGate();
  private final long started = System.nanoTime();

  /** Set by who may settle the claim: the thread of the handler, or else the end of the grace. */
  private final AtomicBoolean settlerFound = new AtomicBoolean();

  private volatile boolean overTime;
  private volatile boolean graceOver;
  private long nextInterrupt = started; // the watchdog's thread only

  HandlerRun(WorkerSettings settings, Announcer announcer, WatchedClaim claim) {
    this.settings = settings;
    this.announcer = announcer;
    this.claim = claim;
  }

  void run(Watchdog watchdog, Settling settling) {
    Throwable thrown = handle(watchdog);
    if (thrown != null && !(thrown instanceof RetryLaterException)) {
      announcer.handlerFailed(new SpoolEvent.HandlerFailed(claim.id(), claim.attempt(), thrown));
    }
    // RACE: at the end of the grace somebody else may have released the claim already.
    if (settlerFound.compareAndSet(false, true) && !claim.isLost()) {
      settling.settle(claim, () -> settle(thrown));
    }
  }

  private @Nullable Throwable handle(Watchdog watchdog) {
    try {
      handling.enter();
      watchdog.watch(this);
      settings.handler().handle(claim);
      return null;
    } catch (Throwable thrown) {
      return thrown;
    } finally {
      watchdog.unwatch(this);
      handling.leave();
    }
  }

  private void settle(@Nullable Throwable thrown) throws SpoolException {
    if (thrown == null) {
      claim.complete();
    } else if (thrown instanceof RejectException reject) {
      claim.reject(reject.reason());
    } else if (thrown instanceof RetryLaterException later) {
      claim.release(later.delay());
    } else if (graceOver) {
      // Not the job's fault, so not counted.
      claim.release();
    } else if (claim.attempt() >= settings.retry().attempts()) {
      claim.reject("attempt limit " + settings.retry().attempts() + " reached: " + reason(thrown));
    } else {
      claim.retry(
          settings.retry().delay(claim.attempt(), ThreadLocalRandom.current()), reason(thrown));
    }
  }

  private String reason(Throwable thrown) {
    String text;
    try {
      text = String.valueOf(thrown);
    } catch (Throwable broken) {
      text = thrown.getClass().getName(); // its message cannot be had
    }
    return overTime
        ? settings.timeLimit().map(limit -> "over the time limit of " + limit + ": ").orElse("")
            + text
        : text;
  }

  /**
   * Interrupts a handler that is over its time or has lost its claim. Called by the watchdog again
   * and again.
   */
  void check() {
    long now = System.nanoTime();
    Duration ran = Duration.ofNanos(now - started);
    boolean lost = claim.isLost();
    boolean late = settings.timeLimit().filter(limit -> ran.compareTo(limit) > 0).isPresent();
    if ((lost || late) && now - nextInterrupt >= 0) {
      nextInterrupt = now + REMINDER.toNanos();
      if (late) {
        overTime = true;
        announcer.tell(new SpoolEvent.OverTime(claim.id(), claim.attempt(), ran));
      }
      handling.interrupt();
    }
  }

  /**
   * The grace is over: the handler is interrupted, and if it fails now the attempt is not counted.
   */
  void endGrace() {
    graceOver = true;
    handling.interrupt();
  }

  /**
   * The handler did not end in time: the claim is released while it still runs, and whatever comes
   * of it is ignored.
   */
  void abandon() {
    if (settlerFound.compareAndSet(false, true)) {
      try {
        claim.close();
      } catch (Throwable failure) {
        announcer.trouble(
            "releasing job " + claim.id() + " at the end of the grace failed", failure);
      }
    }
    handling.interrupt();
  }
}
