package org.spooldir.cli;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.Spool;
import org.spooldir.SpoolException;
import org.spooldir.SpoolInspector;
import org.spooldir.SpoolMaintenance;

/**
 * A spool that hands out no more than so many jobs, or none any more once it is empty, and says
 * when that is so and they are settled. For one worker: a thread that asks for a job has settled
 * the one before.
 */
final class BoundedSpool implements Spool {

  static final long NO_LIMIT = Long.MAX_VALUE;

  private final Spool spool;
  private final int threads;
  private final boolean drain;
  private final AtomicLong left;
  private final Ending ending;

  /** A permit is held by each thread that has a job or looks for one. */
  private final Semaphore busy = new Semaphore(0);

  /**
   * A bounded view.
   *
   * @param threads how many the worker has
   * @param most how many jobs to hand out
   * @param drain whether it ends when no job is ready and none is in work
   * @param ending told when it ends
   */
  BoundedSpool(Spool spool, int threads, long most, boolean drain, Ending ending) {
    this.spool = spool;
    this.threads = threads;
    this.drain = drain;
    this.left = new AtomicLong(most);
    this.ending = ending;
  }

  @Override
  public Optional<Claim> claim(Duration wait) throws SpoolException, InterruptedException {
    if (ending.isSaid()) {
      Thread.sleep(wait.toMillis()); // until it is interrupted: the worker is about to be stopped
      return Optional.empty();
    }
    try {
      Optional<Claim> claim = next(drain ? Duration.ZERO : wait);
      if (claim.isPresent() || (!drain && left.get() > 0)) {
        return claim;
      }
      busy.release();
      if (busy.tryAcquire(threads)) {
        return nextOrEnd();
      }
    } catch (SpoolException e) {
      if (drain) {
        ending.because(e); // whoever wants an end shall not wait for better weather
      }
      throw e;
    }
    try {
      ending.await(wait);
    } finally {
      busy.acquireUninterruptibly(); // at most for as long as another one is alone
    }
    return Optional.empty();
  }

  /** No other thread has a job or looks for one: what is found now is all there is. */
  private Optional<Claim> nextOrEnd() throws SpoolException, InterruptedException {
    try {
      Optional<Claim> claim = next(Duration.ZERO);
      if (claim.isEmpty()) {
        ending.say();
      }
      return claim;
    } finally {
      busy.release(threads - 1);
    }
  }

  private Optional<Claim> next(Duration wait) throws SpoolException, InterruptedException {
    if (left.getAndUpdate(n -> n > 0 ? n - 1 : 0) == 0) {
      return Optional.empty();
    }
    boolean claimed = false;
    try {
      Optional<Claim> claim = spool.claim(wait);
      claimed = claim.isPresent();
      return claim;
    } finally {
      if (!claimed) {
        left.incrementAndGet();
      }
    }
  }

  @Override
  public Optional<Claim> claim() throws SpoolException {
    throw new UnsupportedOperationException("a worker waits");
  }

  @Override
  public JobId enqueue(Job job) throws SpoolException {
    return spool.enqueue(job);
  }

  @Override
  public List<JobId> enqueueAll(Collection<Job> jobs) throws SpoolException {
    return spool.enqueueAll(jobs);
  }

  @Override
  public SpoolInspector inspector() {
    return spool.inspector();
  }

  @Override
  public SpoolMaintenance maintenance() {
    return spool.maintenance();
  }

  @Override
  public boolean isOpen() {
    return spool.isOpen();
  }

  @Override
  public void close() throws SpoolException {
    spool.close();
  }
}
