package org.spooldir.fs;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Repeats a property with input that follows from one seed, which is printed. {@code
 * -Dspool.rounds=N} tries N times as many as a build does; the seed that a failure names makes the
 * first round of {@code -Dspool.seed=N} fail.
 */
final class Fuzz {

  /** What must hold. */
  interface Property {
    void holdsFor(RandomGenerator random) throws Exception;
  }

  private Fuzz() {}

  /**
   * Tries a property.
   *
   * @param rounds how often in a build
   * @return how often it was tried
   */
  static long rounds(String what, int rounds, Property property) {
    long seed = Long.getLong("spool.seed", System.nanoTime());
    long all = rounds * Long.getLong("spool.rounds", 1);
    System.out.println(what + ": -Dspool.seed=" + seed + ", " + all + " rounds");
    for (long i = 0; i < all; i++) {
      try {
        property.holdsFor(new SplittableRandom(seed + i));
      } catch (Throwable e) {
        throw new AssertionError(what + " fails with -Dspool.seed=" + (seed + i), e);
      }
    }
    return all;
  }
}
