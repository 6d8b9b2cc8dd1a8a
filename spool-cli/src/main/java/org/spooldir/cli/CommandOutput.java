package org.spooldir.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a command prints, in a thread of its own: passes it on to standard error, whole lines
 * where they are not too long, and keeps the end of it.
 */
final class CommandOutput extends Thread {

  /** So much of the end is kept; a reason of a failure has 4,096 characters. */
  static final int TAIL = 3 << 10;

  private static final int LONGEST_LINE = 16 << 10;

  private final InputStream in;
  private final @Nullable Terminal to;
  private final byte[] tail = new byte[TAIL];
  private int kept;

  /**
   * A reader.
   *
   * @param to where it goes; null if nowhere
   */
  CommandOutput(InputStream in, @Nullable Terminal to) {
    super("spool command output");
    this.in = in;
    this.to = to;
    setDaemon(true); // the pipe may have been left to somebody who never closes it
  }

  @Override
  public void run() {
    byte[] buffer = new byte[LONGEST_LINE];
    int pending = 0;
    try {
      for (int n = read(buffer, 0); n >= 0; n = read(buffer, pending)) {
        remember(buffer, pending, n);
        pending += n;
        int whole = pending == buffer.length ? pending : endOfLastLine(buffer, pending);
        pass(buffer, whole);
        pending -= whole;
        System.arraycopy(buffer, whole, buffer, 0, pending);
      }
    } catch (IOException e) {
      // closed under our hands, because the command has ended
    }
    if (pending > 0) {
      buffer[pending++] = '\n'; // or else the next line of somebody else would begin here
      pass(buffer, pending);
    }
  }

  private int read(byte[] buffer, int from) throws IOException {
    return in.read(buffer, from, buffer.length - from);
  }

  private static int endOfLastLine(byte[] buffer, int length) {
    int end = length;
    while (end > 0 && buffer[end - 1] != '\n') {
      end--;
    }
    return end;
  }

  private void pass(byte[] buffer, int length) {
    if (to != null) {
      to.pass(buffer, length);
    }
  }

  private synchronized void remember(byte[] buffer, int from, int length) {
    int more = Math.min(length, TAIL);
    int stay = Math.min(kept, TAIL - more);
    System.arraycopy(tail, kept - stay, tail, 0, stay);
    System.arraycopy(buffer, from + length - more, tail, stay, more);
    kept = stay + more;
  }

  /** Waits for the end of what the command printed, but no longer than this. */
  void await(Duration atMost) throws InterruptedException {
    join(atMost.toMillis());
  }

  /** The last of what was printed, as text. */
  synchronized String tail() {
    int from = 0;
    while (from < Math.min(kept, 4) && (tail[from] & 0xc0) == 0x80) {
      from++; // the rest of a character that was cut
    }
    return new String(tail, from, kept - from, StandardCharsets.UTF_8).strip();
  }
}
