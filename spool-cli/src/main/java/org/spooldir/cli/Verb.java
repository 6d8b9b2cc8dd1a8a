package org.spooldir.cli;

import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;

/** One thing that {@code spool} can do. */
interface Verb {

  /** What it is called, and what it takes. */
  Syntax syntax();

  /**
   * Does it.
   *
   * @return an {@link ExitCode}
   * @throws UsageException if an argument cannot be right
   * @throws org.spooldir.SpoolException if the spool refuses or fails
   * @throws IOException if another file fails
   */
  int run(Arguments arguments, Terminal terminal) throws IOException, InterruptedException;

  /**
   * Tells that it failed, if whoever runs it looks elsewhere than at standard error and has exit
   * codes of his own. It may have failed before anything was understood, or for want of a class.
   *
   * @param words all that was given, the verb first
   * @param problem what went wrong, in one line; may not be {@linkplain Printable printable}
   * @return the exit code; empty if it is to be told as that of any verb
   */
  default OptionalInt fail(List<String> words, String problem, Terminal terminal) {
    return OptionalInt.empty();
  }
}
