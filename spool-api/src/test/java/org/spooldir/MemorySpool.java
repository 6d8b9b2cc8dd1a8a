package org.spooldir;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.spooldir.SpoolException.InSpool;
import org.spooldir.SpoolException.Where;

/** A spool in memory, for tests: it keeps the whole contract but for surviving its process. */
public final class MemorySpool implements Spool {

  private final MemoryQueue queue;
  private final Set<MemoryClaim> claims = new HashSet<>();
  private boolean open = true;
  private String worker = "";

  private MemorySpool(MemoryQueue queue) {
    this.queue = queue;
  }

  /** An empty spool. */
  public static MemorySpool create() {
    return new MemorySpool(new MemoryQueue(false));
  }

  /** An empty spool that keeps done jobs. */
  public static MemorySpool retaining() {
    return new MemorySpool(new MemoryQueue(true));
  }

  /** Another instance on the same queue, as another process would have. */
  public MemorySpool another() {
    return new MemorySpool(queue);
  }

  /** Has everybody believe that this instance's process is dead. */
  public void declareDead() {
    synchronized (queue) {
      queue.declareDead(worker);
    }
  }

  @Override
  public JobId enqueue(Job job) throws SpoolException {
    checkOpen();
    byte[] bytes;
    try {
      bytes = job.payload().bytes();
      if (job.payload() instanceof AdoptedFile adopted) {
        Files.delete(adopted.file());
      }
    } catch (IOException unreadable) {
      Where where = new Where("enqueue", "memory", null, InSpool.NO);
      throw new SpoolException(where, "cannot read the payload", true, unreadable);
    }
    return queue.add(job, bytes);
  }

  @Override
  public List<JobId> enqueueAll(Collection<Job> jobs) throws SpoolException {
    checkOpen();
    List<JobId> ids = new ArrayList<>();
    for (Job job : jobs) {
      try {
        ids.add(enqueue(job));
      } catch (SpoolException failure) {
        failure.recordEnqueued(ids);
        throw failure;
      }
    }
    return ids;
  }

  @Override
  public Optional<Claim> claim() {
    synchronized (queue) {
      checkOpen();
      return queue.next().map(this::hold);
    }
  }

  private Claim hold(MemoryEntry entry) {
    if (!queue.isPresent(worker)) {
      worker = UUID.randomUUID().toString();
      queue.present(worker);
    }
    entry.attempts++;
    entry.due = Optional.empty();
    entry.become(JobState.CLAIMED, Instant.now());
    MemoryClaim claim = new MemoryClaim(queue, entry, worker);
    entry.holder = Optional.of(claim);
    claims.removeIf(old -> !old.isHeld());
    claims.add(claim);
    return claim;
  }

  @Override
  public Optional<Claim> claim(Duration wait) throws InterruptedException {
    // A third of what a long can hold: far beyond any test, and it cannot overflow.
    Duration longest = Duration.ofDays(36_500);
    long end = System.nanoTime() + (wait.compareTo(longest) < 0 ? wait : longest).toNanos();
    synchronized (queue) {
      Optional<Claim> claim = claim();
      long left = end - System.nanoTime();
      while (claim.isEmpty() && open && left > 0) {
        queue.wait(Math.min(queue.quietMillis(), left / 1_000_000 + 1));
        claim = open ? claim() : Optional.empty();
        left = end - System.nanoTime();
      }
      return claim;
    }
  }

  @Override
  public SpoolInspector inspector() {
    checkOpen();
    return new MemoryInspector(queue);
  }

  @Override
  public SpoolMaintenance maintenance() {
    checkOpen();
    return new MemoryMaintenance(queue);
  }

  private void checkOpen() {
    if (!isOpen()) {
      throw new IllegalStateException("the spool is closed");
    }
  }

  @Override
  public boolean isOpen() {
    synchronized (queue) {
      return open;
    }
  }

  @Override
  public void close() throws SpoolException {
    synchronized (queue) {
      if (open) {
        open = false;
        for (MemoryClaim claim : claims) {
          claim.close();
        }
        queue.absent(worker);
        queue.notifyAll(); // who waits for a job waits no longer
      }
    }
  }
}
