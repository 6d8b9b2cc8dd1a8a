package org.spooldir.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;

/**
 * Standard input, output and error, and what is known of the terminal at their other end, if there
 * is one. Safe for use by many threads: lines never mix.
 *
 * <p>What is printed must be {@linkplain Printable printable} already.
 */
final class Terminal {

  /** What reads our output has gone: {@code head} has its lines. */
  static final class BrokenPipeException extends IOException {
    private static final long serialVersionUID = 1L;

    BrokenPipeException(IOException cause) {
      super("standard output was closed", cause);
    }
  }

  private static final int NO_TERMINAL = 0;

  private final OutputStream out =
      new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 13);
  private final OutputStream err = new FileOutputStream(FileDescriptor.err);
  private final Charset charset =
      "UTF-8".equals(System.getProperty("native.encoding")) && !Boolean.getBoolean("spool.ascii")
          ? UTF_8
          : US_ASCII;
  private String progress = "";

  // The launcher tells, because Java knows it only of all three at once.

  /** Whether standard output goes to a terminal. */
  boolean isInteractive() {
    return Boolean.getBoolean("spool.stdout.terminal");
  }

  /** Whether standard error goes to a terminal, so that progress can be shown there. */
  boolean showsProgress() {
    return Boolean.getBoolean("spool.stderr.terminal");
  }

  /** The width of the terminal; without one there is no limit. */
  int columns() {
    if (!isInteractive() && !showsProgress()) {
      return Integer.MAX_VALUE;
    }
    int columns = Integer.getInteger("spool.columns", NO_TERMINAL);
    return columns > NO_TERMINAL ? columns : 80;
  }

  /** Whether more than ASCII can be shown. */
  boolean hasUnicode() {
    return charset.equals(UTF_8);
  }

  /** Standard input; one stream, not buffered. */
  InputStream input() throws IOException {
    if (Boolean.getBoolean("spool.stdin.closed")) {
      throw new FileNotFoundException("standard input is closed");
    }
    return new FileInputStream(FileDescriptor.in);
  }

  /** Prints a line. */
  synchronized void line(String text) throws IOException {
    try {
      out.write(text.getBytes(charset));
      out.write('\n');
    } catch (IOException e) {
      throw brokenPipeOr(e);
    }
  }

  /** Copies bytes to standard output as they are. */
  synchronized void copy(InputStream bytes) throws IOException {
    byte[] buffer = new byte[1 << 16];
    for (int read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
      try {
        out.write(buffer, 0, read);
      } catch (IOException e) {
        throw brokenPipeOr(e);
      }
    }
  }

  /** Sends on what was printed; progress stays below it. */
  synchronized void flush() throws IOException {
    try {
      String shown = progress;
      progress("");
      out.flush();
      progress(shown);
    } catch (IOException e) {
      throw brokenPipeOr(e);
    }
  }

  private static IOException brokenPipeOr(IOException e) {
    return String.valueOf(e.getMessage()).contains("Broken pipe")
        ? new BrokenPipeException(e)
        : new IOException("cannot write to standard output: " + e.getMessage(), e);
  }

  /** Prints a line on standard error. */
  synchronized void note(String text) {
    try {
      String shown = progress;
      progress("");
      err.write((text + "\n").getBytes(charset));
      progress(shown);
    } catch (IOException e) {
      // nobody is there to be told
    }
  }

  /** Copies bytes, whole lines of another program, to standard error as they are. */
  synchronized void pass(byte[] bytes, int length) {
    try {
      String shown = progress;
      progress("");
      err.write(bytes, 0, length);
      progress(shown);
    } catch (IOException e) {
      // nobody is there to be told
    }
  }

  /**
   * Shows a line on the terminal's last line, in place of the one before; an empty one takes it
   * away. Does nothing where standard error is no terminal.
   */
  synchronized void progress(String text) {
    if (!showsProgress() || progress.equals(text)) {
      return;
    }
    String cut = text.length() < columns() ? text : text.substring(0, columns() - 1);
    try {
      err.write(("\r" + cut + "\u001b[K").getBytes(charset));
      progress = text;
    } catch (IOException e) {
      // nobody is there to see it
    }
  }
}
