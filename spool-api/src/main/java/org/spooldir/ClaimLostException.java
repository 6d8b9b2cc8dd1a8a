package org.spooldir;

import org.jspecify.annotations.Nullable;

/**
 * The claim is no longer this worker's: its process was believed dead, or an operator moved the
 * job. Nothing was changed; another worker may have the job already. Stop working on it.
 *
 * @since 0.1
 */
public class ClaimLostException extends SpoolException {

  private static final long serialVersionUID = 1L;

  /** Makes an exception; never to be tried again. */
  public ClaimLostException(Where where, String problem, @Nullable Throwable cause) {
    super(where, problem, false, cause);
  }
}
