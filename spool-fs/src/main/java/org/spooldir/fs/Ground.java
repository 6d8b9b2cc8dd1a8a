package org.spooldir.fs;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
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
 */
record Ground(
    FileOps ops, Clock clock, LongSupplier nanoTime, RandomGenerator random, UniqueNames names) {

  /** The machine that this path is on. */
  static Ground of(Path path) {
    return new Ground(
        NioFileOps.on(path),
        Clock.systemUTC(),
        System::nanoTime,
        new Random(new SecureRandom().nextLong()),
        UniqueNames.OF_THIS_PROCESS);
  }
}
