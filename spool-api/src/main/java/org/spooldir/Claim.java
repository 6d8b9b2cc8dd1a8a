package org.spooldir;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One job in one worker's hands. The holder settles it exactly once: {@link #complete}, {@link
 * #retry}, {@link #release} or {@link #reject}; {@link #close} releases it if none of these was
 * called.
 *
 * <p>A claim is lost when its process was believed dead (it was stopped or cut off for longer than
 * the lease) or when an operator moved the job. Settling a lost claim throws {@link
 * ClaimLostException} and touches nothing: the successor is unharmed. If settling fails for another
 * reason, the claim is still held and may be settled again, as {@link #isHeld} tells; or else it is
 * settled, but that may not survive a power cut.
 *
 * <p>Settling a claim twice throws {@link IllegalStateException}. Instances are safe for use by
 * many threads.
 *
 * @since 0.1
 */
public interface Claim extends AutoCloseable {

  /** The job's id. */
  JobId id();

  /**
   * Which claim of this job it is, from 1. Released claims are not counted, claims of dead workers
   * are.
   */
  int attempt();

  /** The job's priority, 0 to 9; 9 is served first. */
  int priority();

  /**
   * When the job was handed in, by the producer's clock; empty if another program delivered it
   * under a name that does not say.
   */
  Optional<Instant> enqueuedAt();

  /** The job's attributes; unmodifiable; empty for a job that another program delivered. */
  Map<String, String> attributes();

  /**
   * The job's payload: whole, and checked against its checksum if it has one. Its size is known. It
   * can be opened as often as needed while the claim is held.
   */
  Payload payload();

  /**
   * Whether the claim is neither settled nor known to be lost. Costs no I/O: a claim that was lost
   * a moment ago may still seem held; only settling tells for certain.
   */
  boolean isHeld();

  /**
   * The job is done: it leaves the spool.
   *
   * @throws ClaimLostException if the claim was lost; the job may run again elsewhere
   * @throws SpoolException if the storage fails; {@link #isHeld} tells whether it is settled
   */
  void complete() throws SpoolException;

  /**
   * This attempt failed: the job is offered again after the delay, and the reason is kept.
   *
   * @param delay how long to back off; zero or less: at once
   * @param reason what an operator should read; cut after 4,096 characters
   * @throws ClaimLostException if the claim was lost
   * @throws SpoolException if the storage fails; {@link #isHeld} tells whether it is settled
   */
  void retry(Duration delay, String reason) throws SpoolException;

  /**
   * Gives the job back as if it had not been claimed: the attempt is not counted.
   *
   * @throws ClaimLostException if the claim was lost
   * @throws SpoolException if the storage fails; {@link #isHeld} tells whether it is settled
   */
  default void release() throws SpoolException {
    release(Duration.ZERO);
  }

  /**
   * Gives the job back, to be offered again after the delay; the attempt is not counted.
   *
   * @param delay how long the job waits; zero or less: not at all
   * @throws ClaimLostException if the claim was lost
   * @throws SpoolException if the storage fails; {@link #isHeld} tells whether it is settled
   */
  void release(Duration delay) throws SpoolException;

  /**
   * The job can never succeed: it becomes a dead letter, and the reason is kept.
   *
   * @param reason what an operator should read; cut after 4,096 characters
   * @throws ClaimLostException if the claim was lost
   * @throws SpoolException if the storage fails; {@link #isHeld} tells whether it is settled
   */
  void reject(String reason) throws SpoolException;

  /**
   * Releases the claim if it is still held; otherwise does nothing.
   *
   * @throws SpoolException if the storage fails; {@link #isHeld} tells whether it is settled
   */
  @Override
  void close() throws SpoolException;
}
