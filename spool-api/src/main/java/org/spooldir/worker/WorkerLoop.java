package org.spooldir.worker;

import java.time.Duration;
import java.util.Optional;
import org.spooldir.Claim;
import org.spooldir.SpoolEvent;
import org.spooldir.SpoolException;

/** What one thread of a worker does all day: claims a job, has it worked on, claims the next. */
final class WorkerLoop implements Runnable {

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final WorkerSettings settings;
  private final Announcer announcer;
  private final Crew crew;
  private final Settling settling;
  private final InterruptGate claiming = new InterruptGate();
  private final Pause pause;

  WorkerLoop(WorkerSettings settings, Announcer announcer, Crew crew) {
    this.settings = settings;
    this.announcer = announcer;
    this.crew = crew;
    this.settling = new Settling(crew, announcer);
    this.pause = crew.pauseWhileWorking(FIRST_PAUSE, LONGEST_PAUSE);
  }

  @Override
  public void run() {
    try {
      while (!crew.isStopping() && settings.spool().isOpen()) {
        turn();
      }
    } finally {
      crew.stop(); // a spool that was closed underneath is closed for all
      crew.ended(this);
    }
  }

  private void turn() {
    try {
      Optional<Claim> next = claimNext();
      pause.reset();
      if (next.isPresent()) {
        work(next.get());
      }
    } catch (InterruptedException woken) {
      // By stop(), or by a stranger, whom we owe nothing: the loop looks whether to go on.
    } catch (Throwable failure) {
      survive(failure);
    }
  }

  private Optional<Claim> claimNext() throws SpoolException, InterruptedException {
    claiming.enter();
    try {
      // RACE: stop() may have come, and interrupted nobody, just before the gate was entered.
      return crew.isStopping() ? Optional.empty() : settings.spool().claim(settings.idlePoll());
    } finally {
      claiming.leave();
    }
  }

  private void work(Claim plain) throws SpoolException {
    try (WatchedClaim claim = new WatchedClaim(plain, announcer)) {
      announcer.tell(new SpoolEvent.Claimed(claim.id(), claim.attempt()));
      int limit = settings.retry().attempts();
      if (crew.isStopping()) {
        settling.settle(claim, claim::release);
      } else if (claim.attempt() > limit) {
        // Before running it: a job that kills its JVM never gets as far as to fail.
        settling.settle(claim, () -> claim.reject(lost(claim.attempt() - 1, limit)));
      } else {
        new HandlerRun(settings, announcer, claim).run(crew.watchdog(), settling);
      }
    }
  }

  private static String lost(int attempts, int limit) {
    return "worker lost " + attempts + " times, failed attempts included; the limit is " + limit;
  }

  private void survive(Throwable failure) {
    try {
      // A spool that was closed underneath is no trouble: the loop ends.
      if (settings.spool().isOpen()) {
        announcer.trouble(
            "claiming or giving back a job failed; goes on in " + pause.next(), failure);
        pause.await();
      }
    } catch (Throwable worse) {
      // Out of memory, most likely. The next turn does better, or comes here again.
    }
  }

  /** Ends the wait for a job, if that is what the thread is doing. */
  void interruptWait() {
    claiming.interrupt();
  }
}
