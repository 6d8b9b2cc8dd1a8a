package org.spooldir.fs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Room set aside for a full disk. A rename may have to grow its directory; without room no job
 * could be claimed or settled any more, and nothing would ever make room. So the first worker that
 * finds the disk full gives the reserve up.
 */
final class Reserve {

  /**
   * Made again only when this much more than the reserve is free, so that it does not fill the disk
   * by itself.
   */
  private static final int ROOM_FACTOR = 4;

  private static final int CHUNK = 64 << 10;

  private final FileOps ops;
  private final SpoolLayout layout;
  private final long size;

  Reserve(FileOps ops, SpoolLayout layout, long size) {
    this.ops = ops;
    this.layout = layout;
    this.size = size;
  }

  /** One step of the protocol that needs room. */
  interface Step {
    void run() throws IOException;
  }

  /** Does the step; if the disk is full, gives up the reserve and does it once more. */
  void spend(Step step) throws IOException {
    try {
      step.run();
    } catch (IOException e) {
      if (!Diagnosis.isFull(e)) {
        throw e;
      }
      try {
        ops.delete(layout.reserve());
      } catch (NoSuchFileException gone) {
        // RACE: another worker gave it up a moment ago, and there may be room now.
      } catch (IOException kept) {
        e.addSuppressed(kept);
        throw e; // that the disk is full is what matters
      }
      step.run();
    }
  }

  /** Whether the disk has plenty. */
  boolean hasRoom() throws IOException {
    return ops.usableSpace(layout.root()) / ROOM_FACTOR >= size;
  }

  /** Sets the room aside again if it is gone and the disk has plenty. */
  void restore() throws IOException {
    if (size == 0 || ops.exists(layout.reserve()) || !hasRoom()) {
      return;
    }
    Path draft = layout.tmp().resolve(UniqueNames.OF_THIS_PROCESS.next());
    FileOps.NewFile file = ops.create(draft);
    try {
      fill(file);
      ops.rename(draft, layout.reserve());
    } catch (IOException e) {
      ops.discard(draft, e);
      throw e;
    }
  }

  private void fill(FileOps.NewFile file) throws IOException {
    try (file) {
      for (long left = size; left > 0; left -= CHUNK) {
        file.write(ByteBuffer.allocate((int) Math.min(left, CHUNK)));
      }
      file.force(); // the blocks are taken now, not when the disk is full
    }
  }
}
