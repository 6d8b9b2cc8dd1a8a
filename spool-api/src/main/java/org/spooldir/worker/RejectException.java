package org.spooldir.worker;

import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

/**
 * Thrown by a {@link JobHandler} whose job can never succeed: it becomes a dead letter at once,
 * whatever attempts are left.
 *
 * @since 0.1
 */
public class RejectException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String reason;

  /**
   * Makes an exception.
   *
   * @param reason what an operator should read
   */
  public RejectException(String reason) {
    super(reason);
    this.reason = requireNonNullElse(reason, "no reason given");
  }

  /**
   * Makes an exception.
   *
   * @param reason what an operator should read
   * @param cause for the listener and the log; it is not kept with the job
   */
  public RejectException(String reason, Throwable cause) {
    super(reason, cause);
    // Many an exception has no message, and the job is to be a dead letter all the same.
    this.reason = requireNonNullElseGet(reason, () -> String.valueOf(cause));
  }

  /** What an operator should read. */
  public String reason() {
    return reason;
  }
}
