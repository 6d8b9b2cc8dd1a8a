package org.spooldir.fs;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What a spool stands on: the machine, or a test's idea of one.
 *
 * @param ops the file system
 * @param clock the wall clock, for due times and for people
 * @param nanoTime the monotonic clock, for everything that is waited for
 * @param random spreads workers, makes worker ids
 * @param names makes the names of entries
 * @param window how many names of ready jobs a worker keeps in memory
 */
record Ground(
    FileOps ops,
    InstantSource clock,
    LongSupplier nanoTime,
    RandomGenerator random,
    UniqueNames names,
    int window) {

  private static final int LEAST_WINDOW = 4096;
  private static final int LARGEST_WINDOW = 128 << 10;

  /**
   * So many bytes of the heap for each name, which takes a quarter of it, or half if it is long.
   */
  private static final int HEAP_PER_NAME = 640;

  // No lambda: the first one in a process takes longer than a job takes to hand in.
  private static final LongSupplier MONOTONIC =
      new LongSupplier() {
        @Override
        public long getAsLong() {
          return System.nanoTime();
        }
      };

  /** The machine that this path is on. */
  static Ground of(Path path) {
    return new Ground(
        NioFileOps.on(path),
        InstantSource.system(),
        MONOTONIC,
        new Random(Machine.randomSeed()),
        UniqueNames.OF_THIS_PROCESS,
        (int)
            Math.min(
                LARGEST_WINDOW,
                Math.max(LEAST_WINDOW, Runtime.getRuntime().maxMemory() / HEAP_PER_NAME)));
  }
}
