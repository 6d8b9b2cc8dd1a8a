package org.spooldir.fs;

import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * fsync of directories for many threads, of the few that many force; they may stay open for that.
 * One fsync makes every name durable that came before it began, so whoever asks while one is under
 * way takes part in the next, together with all who ask until then.
 */
final class SharedForces implements AutoCloseable {

  private final FileOps ops;
  private final ConcurrentMap<Path, Turns> directories = new ConcurrentHashMap<>();
  private volatile boolean closed;

  SharedForces(FileOps ops) {
    this.ops = ops;
  }

  /** Returns after an fsync of this directory that began after the call. */
  void force(Path directory) throws IOException {
    Turns turns = directories.get(directory);
    if (turns == null) {
      Turns made = new Turns(directory);
      turns = directories.putIfAbsent(directory, made);
      turns = turns == null ? made : turns;
    }
    if (closed) {
      turns.directory.close(); // RACE: made a moment too late to be closed with the others
    }
    turns.takePart();
  }

  /** How many directories it remembers: it never forgets one. */
  int directories() {
    return directories.size();
  }

  /** Lets go of all that is open; who still forces one opens it for the time being. */
  @Override
  public void close() {
    closed = true;
    for (Turns turns : directories.values()) {
      turns.directory.close();
    }
  }

  /** One fsync, for those who asked before it began. */
  private static final class Turn {
    private final CountDownLatch ended = new CountDownLatch(1);
    private @Nullable IOException failure;

    void await() {
      Uninterruptibles.awaitUninterruptibly(ended);
    }
  }

  /** The fsyncs of one directory, one after the other. */
  private final class Turns {
    private final Path path;
    private final FileOps.ForcedDirectory directory;
    private @Nullable Turn last;
    private @Nullable Turn next; // nobody has begun it yet

    Turns(Path path) {
      this.path = path;
      this.directory = ops.forced(path);
    }

    void takePart() throws IOException {
      Turn mine;
      Turn before;
      boolean leads = false;
      synchronized (this) {
        before = last;
        mine = next;
        if (mine == null) {
          mine = new Turn();
          next = mine;
          leads = true;
        }
      }
      if (leads) {
        lead(mine, before);
        return;
      }
      mine.await();
      if (mine.failure != null) {
        throw mine.failure; // it failed for all: none of them may be told yes
      }
    }

    private void lead(Turn mine, @Nullable Turn before) throws IOException {
      if (before != null) {
        before.await(); // until then, others join
      }
      synchronized (this) {
        last = mine;
        next = null; // who comes from here on may have come too late for this one
      }
      try {
        directory.force();
      } catch (IOException e) {
        mine.failure = e;
        throw e;
      } catch (RuntimeException | Error e) {
        mine.failure = new IOException("forcing " + path + " failed", e);
        throw e;
      } finally {
        mine.ended.countDown();
      }
    }
  }
}
