package org.spooldir.examples;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
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

  private final SpoolInspector spool;
  private final Children children;
  private final Duration lease;
  private final Progress progress;

  private boolean killed;
  private boolean stopped;
  private Optional<Standstill> standstill = Optional.empty();
  private long stoppedAt;
  private long taken;

  Sabotage(SpoolInspector spool, Children children, Duration lease, Progress progress) {
    this.spool = spool;
    this.children = children;
    this.lease = lease;
    this.progress = progress;
  }

  /** Does what it is time for. */
  void step() throws IOException {
    if (standstill.isPresent()) {
      goOn(standstill.get());
    } else if (killed && !stopped && progress.part() >= STOP_AT) {
      stop(children.worker(1));
    } else if (!killed && progress.part() >= KILL_AT) {
      kill(children.worker(0));
    }
  }

  /** Where it stands when it is stopped, it is killed. */
  private void kill(Child victim) throws IOException {
    Standstill still = Standstill.of(victim);
    int claims = claimsOf(victim).size();
    if (claims > 0) {
      victim.kill();
      killed = true;
      taken += claims;
      progress.say(
          "kill -9 %s, with %d claimed jobs in its hands; started %s",
          victim, claims, children.replaceWorker());
    }
    still.close();
  }

  private void stop(Child victim) throws IOException {
    Standstill still = Standstill.of(victim);
    List<JobSnapshot> claims = claimsOf(victim);
    // What it has renamed and not yet checked it does not miss: it would not say that it is late.
    if (claims.stream().noneMatch(job -> job.id().value().equals(victim.lastClaimed()))) {
      still.close();
      return;
    }
    standstill = Optional.of(still);
    stoppedAt = System.nanoTime();
    taken += claims.size();
    progress.say(
        "kill -STOP %s, with %d claimed jobs in its hands and a lease of %d ms",
        victim, claims.size(), lease.toMillis());
  }

  private void goOn(Standstill still) throws IOException {
    Duration stood = Duration.ofNanos(System.nanoTime() - stoppedAt);
    boolean longEnough = stood.compareTo(lease) > 0 && claimsOf(children.worker(1)).isEmpty();
    if (longEnough || stood.compareTo(lease.multipliedBy(PATIENCE)) > 0) {
      still.close();
      standstill = Optional.empty();
      stopped = true;
      progress.say("kill -CONT %s, after %d ms", children.worker(1), stood.toMillis());
    }
  }

  /** The pid stands in the id of a worker, as in every name in cur/. */
  private List<JobSnapshot> claimsOf(Child worker) throws SpoolException {
    String mark = "." + worker.pid() + ".";
    try (Stream<JobSnapshot> claimed = spool.list(Set.of(JobState.CLAIMED))) {
      return claimed
          .filter(job -> job.worker().filter(id -> id.contains(mark)).isPresent())
          .toList();
    }
  }

  /** How many claims were taken from workers' hands. */
  long taken() {
    return taken;
  }

  /** Whether nobody stands still now. */
  boolean isIdle() {
    return standstill.isEmpty();
  }

  /** Whether both were caught. */
  boolean isOver() {
    return killed && stopped;
  }
}
