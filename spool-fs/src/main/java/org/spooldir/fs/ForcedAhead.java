package org.spooldir.fs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Forces what was written of a big file while more of it is still being written, so that the disk
 * does not only begin when all is copied. What is promised rests on the last {@link #force}, as for
 * any file.
 *
 * <p>Linux tells of a failure once for each open file. If it has told the force ahead of one, each
 * later force fails with that and asks nobody.
 */
final class ForcedAhead implements FileOps.NewFile {

  /**
   * So much is written before it is forced ahead; with half or twice as much, a gigabyte takes
   * longer.
   */
  static final int STRIDE = 32 << 20;

  private final FileOps.NewFile file;
  private long unforced;
  private @Nullable SideBySide<FileOps.NewFile> ahead;

  ForcedAhead(FileOps.NewFile file) {
    this.file = file;
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    if (unforced >= STRIDE && (ahead == null || ahead.isOver())) {
      requireAhead();
      unforced = 0;
      ahead = SideBySide.begin(file, FileOps.NewFile::force);
    }
    unforced += bytes.remaining();
    file.write(bytes);
  }

  @Override
  public void force() throws IOException {
    requireAhead();
    file.force();
  }

  private void requireAhead() throws IOException {
    if (ahead != null) {
      ahead.joinOrThrow();
    }
  }

  @Override
  public Set<Path> movedTo() throws IOException {
    return file.movedTo();
  }

  /** Waits for the force ahead; whether that has failed say {@link #write} and {@link #force}. */
  @Override
  public void close() throws IOException {
    try {
      if (ahead != null) {
        ahead.join();
      }
    } finally {
      file.close();
    }
  }
}
