package org.spooldir;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.spooldir.SpoolException.InSpool;
import org.spooldir.SpoolException.Where;

/**
 * A claim on a job in memory. It is the fence itself: the entry names the one claim that holds it.
 */
final class MemoryClaim implements Claim {

  private static final int MAX_REASON_LENGTH = 4096;

  private final MemoryQueue queue;
  private final MemoryEntry entry;
  private final String worker;
  private final int attempt;
  private boolean settled; // under the queue's lock

  MemoryClaim(MemoryQueue queue, MemoryEntry entry, String worker) {
    this.queue = queue;
    this.entry = entry;
    this.worker = worker;
    this.attempt = entry.attempts;
  }

  String worker() {
    return worker;
  }

  @Override
  public void complete() throws SpoolException {
    settle("complete", queue::makeDone);
  }

  @Override
  public void retry(Duration delay, String reason) throws SpoolException {
    settle(
        "retry",
        job -> {
          recordFailure(reason);
          queue.makeDelayed(job, delay);
        });
  }

  @Override
  public void release(Duration delay) throws SpoolException {
    settle(
        "release",
        job -> {
          job.attempts--;
          queue.makeDelayed(job, delay);
        });
  }

  @Override
  public void reject(String reason) throws SpoolException {
    settle(
        "reject",
        job -> {
          recordFailure(reason);
          job.become(JobState.FAILED, Instant.now());
        });
  }

  private void recordFailure(String reason) {
    String said = String.valueOf(reason);
    String cut = said.substring(0, Math.min(said.length(), MAX_REASON_LENGTH));
    entry.failures.add(new Failure(Instant.now(), attempt, worker, cut));
  }

  private void settle(String operation, Consumer<MemoryEntry> act) throws SpoolException {
    synchronized (queue) {
      if (settled) {
        throw new IllegalStateException("settled already: " + entry.id);
      }
      if (!entry.isHeldBy(this)) {
        Where where = new Where(operation, "memory/" + entry.id, entry.state, InSpool.UNKNOWN);
        throw new ClaimLostException(where, "the claim was lost", null);
      }
      act.accept(entry);
      settled = true;
    }
  }

  @Override
  public void close() throws SpoolException {
    synchronized (queue) {
      if (isHeld()) {
        release();
      }
    }
  }

  @Override
  public boolean isHeld() {
    synchronized (queue) {
      return entry.isHeldBy(this);
    }
  }

  @Override
  public JobId id() {
    return entry.id;
  }

  @Override
  public int attempt() {
    return attempt;
  }

  @Override
  public int priority() {
    return entry.job.priority();
  }

  @Override
  public Optional<Instant> enqueuedAt() {
    return Optional.of(entry.enqueuedAt);
  }

  @Override
  public Map<String, String> attributes() {
    return entry.job.attributes();
  }

  @Override
  public Payload payload() {
    return Payload.of(entry.bytes);
  }
}
