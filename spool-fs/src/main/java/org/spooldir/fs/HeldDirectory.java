package org.spooldir.fs;

import static java.nio.file.StandardOpenOption.READ;

import com.google.common.util.concurrent.MoreExecutors;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A directory that stays open for a moment when it is forced again and again, for opening and
 * closing it takes a tenth of an enqueue; not for longer, so that a disk at rest can be unmounted.
 * What is forced is the one that has the name now: if it was moved or replaced, mounted over or
 * made again, that one is opened. {@link #forceRecent} does not look for that while one is open.
 */
final class HeldDirectory implements FileOps.ForcedDirectory {

  /** Made with the second force: a process that hands in one job has no thread for it. */
  private static final class Timer {
    static final Executor A_MOMENT_LATER =
        CompletableFuture.delayedExecutor(
            100, TimeUnit.MILLISECONDS, MoreExecutors.directExecutor());
  }

  private final Path directory;
  private final ReentrantLock lock = new ReentrantLock(); // guards all below
  private boolean again;
  private boolean watched;
  private @Nullable FileChannel channel;

  /** Which inode is open; null if that is not known, and then it is not used again. */
  private @Nullable Object inode;

  private volatile boolean overdue; // to be let go of
  private volatile boolean closed;

  HeldDirectory(Path directory) {
    this.directory = directory;
  }

  @Override
  public void force() throws IOException {
    force(true);
  }

  @Override
  public void forceRecent() throws IOException {
    force(false);
  }

  private void force(boolean exact) throws IOException {
    lock.lock();
    boolean interrupted = Thread.interrupted(); // it would close the channel
    try {
      while (!isForced(exact)) {
        interrupted = true;
        Thread.interrupted();
      }
      if (!again || !isWatched()) { // of the first one nobody knows whether there is another
        letGo();
      }
      again = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      lock.unlock();
    }
    letGoIfDue();
  }

  /** Whether it will be let go of in a moment. */
  private boolean isWatched() {
    if (!watched) {
      try {
        Timer.A_MOMENT_LATER.execute(
            () -> {
              overdue = true;
              letGoIfDue();
            });
        watched = true;
      } catch (RuntimeException | Error e) {
        // no thread left for this process, for instance
      }
    }
    return watched;
  }

  /** No if it was interrupted in the middle. */
  private boolean isForced(boolean exact) throws IOException {
    try {
      current(exact).force(true);
      return true;
    } catch (ClosedByInterruptException e) {
      // The fsync was cut off, it did not fail: names have no dirty pages of their own that a
      // first failure could have dropped, so asking again through a new descriptor is honest.
      // For a file it would not be.
      return false;
    } catch (IOException | RuntimeException | Error e) {
      letGo(); // whatever is wrong, it is no reason to go on with this descriptor
      throw e;
    }
  }

  private FileChannel current(boolean exact) throws IOException {
    FileChannel open = channel;
    if (!exact && inode != null && open != null && open.isOpen()) {
      return open;
    }
    Object now = inode();
    if (open == null || !open.isOpen() || now == null || !now.equals(inode)) {
      letGo();
      open = FileChannel.open(directory, READ);
      channel = open;
      // RACE: replaced a moment ago. Who replaces it and puts it back between the two looks at its
      // inode is not seen: Java cannot ask an open file for its own. The first one does not stay.
      inode = again && now != null && now.equals(inode()) ? now : null;
    }
    return open;
  }

  /** What stands under the name; null where the system has no inodes. */
  private @Nullable Object inode() throws IOException {
    try {
      BasicFileAttributes facts = Files.readAttributes(directory, BasicFileAttributes.class);
      NioFileOps.requireNoFifo(directory, facts);
      return facts.fileKey();
    } catch (NoSuchFileException e) {
      return null; // the opening says it better
    }
  }

  private void letGo() {
    FileChannel open = channel;
    channel = null;
    inode = null;
    try {
      if (open != null) {
        open.close();
      }
    } catch (IOException e) {
      // what it has to say was said when it was forced
    }
  }

  @Override
  public void close() {
    closed = true;
    letGoIfDue();
  }

  /** Who forces it just now lets go of it after that: nobody waits for a disk that hangs. */
  private void letGoIfDue() {
    if ((overdue || closed) && lock.tryLock()) {
      try {
        letGo();
        if (overdue) {
          overdue = false;
          watched = false;
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
