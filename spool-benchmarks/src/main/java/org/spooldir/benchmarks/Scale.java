package org.spooldir.benchmarks;

/**
 * How much is done: enough for a figure, or as little as shows that it works.
 *
 * @param rounds how often each side runs
 * @param quick whether the figures do not matter
 */
record Scale(int rounds, boolean quick) {

  /** So many, or a hundredth, but enough for a batch or two. */
  int of(int count) {
    return quick ? Math.max(count / 100, 200) : count;
  }
}
