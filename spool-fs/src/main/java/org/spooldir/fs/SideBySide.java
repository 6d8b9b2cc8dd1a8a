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
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the disk many times at once: a journal writes down together what is forced together, so
 * sixteen forces take hardly longer than one.
 */
final class SideBySide<T> implements AutoCloseable {

  private static final int THREADS = 16;

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

  /** One item and what is done with it. No lambda: the first one in a process takes long. */
  private final class Task implements Runnable {
    private final T item;

    Task(T item) {
      this.item = item;
    }

    @Override
    public void run() {
      if (closed || failure.get() != null) {
        return;
      }
      try {
        step.with(item);
      } catch (IOException | RuntimeException | Error e) { // the caller waits for all in any case
        failure.compareAndSet(null, e);
      }
    }
  }

  private final Step<T> step;
  private final List<FutureTask<?>> tasks = new ArrayList<>();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private volatile boolean closed;

  /** Does this with each item that is added. */
  SideBySide(Step<T> step) {
    this.step = step;
  }

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
    try (SideBySide<T> all = new SideBySide<>(step)) {
      for (T item : items) {
        all.add(item);
      }
      all.join();
    }
  }

  /** One more; if they become many, others begin with them while the caller makes the next. */
  void add(T item) {
    FutureTask<?> task = new FutureTask<>(new Task(item), null);
    tasks.add(task);
    if (tasks.size() > FEW) {
      handOver(task);
    } else if (tasks.size() == FEW) {
      tasks.forEach(SideBySide::handOver);
    }
  }

  private static void handOver(FutureTask<?> task) {
    try {
      Pool.OF_THIS_PROCESS.execute(task);
    } catch (OutOfMemoryError | RejectedExecutionException e) {
      // No thread left for this process: the caller does it in the end.
    }
  }

  /**
   * Waits for all, and lends a hand.
   *
   * @throws IOException the first failure, after all that had begun came to an end
   */
  void join() throws IOException {
    finish();
    Throwable failed = failure.get();
    if (failed != null) {
      Throwables.throwIfInstanceOf(failed, IOException.class);
      Throwables.throwIfUnchecked(failed);
      throw new IllegalStateException(failed);
    }
  }

  /** Lets nothing more begin, and waits for what has begun. */
  @Override
  public void close() {
    closed = true;
    finish();
  }

  private void finish() {
    for (FutureTask<?> task : tasks) {
      if (tasks.size() >= FEW) {
        // If all threads hang on the disk of another spool, it would wait there for ever.
        Pool.OF_THIS_PROCESS.remove(task);
      }
      task.run(); // does nothing if it has begun
    }
    for (FutureTask<?> task : tasks) {
      Futures.getUnchecked(task);
    }
    tasks.clear();
  }
}
