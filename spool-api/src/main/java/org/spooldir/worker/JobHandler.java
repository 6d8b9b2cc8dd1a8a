package org.spooldir.worker;

import org.spooldir.Claim;

/**
 * Does the work of one job. How it ends settles the claim:
 *
 * <ul>
 *   <li>it returns: the job is complete;
 *   <li>it throws {@link RejectException}: the job becomes a dead letter;
 *   <li>it throws {@link RetryLaterException}: the job waits, and the attempt is not counted;
 *   <li>it throws anything else, an {@link Error} too: the job is retried as the {@link
 *       RetryPolicy} says.
 * </ul>
 *
 * <p>A handler that has settled the claim itself is left alone: nothing is settled twice.
 *
 * <p>Delivery is at least once, so a handler should be idempotent. It is interrupted when it runs
 * over the time limit, when its claim was lost, and at the end of the shutdown grace: it should
 * then end soon. It must not call {@link System#exit}: the shutdown would wait for the handler, and
 * the handler for the shutdown, until the grace is over.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface JobHandler {

  /**
   * Does the work. Called by many threads at once if the worker's concurrency is above 1.
   *
   * @param claim the job; valid until this method returns
   * @throws Exception if this attempt failed
   */
  void handle(Claim claim) throws Exception;
}
