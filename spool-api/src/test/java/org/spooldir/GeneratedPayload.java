package org.spooldir;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

/**
 * A payload of any size that is never in memory as a whole: its bytes follow from their position.
 */
record GeneratedPayload(long length) implements Payload {

  @Override
  public InputStream open() {
    return new InputStream() {
      private long position;

      @Override
      public int read() {
        return position == length ? -1 : (int) ((position++ * 31) >> 3) & 0xff;
      }

      @Override
      public int read(byte[] buffer, int offset, int count) {
        int some = (int) Math.min(count, length - position);
        for (int i = 0; i < some; i++) {
          buffer[offset + i] = (byte) read();
        }
        return some == 0 && count > 0 ? -1 : some;
      }
    };
  }

  /** Number and checksum of a payload's bytes, read as a stream. */
  static Digest digest(Payload payload) throws IOException {
    try (CheckedInputStream in = new CheckedInputStream(payload.open(), new CRC32C())) {
      long length = in.transferTo(java.io.OutputStream.nullOutputStream());
      return new Digest(length, in.getChecksum().getValue());
    }
  }

  record Digest(long length, long crc) {}
}
