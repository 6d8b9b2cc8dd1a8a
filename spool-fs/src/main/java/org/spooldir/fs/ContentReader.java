package org.spooldir.fs;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.READ;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.OpenOption;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Reads small files whole. Not with a stream: to make one takes as long as to open the file. Not
 * into the heap, if it can be: the JDK reads into memory outside of it first, and its way from
 * there takes longer than a copy.
 */
final class ContentReader {

  private static final Set<OpenOption> CONTENT = Set.of(READ, NOFOLLOW_LINKS);

  private static final int SPARE = 64 << 10;

  /** One for the process; null while a thread has it, and the others go the way of the JDK. */
  private static final AtomicReference<@Nullable ByteBuffer> BUFFER =
      new AtomicReference<>(outsideOfTheHeap());

  private ContentReader() {}

  private static @Nullable ByteBuffer outsideOfTheHeap() {
    try {
      return ByteBuffer.allocateDirect(SPARE);
    } catch (OutOfMemoryError e) {
      return null; // others have all of it; it goes without
    }
  }

  /** Opens a file in one of the ways there are. */
  interface Opening {
    SeekableByteChannel open(Set<OpenOption> options) throws IOException;
  }

  /**
   * The first bytes of a regular file, all if it has no more; an interrupt stays pending.
   *
   * @param most so many
   */
  static byte[] read(Opening file, int most) throws IOException {
    ByteBuffer spare = most <= SPARE ? BUFFER.getAndSet(null) : null;
    if (spare == null) {
      byte[] bytes = new byte[most];
      int read = fill(ByteBuffer.wrap(bytes), file);
      return read == most ? bytes : Arrays.copyOf(bytes, read);
    }
    try {
      byte[] bytes = new byte[fill(spare.clear().limit(most), file)];
      spare.flip().get(bytes);
      return bytes;
    } finally {
      BUFFER.setRelease(spare); // a set would wait until all of the copy is in memory
    }
  }

  /** Fills a buffer as far as the file goes; returns how far. */
  private static int fill(ByteBuffer content, Opening file) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        try (SeekableByteChannel channel = file.open(CONTENT)) {
          while (content.hasRemaining() && channel.read(content) >= 0) {}
          return content.position();
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
          content.rewind(); // it is a file: reading can begin again
        }
      }
    } finally {
      NioFileOps.interruptIf(interrupted);
    }
  }
}
