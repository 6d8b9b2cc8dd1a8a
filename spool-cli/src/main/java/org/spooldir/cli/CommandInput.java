package org.spooldir.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;
import org.spooldir.Payload;

/** Writes a payload to a command, in a thread of its own: it may be larger than any pipe. */
final class CommandInput extends Thread {

  private final Payload payload;
  private final OutputStream out;
  private final Runnable onFailure;
  private volatile @Nullable Throwable failure;

  /**
   * A writer.
   *
   * @param onFailure called if the payload cannot be read: the command must not take the part for
   *     the whole
   */
  CommandInput(Payload payload, OutputStream out, Runnable onFailure) {
    super("spool command input");
    this.payload = payload;
    this.out = out;
    this.onFailure = onFailure;
    setDaemon(true); // the pipe may have been left to somebody who never reads it
  }

  @Override
  public void run() {
    try (InputStream in = payload.open()) {
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0 && write(buffer, n); n = in.read(buffer)) {}
    } catch (IOException | RuntimeException | Error e) {
      failure = e;
      onFailure.run();
    } finally {
      close(); // whatever happened: or else the command would wait for more
    }
  }

  private boolean write(byte[] buffer, int length) {
    try {
      out.write(buffer, 0, length);
      return true;
    } catch (IOException e) {
      return false; // it has read enough
    }
  }

  private void close() {
    try {
      out.close();
    } catch (IOException e) {
      // it has read enough
    }
  }

  /**
   * Does nothing, if the payload could be read so far.
   *
   * @throws IOException if not
   */
  void check() throws IOException {
    Throwable problem = failure;
    if (problem != null) {
      throw new IOException("the payload cannot be read: " + text(problem), problem);
    }
  }

  private static String text(Throwable problem) {
    return problem instanceof IOException
        ? String.valueOf(problem.getMessage())
        : problem.toString();
  }
}
