package org.spooldir;

import org.jspecify.annotations.Nullable;

/**
 * There is no room: the disk, its inodes or a quota are used up, or a configured limit is reached.
 * Nothing half-done is visible. Try again later.
 *
 * @since 0.1
 */
public class SpoolFullException extends SpoolException {

  private static final long serialVersionUID = 1L;

  /** Makes an exception; may be tried again. */
  public SpoolFullException(Where where, String problem, @Nullable Throwable cause) {
    super(where, problem, true, cause);
  }
}
