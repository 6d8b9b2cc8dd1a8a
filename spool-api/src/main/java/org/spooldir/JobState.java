package org.spooldir;

/**
 * Where a job stands. Every job is in exactly one state; it leaves the spool by being completed
 * (unless done jobs are retained) or discarded.
 *
 * @since 0.1
 */
public enum JobState {
  /** Waits for a worker. */
  READY,
  /** In one worker's hands. */
  CLAIMED,
  /** Waits for its time: scheduled, or backing off before the next attempt. */
  DELAYED,
  /** Parked by an operator until {@link SpoolMaintenance#unhold}. */
  HELD,
  /** A dead letter: rejected, out of attempts, or found damaged. */
  FAILED,
  /** Completed, and kept for a while because retention is on. */
  DONE
}
