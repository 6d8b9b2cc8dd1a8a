package org.spooldir.worker;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Looks at the running handlers a few times a second. While none runs it sleeps and costs nothing.
 */
final class Watchdog {

  private static final Duration TICK = Duration.ofMillis(250);

  private final Announcer announcer;
  private final ScheduledThreadPoolExecutor timer;
  private final Set<HandlerRun> running = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean ticking = new AtomicBoolean();

  Watchdog(Announcer announcer, ThreadFactory threads) {
    this.announcer = announcer;
    // What is scheduled after the end has no meaning any more.
    this.timer =
        new ScheduledThreadPoolExecutor(1, threads, new ThreadPoolExecutor.DiscardPolicy());
  }

  /** Starts the thread now, so that a lack of threads shows at once and not with the first job. */
  void start() {
    timer.prestartAllCoreThreads();
  }

  void watch(HandlerRun run) {
    running.add(run);
    tickLater();
  }

  void unwatch(HandlerRun run) {
    running.remove(run);
  }

  /** The handlers that run now. */
  Set<HandlerRun> running() {
    return running;
  }

  private void tickLater() {
    if (!running.isEmpty() && ticking.compareAndSet(false, true)) {
      schedule(this::tick, TICK);
    }
  }

  private void tick() {
    try {
      running.forEach(run -> survive(run::check));
    } finally {
      ticking.set(false);
      tickLater(); // also for a handler that began while the flag was still set
    }
  }

  /** Does something later, in the watchdog's thread. */
  void schedule(Runnable act, Duration delay) {
    // Nobody waits for the future: survive() reports what goes wrong.
    ScheduledFuture<?> unused =
        timer.schedule(() -> survive(act), delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void survive(Runnable act) {
    try {
      act.run();
    } catch (Throwable failure) {
      announcer.trouble("the watchdog failed, and goes on", failure);
    }
  }

  void end() {
    timer.shutdownNow();
  }
}
