package org.spooldir;

import java.time.Duration;

/**
 * Something that happened in this process' part of a spool.
 *
 * @since 0.1
 */
public sealed interface SpoolEvent {

  /** How a claim was settled. */
  enum Settlement {
    /** The job is done. */
    COMPLETED,
    /** The job will be offered again. */
    RETRIED,
    /** The job was given back uncounted. */
    RELEASED,
    /** The job became a dead letter. */
    REJECTED
  }

  /** A job was handed in by this process. */
  record Enqueued(JobId id) implements SpoolEvent {}

  /** This process claimed a job. */
  record Claimed(JobId id, int attempt) implements SpoolEvent {}

  /** This process settled a claim; the reason is empty where none was given. */
  record Settled(JobId id, int attempt, Settlement how, String reason) implements SpoolEvent {}

  /** A claim of this process was found lost. */
  record ClaimLost(JobId id, int attempt) implements SpoolEvent {}

  /** Recovery in this process changed something. */
  record Recovered(RecoveryReport report) implements SpoolEvent {}

  /** A handler threw; the settlement follows, unless the claim was lost or settled before. */
  record HandlerFailed(JobId id, int attempt, Throwable cause) implements SpoolEvent {}

  /** A handler ran over its time limit and was interrupted; told again while it does not stop. */
  record OverTime(JobId id, int attempt, Duration ran) implements SpoolEvent {}

  /** Something failed in the background and will be tried again: nobody else hears of it. */
  record Trouble(String what, Throwable cause) implements SpoolEvent {}
}
