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
 * many forces take hardly longer than one. Or lets another thread wait while the caller goes on.
 */
final class SideBySide<T> {

  /** With more, starting and waking them takes what they save. */
  static final int THREADS = 32;

  /** Fewer are done one after the other: a hand-over to another thread takes as long. */
  private static final int FEW = 8;

  /** Made with the first use: a process that hands in one small job at a time has none. */
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

  /** What is done with each. */
  interface Step<T> {
    void with(T item) throws IOException;
  }

  private final List<T> items;
  private final Step<T> step;
  private final ArrayList<FutureTask<?>> others = new ArrayList<>();
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  private SideBySide(List<T> items, Step<T> step) {
    this.items = items;
    this.step = step;
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
    SideBySide<T> all = new SideBySide<>(items, step);
    all.start(Math.min(THREADS, items.size()) - 1);
    all.takeAll();
    all.joinOrThrow();
  }

  /**
   * Lets another thread do something while the caller goes on, who has to {@link #join} it. Where
   * no thread is to be had, it is left out.
   */
  static <T> SideBySide<T> begin(T item, Step<T> step) {
    SideBySide<T> one = new SideBySide<>(List.of(item), step);
    one.start(1);
    return one;
  }

  private void start(int threads) {
    others.ensureCapacity(threads); // or else one could run for whom nobody waits
    for (int i = 0; i < threads; i++) {
      FutureTask<?> other = new FutureTask<>(this::takeAll, null);
      try {
        Pool.OF_THIS_PROCESS.execute(other);
      } catch (OutOfMemoryError | RejectedExecutionException e) {
        return; // no thread left for this process: those that there are do it all
      }
      others.add(other);
    }
  }

  /** One thread's part: takes the next until none is left, or something failed. */
  private void takeAll() {
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

  /** Whether no other thread is still doing it, or will. */
  boolean isOver() {
    return others.stream().allMatch(FutureTask::isDone);
  }

  /** Waits for the others, but for those that have not begun: these never will. */
  void join() {
    for (FutureTask<?> other : others) {
      // Where all threads hang on the disk of another spool, none begins.
      if (!Pool.OF_THIS_PROCESS.remove(other)) {
        Futures.getUnchecked(other);
      }
    }
    others.clear();
  }

  /**
   * Waits for the others, and tells what failed.
   *
   * @throws IOException the first failure, each time
   */
  void joinOrThrow() throws IOException {
    join();
    Throwable first = failure.get();
    if (first != null) {
      Throwables.throwIfInstanceOf(first, IOException.class);
      Throwables.throwIfUnchecked(first);
      throw new IllegalStateException(first);
    }
  }
}
