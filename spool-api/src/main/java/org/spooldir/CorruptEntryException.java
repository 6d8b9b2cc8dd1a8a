package org.spooldir;

import org.jspecify.annotations.Nullable;

/**
 * A job's stored bytes are not what the producer wrote: too short, too long, altered, or with an
 * unreadable header. Workers never see such a job; it becomes a dead letter. Thrown to those who
 * read it all the same.
 *
 * @since 0.1
 */
public class CorruptEntryException extends SpoolException {

  private static final long serialVersionUID = 1L;

  /** Makes an exception; trying again does not help. */
  public CorruptEntryException(Where where, String problem, @Nullable Throwable cause) {
    super(where, problem, false, cause);
  }
}
