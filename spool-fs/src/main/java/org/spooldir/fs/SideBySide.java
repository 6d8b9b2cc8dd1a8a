package org.spooldir.fs;

import com.google.common.base.Throwables;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the disk many times at once: a journal writes down together what is forced together, so
 * many forces take hardly longer than one.
 */
final class SideBySide {

  /** With more, starting and waking them takes what they save. */
  static final int THREADS = 32;

  /** Fewer are done one after the other: a hand-over to another thread takes as long. */
  private static final int FEW = 8;

  /** Made with the first use: a process that hands in one job at a time has none. */
  private static final class Pool {
    static final ThreadPoolExecutor OF_THIS_PROCESS = make();

    private static ThreadPoolExecutor make() {
      ThreadPoolExecutor pool =
          new ThreadPoolExecutor(
              THREADS,
              THREADS,
              5,
              TimeUnit.SECONDS,
              new LinkedBlockingQueue<>(),
              new ThreadFactoryBuilder().setNameFormat("spool force %d").setDaemon(true).build());
      pool.allowCoreThreadTimeOut(true);
      return pool;
    }
  }

  private SideBySide() {}

  /** What is done with each. */
  interface Step<T> {
    void with(T item) throws IOException;
  }

  /**
   * Does something with each, in no order. After a failure some may be left out.
   *
   * @throws IOException the first failure, after all that had begun came to an end
   */
  static <T> void forEach(List<T> items, Step<T> step) throws IOException {
    if (items.size() < FEW) {
      for (T item : items) {
        step.with(item);
      }
      return;
    }
    Shared<T> shared = new Shared<>(items, step);
    List<FutureTask<?>> others = new ArrayList<>();
    for (int i = 1; i < Math.min(THREADS, items.size()); i++) {
      FutureTask<?> other = new FutureTask<>(shared, null);
      try {
        Pool.OF_THIS_PROCESS.execute(other);
      } catch (OutOfMemoryError | RejectedExecutionException e) {
        break; // no thread left for this process: those that there are do it all
      }
      others.add(other);
    }
    shared.run();
    for (FutureTask<?> other : others) {
      // One that has not begun by now has nothing left to do; if all threads hang on the disk of
      // another spool, it never begins.
      if (!Pool.OF_THIS_PROCESS.remove(other)) {
        Futures.getUnchecked(other);
      }
    }
    Throwable failure = shared.failure.get();
    if (failure != null) {
      Throwables.throwIfInstanceOf(failure, IOException.class);
      Throwables.throwIfUnchecked(failure);
      throw new IllegalStateException(failure);
    }
  }

  /** The items, of which each thread takes the next. */
  private static final class Shared<T> implements Runnable {
    private final List<T> items;
    private final Step<T> step;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    Shared(List<T> items, Step<T> step) {
      this.items = items;
      this.step = step;
    }

    @Override
    public void run() {
      for (int i = next.getAndIncrement();
          i < items.size() && failure.get() == null;
          i = next.getAndIncrement()) {
        try {
          step.with(items.get(i));
        } catch (IOException | RuntimeException | Error e) { // the caller waits for all in any case
          failure.compareAndSet(null, e);
        }
      }
    }
  }
}
