package org.spooldir;

import org.jspecify.annotations.Nullable;

/**
 * What should be opened is no spool, half a spool, a spool of a newer format, one that cannot work
 * where it stands, or a URI that no engine at hand understands. The message says what to do.
 *
 * @since 0.1
 */
public class SpoolFormatException extends SpoolException {

  private static final long serialVersionUID = 1L;

  /** Makes an exception; trying again does not help before somebody has acted. */
  public SpoolFormatException(Where where, String problem, @Nullable Throwable cause) {
    super(where, problem, false, cause);
  }
}
