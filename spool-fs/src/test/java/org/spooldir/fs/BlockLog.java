package org.spooldir.fs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Every write and flush that a disk was asked for, in their order, as the kernel's dm-log-writes
 * and QEMU's blklogwrites record them: a superblock, then for each request a sector that tells what
 * it is, and its data. All numbers are little-endian.
 */
final class BlockLog {

  /** Bytes of a sector, of the disk and of the log. */
  static final int SECTOR = 512;

  private static final int COUNT_AT = 16; // behind magic and version, 8 bytes each
  private static final int HEADER = 32; // sector, sectors, flags, length of the data in the log
  private static final long FLUSH = 1;
  private static final long FORCED = 2;
  private static final long DISCARD = 4;

  private final List<Request> requests;

  /**
   * One request.
   *
   * @param flush whether all requests before it are on the disk for certain when it is done
   * @param forced whether it is itself
   */
  record Request(long offset, ByteBuffer data, boolean flush, boolean forced) {

    void applyTo(FileChannel image) throws IOException {
      ByteBuffer bytes = data.duplicate();
      for (long at = offset; bytes.hasRemaining(); ) {
        at += image.write(bytes, at);
      }
    }
  }

  private BlockLog(List<Request> requests) {
    this.requests = requests;
  }

  List<Request> requests() {
    return requests;
  }

  /**
   * How many requests are in a log; while it is written, how many up to the last flush at least.
   */
  static int count(Path log) throws IOException {
    try (FileChannel file = FileChannel.open(log, StandardOpenOption.READ)) {
      return (int) bytes(file, 0, SECTOR).getLong(COUNT_AT);
    }
  }

  /** Reads a whole log. */
  static BlockLog read(Path log) throws IOException {
    List<Request> requests = new ArrayList<>();
    int count = count(log);
    try (FileChannel file = FileChannel.open(log, StandardOpenOption.READ)) {
      long at = SECTOR;
      for (int i = 0; i < count; i++) {
        ByteBuffer header = bytes(file, at, HEADER);
        long sector = header.getLong();
        int length = (int) header.getLong() * SECTOR;
        long flags = header.getLong();
        at += SECTOR;
        boolean hasData = (flags & DISCARD) == 0;
        ByteBuffer data = bytes(file, at, hasData ? length : 0);
        at += data.limit();
        requests.add(
            new Request(sector * SECTOR, data, (flags & FLUSH) != 0, (flags & FORCED) != 0));
      }
    }
    return new BlockLog(requests);
  }

  private static ByteBuffer bytes(FileChannel file, long at, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (file.read(bytes, at + bytes.position()) < 0) {
        throw new IOException("the log is cut off");
      }
    }
    return bytes.flip();
  }
}
