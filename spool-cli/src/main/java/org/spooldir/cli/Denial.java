package org.spooldir.cli;

import java.nio.file.AccessDeniedException;

/** A failure for want of a permission: what looks at a spool shows the rest all the same. */
final class Denial {

  private Denial() {}

  /** Whether it is one, or comes from one. */
  static boolean is(Throwable failure) {
    return failure instanceof AccessDeniedException
        || failure.getCause() instanceof AccessDeniedException;
  }
}
