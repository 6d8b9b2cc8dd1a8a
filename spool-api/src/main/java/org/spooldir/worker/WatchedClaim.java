package org.spooldir.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.spooldir.Claim;
import org.spooldir.ClaimLostException;
import org.spooldir.JobId;
import org.spooldir.Payload;
import org.spooldir.SpoolEvent;
import org.spooldir.SpoolEvent.Settlement;
import org.spooldir.SpoolException;
import org.spooldir.SpoolException.InSpool;

/**
 * The claim as handlers see it: tells the listener how it was settled, whoever settled it, and
 * knows a claim that was settled here from one that was lost, which {@link Claim#isHeld} alone does
 * not.
 */
final class WatchedClaim implements Claim {

  @FunctionalInterface
  private interface Act {
    void run() throws SpoolException;
  }

  private final Claim claim;
  private final Announcer announcer;
  private final ReentrantLock settling = new ReentrantLock();
  private boolean settled; // under the lock
  private final AtomicBoolean lossTold = new AtomicBoolean();

  WatchedClaim(Claim claim, Announcer announcer) {
    this.claim = claim;
    this.announcer = announcer;
  }

  /**
   * Whether the claim went without being settled here. Does not wait for somebody who is settling
   * it: he will learn.
   */
  boolean isLost() {
    if (!settling.tryLock()) {
      return false;
    }
    try {
      if (settled || claim.isHeld()) {
        return false;
      }
    } finally {
      settling.unlock();
    }
    tellLoss();
    return true;
  }

  private void tellLoss() {
    if (lossTold.compareAndSet(false, true)) {
      announcer.tell(new SpoolEvent.ClaimLost(id(), attempt()));
    }
  }

  @Override
  public void complete() throws SpoolException {
    settle(Settlement.COMPLETED, "", claim::complete);
  }

  @Override
  public void retry(Duration delay, String reason) throws SpoolException {
    settle(Settlement.RETRIED, reason, () -> claim.retry(delay, reason));
  }

  @Override
  public void release(Duration delay) throws SpoolException {
    settle(Settlement.RELEASED, "", () -> claim.release(delay));
  }

  @Override
  public void reject(String reason) throws SpoolException {
    settle(Settlement.REJECTED, reason, () -> claim.reject(reason));
  }

  private void settle(Settlement how, String reason, Act act) throws SpoolException {
    SpoolException afterwards = null;
    settling.lock();
    try {
      act.run();
      settled = true;
    } catch (ClaimLostException lost) {
      tellLoss();
      throw lost;
    } catch (SpoolException e) {
      if (claim.isHeld() || e.jobIn() == InSpool.YES) {
        throw e;
      }
      settled = true; // but it may not survive a power cut
      afterwards = e;
    } finally {
      settling.unlock();
    }
    announcer.tell(new SpoolEvent.Settled(id(), attempt(), how, reason));
    if (afterwards != null) {
      throw afterwards;
    }
  }

  @Override
  public void close() throws SpoolException {
    settling.lock(); // nobody settles between the look and the release
    try {
      if (claim.isHeld()) {
        release();
      }
    } catch (ClaimLostException lost) {
      // No longer held, so there is nothing to release; the listener was told.
    } catch (SpoolException notNow) {
      claim.close(); // only this tells the spool that nobody will come back to it
    } finally {
      settling.unlock();
    }
  }

  @Override
  public boolean isHeld() {
    return claim.isHeld();
  }

  @Override
  public JobId id() {
    return claim.id();
  }

  @Override
  public int attempt() {
    return claim.attempt();
  }

  @Override
  public int priority() {
    return claim.priority();
  }

  @Override
  public Optional<Instant> enqueuedAt() {
    return claim.enqueuedAt();
  }

  @Override
  public Map<String, String> attributes() {
    return claim.attributes();
  }

  @Override
  public Payload payload() {
    return claim.payload();
  }
}
