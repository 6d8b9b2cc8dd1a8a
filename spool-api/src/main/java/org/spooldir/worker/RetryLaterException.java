package org.spooldir.worker;

import java.time.Duration;

/**
 * Thrown by a {@link JobHandler} that cannot work on this job now, through no fault of the job: it
 * is given back for a while, and the attempt is not counted. A handler that always throws this
 * makes its job wait for ever.
 *
 * @since 0.1
 */
public class RetryLaterException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final Duration delay;

  /**
   * Makes an exception.
   *
   * @param delay how long the job waits; zero: not at all
   * @throws IllegalArgumentException if the delay is negative
   */
  public RetryLaterException(Duration delay) {
    super("try again in " + delay);
    if (delay.isNegative()) {
      throw new IllegalArgumentException("negative delay: " + delay);
    }
    this.delay = delay;
  }

  /** How long the job waits. */
  public Duration delay() {
    return delay;
  }
}
