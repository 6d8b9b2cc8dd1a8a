package org.spooldir;

import java.io.Closeable;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * One queue of jobs that survives its processes. Any number of producers and workers, in any number
 * of processes, use the same spool at the same time. Instances are safe for use by many threads.
 *
 * <p>Once the spool is closed, every method but {@link #isOpen} and {@link #close} throws {@link
 * IllegalStateException}; a claim that waits then returns empty. Only {@link #claim(Duration)}
 * waits, and answers an interrupt. The others leave a thread's interrupt status as it is; an
 * interrupt that arrives while a payload is being written can make an enqueue fail, cleanly.
 *
 * @since 0.1
 */
public interface Spool extends Closeable {

  /**
   * Hands in a job. When this returns, the job is stored whole and visible to workers, and survives
   * what the engine's durability level says. When it throws, {@link SpoolException#jobIn} says
   * whether the job is in.
   *
   * @return the id of the job, or of the living job that has the same {@linkplain Job#key dedup
   *     key}
   * @throws SpoolFullException if there is no room; nothing is left behind; try again later
   * @throws EnqueueUncertainException if the job is visible but may not be durable, or if what was
   *     written has vanished and nobody knows whether the job was in
   * @throws SpoolException for every other failure of the storage, and when the payload cannot be
   *     read; the job is not in
   */
  JobId enqueue(Job job) throws SpoolException;

  /**
   * Hands in many jobs, faster than one by one because they share the waits for the disk. It is not
   * a transaction: a worker may see the first job before the last one is in, and after a failure
   * some may be in, see {@link SpoolException#enqueued}.
   *
   * @return the ids, in the order of the jobs
   * @throws SpoolException as {@link #enqueue}; {@link SpoolException#enqueued} lists the jobs of
   *     this call that are in for certain, always the first ones of {@code jobs}
   */
  List<JobId> enqueueAll(Collection<Job> jobs) throws SpoolException;

  /**
   * Claims the next job, without waiting.
   *
   * @return the claim, or empty if no job is ready
   * @throws SpoolException if the storage fails; nothing is claimed
   */
  Optional<Claim> claim() throws SpoolException;

  /**
   * Claims the next job, and waits for one if none is ready.
   *
   * @param wait how long to wait at most
   * @return the claim, or empty if none became ready in time
   * @throws SpoolException if the storage fails; nothing is claimed
   * @throws InterruptedException if the thread is interrupted while it waits; nothing is claimed
   */
  Optional<Claim> claim(Duration wait) throws SpoolException, InterruptedException;

  /** Looks into this spool, and changes nothing. */
  SpoolInspector inspector();

  /** Moves jobs of this spool along. */
  SpoolMaintenance maintenance();

  /** Whether {@link #close} has not been called yet. */
  boolean isOpen();

  /**
   * Stops claiming, releases the claims that are still held (their attempt is not counted) and
   * gives back what the spool holds open. Jobs are untouched. Closing again does nothing.
   *
   * @throws SpoolException if a claim could not be released; everything is closed all the same, and
   *     the job comes back by recovery
   */
  @Override
  void close() throws SpoolException;
}
