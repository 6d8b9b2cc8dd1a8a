package org.spooldir.examples;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spooldir.JobId;
import org.spooldir.JobSnapshot;
import org.spooldir.JobState;
import org.spooldir.SpoolException;
import org.spooldir.SpoolInspector;

/**
 * Kills one worker in the middle of its work, and stops another one until it is believed dead. Both
 * are caught with claims in their hands.
 */
final class Sabotage {

  private static final double KILL_AT = 0.3;
  private static final double STOP_AT = 0.5;

  /** A worker that is not declared dead after so many leases will not be. */
  private static final int PATIENCE = 10;

  private static final Duration A_MOMENT = Duration.ofMillis(5);

  private enum Plan {
    KILL,
    STOP,
    GO_ON,
    OVER
  }

  private final SpoolInspector spool;
  private final Children children;
  private final Duration lease;
  private final Progress progress;

  private Plan plan = Plan.KILL;
  private long stoppedAt;
  private int taken;

  Sabotage(SpoolInspector spool, Children children, Duration lease, Progress progress) {
    this.spool = spool;
    this.children = children;
    this.lease = lease;
    this.progress = progress;
  }

  /** Does what it is time for. */
  void step() throws IOException, InterruptedException {
    switch (plan) {
      case KILL -> {
        if (progress.part() >= KILL_AT) {
          kill(children.worker(0));
        }
      }
      case STOP -> {
        if (progress.part() >= STOP_AT) {
          stop(children.worker(1));
        }
      }
      case GO_ON -> goOn(children.worker(1));
      case OVER -> {}
    }
  }

  private void kill(Child victim) throws IOException, InterruptedException {
    int claims = freeze(victim);
    if (claims > 0) {
      victim.kill();
      victim.goOn();
      taken += claims;
      progress.say(
          "kill -9 %s, which holds %d claims; started %s",
          victim, claims, children.replaceWorker());
      plan = Plan.STOP;
    }
  }

  private void stop(Child victim) throws IOException, InterruptedException {
    int claims = freeze(victim);
    if (claims > 0) {
      taken += claims;
      progress.say(
          "kill -STOP %s, which holds %d claims; its lease is %d ms",
          victim, claims, lease.toMillis());
      stoppedAt = System.nanoTime();
      plan = Plan.GO_ON;
    }
  }

  private void goOn(Child victim) throws IOException, InterruptedException {
    Duration stopped = Duration.ofNanos(System.nanoTime() - stoppedAt);
    boolean longEnough = stopped.compareTo(lease) > 0 && claimsOf(victim).isEmpty();
    if (longEnough || stopped.compareTo(lease.multipliedBy(PATIENCE)) > 0) {
      victim.goOn();
      progress.say("kill -CONT %s, after %d ms", victim, stopped.toMillis());
      plan = Plan.OVER;
    }
  }

  /** Stops a worker; if it holds nothing just now, lets it go on at once. How much it holds. */
  private int freeze(Child victim) throws IOException, InterruptedException {
    victim.stop();
    while (!victim.standsStill()) {
      victim.requireWell();
      LockSupport.parkNanos(A_MOMENT.toNanos());
    }
    int claims = claimsOf(victim).size();
    if (claims == 0) {
      victim.goOn();
    }
    return claims;
  }

  /** The pid stands in the id of a worker, as in every name in cur/. */
  private Set<JobId> claimsOf(Child worker) throws SpoolException {
    String mark = "." + worker.pid() + ".";
    try (Stream<JobSnapshot> claimed = spool.list(Set.of(JobState.CLAIMED))) {
      return claimed
          .filter(job -> job.worker().filter(id -> id.contains(mark)).isPresent())
          .map(JobSnapshot::id)
          .collect(Collectors.toSet());
    }
  }

  /** How many claims were taken from workers' hands. */
  int taken() {
    return taken;
  }

  /** Whether nobody stands still now. */
  boolean isIdle() {
    return plan != Plan.GO_ON;
  }

  /** Whether both were caught. */
  boolean isOver() {
    return plan == Plan.OVER;
  }
}
