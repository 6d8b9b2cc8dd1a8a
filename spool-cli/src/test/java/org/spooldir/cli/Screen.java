package org.spooldir.cli;

import java.io.BufferedReader;
import java.io.IOException;

/** All that a process has printed so far, read without ever waiting for more. */
final class Screen {

  private final BufferedReader out;
  private final StringBuilder text = new StringBuilder();

  Screen(Process process) {
    out = process.inputReader();
  }

  String text() throws IOException {
    while (out.ready()) {
      text.append((char) out.read());
    }
    return text.toString();
  }
}
