package org.spooldir.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;

/** A queue as a benchmark uses it; one for each thread. */
interface Queue extends AutoCloseable {

  /** Hands in one job. */
  void put(byte[] payload) throws Exception;

  /** Hands in many at once, where the queue knows how to. */
  default void putAll(byte[] payload, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      put(payload);
    }
  }

  /** Takes one job, reads it whole and completes it; false if there is none. */
  boolean take() throws Exception;

  /** The same; if there is none, waits for one, but no longer than this. */
  default boolean take(Duration wait) throws Exception {
    boolean taken = take();
    if (!taken) {
      Thread.sleep(1); // there is nothing to listen to
    }
    return taken;
  }

  @Override
  void close() throws IOException, SQLException;

  /** What a returned call survives, as the floor calls it. */
  enum Level {
    PROCESS,
    ENQUEUE,
    FULL;

    /** As an argument of a program. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The queues that run in a JVM. */
  enum Kind {
    SPOOL {
      @Override
      Queue open(Path directory, Level level) throws Exception {
        return SpoolQueue.open(directory, level);
      }
    },
    BARE {
      @Override
      Queue open(Path directory, Level level) throws Exception {
        if (level != Level.PROCESS) {
          throw new IllegalArgumentException("forces nothing");
        }
        return new BareQueue(directory, 1, 0);
      }
    },
    SQLITE {
      @Override
      Queue open(Path directory, Level level) throws Exception {
        return new SqliteQueue(directory, level);
      }
    },
    MVSTORE {
      @Override
      Queue open(Path directory, Level level) throws Exception {
        return MvStoreQueue.open(directory, level);
      }
    },
    TAPE {
      @Override
      Queue open(Path directory, Level level) throws Exception {
        return TapeQueue.open(directory);
      }
    };

    /** Opens the queue in this directory, and makes it if need be. */
    abstract Queue open(Path directory, Level level) throws Exception;
  }
}
