package org.spooldir.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The lines of a stream, as the bytes they are. */
final class Lines {

  private final InputStream in;
  private final byte[] buffer = new byte[1 << 16];
  private int at;
  private int filled;

  Lines(InputStream in) {
    this.in = in;
  }

  /** The next line without its line feed, waiting for it if need be; null at the end. */
  byte @Nullable [] next() throws IOException {
    ByteArrayOutputStream longer = null;
    while (true) {
      for (int i = at; i < filled; i++) {
        if (buffer[i] == '\n') {
          return take(longer, i, i + 1);
        }
      }
      if (at < filled) {
        longer = longer == null ? new ByteArrayOutputStream() : longer;
        longer.write(buffer, at, filled - at);
      }
      at = 0;
      filled = Math.max(0, in.read(buffer));
      if (filled == 0) {
        return longer == null ? null : longer.toByteArray();
      }
    }
  }

  private byte[] take(@Nullable ByteArrayOutputStream longer, int end, int next) {
    ByteArrayOutputStream line = longer == null ? new ByteArrayOutputStream(end - at) : longer;
    line.write(buffer, at, end - at);
    at = next;
    return line.toByteArray();
  }

  /** Whether there is more to read without waiting for it. */
  boolean hasMore() throws IOException {
    return at < filled || in.available() > 0;
  }
}
