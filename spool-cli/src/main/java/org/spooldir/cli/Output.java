package org.spooldir.cli;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Prints from within callbacks of the library, which know of no failing terminal. */
final class Output {

  private Output() {}

  /**
   * Prints a line.
   *
   * @throws UncheckedIOException if standard output fails; {@link Main} takes out what is in it
   */
  static void line(Terminal terminal, String text) {
    try {
      terminal.line(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
