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
 * way takes part in the next, together with all who ask until then; or in this one, or in one that
 * is over, if his name came before that began.
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
    force(directory, Long.MAX_VALUE);
  }

  /**
   * Returns after an fsync of this directory that began when so many had begun already, or later;
   * it may be over by now.
   */
  void force(Path directory, long begun) throws IOException {
    turns(directory).takePart(begun, true);
  }

  /** How many fsyncs of this directory have begun by now. */
  long begun(Path directory) {
    return turns(directory).begun();
  }

  /**
   * As {@link #force(Path, long)}, but if the directory was replaced a moment ago, the one before
   * may be forced.
   */
  void forceRecent(Path directory, long begun) throws IOException {
    turns(directory).takePart(begun, false);
  }

  private Turns turns(Path directory) {
    Turns turns = directories.get(directory);
    if (turns == null) {
      Turns made = new Turns(directory);
      turns = directories.putIfAbsent(directory, made);
      turns = turns == null ? made : turns;
    }
    if (closed) {
      turns.directory.close(); // RACE: made a moment too late to be closed with the others
    }
    return turns;
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

  /** One fsync, for those whose names came before it began. */
  private static final class Turn {
    private final CountDownLatch ended = new CountDownLatch(1);
    private long number; // of those that have begun, from 1; 0 before that
    private boolean exact; // whether one of them wants the directory that has the name now
    private boolean forced;
    private @Nullable IOException failure; // there may be no memory to tell of it

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

    synchronized long begun() {
      return last == null ? 0 : last.number;
    }

    void takePart(long since, boolean exact) throws IOException {
      Turn mine;
      Turn before;
      boolean leads = false;
      synchronized (this) {
        before = last;
        mine = last;
        if (mine == null || mine.number <= since || (exact && !mine.exact)) {
          mine = next;
          if (mine == null) {
            mine = new Turn();
            next = mine;
            leads = true;
          }
          mine.exact |= exact;
        }
      }
      if (leads) {
        lead(mine, before);
        return;
      }
      mine.await();
      if (!mine.forced) { // it failed for all: none of them may be told yes
        throw mine.failure == null ? new IOException("forcing " + path + " failed") : mine.failure;
      }
    }

    private void lead(Turn mine, @Nullable Turn before) throws IOException {
      try {
        if (before != null) {
          before.await(); // until then, others join
        }
        begin(mine);
        if (mine.exact) {
          directory.force();
        } else {
          directory.forceRecent();
        }
        mine.forced = true;
      } catch (IOException e) {
        mine.failure = e;
        throw e;
      } finally {
        end(mine);
      }
    }

    private synchronized void begin(Turn turn) {
      turn.number = begun() + 1;
      last = turn;
      next = null; // who comes from here on may have come too late for this one
    }

    private synchronized void end(Turn turn) {
      next = next == turn ? null : next; // it was out of memory, for instance, before it began
      turn.ended.countDown();
    }
  }
}
