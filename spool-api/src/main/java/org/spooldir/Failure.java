package org.spooldir;

import java.time.Instant;

/**
 * One failed attempt at a job.
 *
 * @param at when it was recorded, by the worker's clock, to the millisecond; the epoch if the
 *     record was not understood
 * @param attempt which attempt it was, from 1; 0 if that was before the first claim, as when a
 *     check of the spool found the job damaged, or if the record was not understood
 * @param worker the id of the worker process; empty if it was none, or if the record was not
 *     understood
 * @param reason what the worker said, or the record that was not understood
 * @since 0.1
 */
public record Failure(Instant at, int attempt, String worker, String reason) {

  /** Whether the record was understood; if not, only the reason is known. */
  public boolean isUnderstood() {
    return !at.equals(Instant.EPOCH);
  }
}
