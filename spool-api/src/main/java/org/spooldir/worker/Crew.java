package org.spooldir.worker;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/** The threads of one worker, from the start of the first to the end of the last. */
final class Crew {

  /** Knows its crew, so that nobody waits for himself. */
  private static final class Member extends Thread {

    private final Crew crew;

    Member(Crew crew, Runnable work, String name, boolean daemon) {
      super(work, name);
      this.crew = crew;
      setDaemon(daemon); // else inherited from whoever starts the worker
    }
  }

  private final WorkerSettings settings;
  private final Announcer announcer;
  private final Watchdog watchdog;
  private final Optional<Thread> hook;

  /** The loops that have neither ended nor been abandoned. */
  private final Set<WorkerLoop> loops = ConcurrentHashMap.newKeySet();

  private final CountDownLatch stopping = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);

  private Crew(WorkerSettings settings) {
    this.settings = settings;
    this.announcer = new Announcer(settings.listener());
    this.watchdog =
        new Watchdog(
            announcer, work -> new Member(this, work, settings.name() + "-watchdog", true));
    this.hook =
        settings.stopOnShutdown()
            ? Optional.of(new Thread(this::close, settings.name() + "-shutdown"))
            : Optional.empty();
  }

  static Crew start(WorkerSettings settings) {
    Crew crew = new Crew(settings);
    crew.start();
    return crew;
  }

  private void start() {
    hook.ifPresent(Runtime.getRuntime()::addShutdownHook);
    List<WorkerLoop> all =
        Stream.generate(() -> new WorkerLoop(settings, announcer, this))
            .limit(settings.concurrency())
            .toList();
    loops.addAll(all);
    try {
      watchdog.start();
      for (int i = 0; i < all.size(); i++) {
        new Member(this, all.get(i), settings.name() + "-" + (i + 1), false).start();
      }
    } catch (Throwable noThread) {
      tellToStop();
      abandon();
      throw noThread;
    }
  }

  Watchdog watchdog() {
    return watchdog;
  }

  boolean isStopping() {
    return stopping.getCount() == 0;
  }

  /** A pause that ends when the crew is told to stop. */
  Pause pauseWhileWorking(Duration first, Duration longest) {
    return new Pause(first, longest, stopping);
  }

  /** A pause that ends when the crew has stopped. */
  Pause pauseUntilStopped(Duration first, Duration longest) {
    return new Pause(first, longest, stopped);
  }

  synchronized void stop() {
    if (!isStopping()) {
      tellToStop();
      watchdog.schedule(this::endGrace, settings.shutdownGrace());
    }
  }

  private void tellToStop() {
    stopping.countDown();
    loops.forEach(WorkerLoop::interruptWait);
  }

  private void endGrace() {
    watchdog.running().forEach(HandlerRun::endGrace);
    watchdog.schedule(this::abandon, settings.lastMoment());
  }

  private void abandon() {
    watchdog.running().forEach(HandlerRun::abandon);
    List.copyOf(loops).forEach(this::ended);
  }

  void ended(WorkerLoop loop) {
    if (loops.remove(loop) && loops.isEmpty()) {
      try {
        hook.ifPresent(Crew::remove);
        watchdog.end();
      } finally {
        stopped.countDown(); // whoever waits must not wait for ever
      }
    }
  }

  private static void remove(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      // The hook itself is what stops us: nothing to remove any more.
    }
  }

  void awaitStop() throws InterruptedException {
    if (isMember()) {
      throw new IllegalStateException("a handler or listener would wait for itself: use stop()");
    }
    stopped.await();
  }

  void close() {
    stop();
    if (isMember()) {
      return;
    }
    boolean interrupted = false;
    while (stopped.getCount() > 0) {
      try {
        stopped.await();
      } catch (InterruptedException hurry) {
        interrupted = true;
        watchdog.schedule(this::endGrace, Duration.ZERO);
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isMember() {
    return Thread.currentThread() instanceof Member member && member.crew == this;
  }
}
