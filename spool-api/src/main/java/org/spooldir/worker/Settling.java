package org.spooldir.worker;

import java.time.Duration;
import org.spooldir.ClaimLostException;

/**
 * Settles a claim, and tries again if the storage fails: a job that is done should not run again
 * because of a hiccup. What cannot be settled is left held; closing the claim, which the loop does
 * in the end, gives the job back.
 */
final class Settling {

  /** How a claim shall be settled. */
  @FunctionalInterface
  interface Act {
    void run() throws Exception;
  }

  private static final int TRIES = 5;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private final Crew crew;
  private final Announcer announcer;

  Settling(Crew crew, Announcer announcer) {
    this.crew = crew;
    this.announcer = announcer;
  }

  void settle(WatchedClaim claim, Act act) {
    Pause pause = crew.pauseUntilStopped(FIRST_PAUSE, LONGEST_PAUSE);
    for (int tries = 1; claim.isHeld(); tries++) {
      try {
        act.run();
        return;
      } catch (ClaimLostException lost) {
        // The job is another worker's now, and the claim told the listener.
        return;
      } catch (Throwable failure) {
        announcer.trouble(
            "settling job " + claim.id() + " failed, try " + tries + " of " + TRIES, failure);
      }
      if (tries == TRIES) {
        return;
      }
      pause.await();
    }
  }
}
