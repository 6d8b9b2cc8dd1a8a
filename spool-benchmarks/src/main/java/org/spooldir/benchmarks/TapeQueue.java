package org.spooldir.benchmarks;

import com.squareup.tape2.QueueFile;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Tape's QueueFile: a ring in one file, for one thread of one process; here they take turns. It
 * opens the file with {@code rwd}, so every change is forced: FULL, whatever is asked for.
 */
final class TapeQueue implements Queue {

  private final QueueFile file;

  private TapeQueue(QueueFile file) {
    this.file = file;
  }

  static TapeQueue open(Path directory) throws IOException {
    return new TapeQueue(
        new QueueFile.Builder(directory.resolve("queue.tape").toFile()).zero(false).build());
  }

  @Override
  public synchronized void put(byte[] payload) throws IOException {
    file.add(payload);
  }

  @Override
  public synchronized boolean take() throws IOException {
    if (file.peek() == null) {
      return false;
    }
    file.remove();
    return true;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
