package org.spooldir.fs;

import java.lang.System.Logger;

/**
 * The log. In a class of its own, so that logging starts with the first message: finding a backend
 * takes longer than handing in a job.
 */
final class Log {

  static final Logger LOG = System.getLogger("org.spooldir.fs");

  private Log() {}
}
