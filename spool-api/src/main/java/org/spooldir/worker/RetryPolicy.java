package org.spooldir.worker;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long a failed job backs off before its next attempt, and how many attempts it has.
 *
 * @param backoff how the delay grows
 * @param base the delay after the first attempt, or its upper bound
 * @param max the longest delay
 * @param attempts the last attempt; a job that fails in it becomes a dead letter
 * @since 0.1
 */
public record RetryPolicy(Backoff backoff, Duration base, Duration max, int attempts) {

  /** Attempts of a policy that is not told how many. */
  public static final int DEFAULT_ATTEMPTS = 8;

  /** Any duration up to this one, a hundred years, fits into a {@code long} of nanoseconds. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  /** How the delay grows from attempt to attempt. */
  public enum Backoff {
    /** Not at all. */
    FIXED,
    /**
     * The upper bound doubles each time, and the delay is uniform between zero and that bound
     * ("full jitter", Brooker, "Exponential Backoff And Jitter", 2015): jobs that failed together
     * do not come back together.
     */
    EXPONENTIAL
  }

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the base is negative, the maximum is below the base or
   *     above a hundred years, or there is not even one attempt
   */
  public RetryPolicy {
    if (base.isNegative() || max.compareTo(base) < 0 || max.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "delays must be 0 <= base <= max <= " + LONGEST + ": base " + base + ", max " + max);
    }
    if (attempts < 1) {
      throw new IllegalArgumentException("a job needs at least one attempt: " + attempts);
    }
  }

  /**
   * Delays that grow, and {@value #DEFAULT_ATTEMPTS} attempts.
   *
   * @param base the upper bound of the first delay; the bound doubles with each attempt
   * @param max the bound grows no further
   */
  public static RetryPolicy exponential(Duration base, Duration max) {
    return new RetryPolicy(Backoff.EXPONENTIAL, base, max, DEFAULT_ATTEMPTS);
  }

  /** The same delay each time, exactly, and {@value #DEFAULT_ATTEMPTS} attempts. */
  public static RetryPolicy fixed(Duration delay) {
    return new RetryPolicy(Backoff.FIXED, delay, delay, DEFAULT_ATTEMPTS);
  }

  /** The same delays, and this many attempts; {@link Integer#MAX_VALUE} is as good as no limit. */
  public RetryPolicy attempts(int limit) {
    return new RetryPolicy(backoff, base, max, limit);
  }

  /**
   * The delay after a failed attempt.
   *
   * @param attempt which attempt failed, from 1
   * @param random where jitter comes from
   * @return uniform in [0, min(max, base × 2<sup>attempt − 1</sup>)], or just the base if the
   *     policy is fixed
   */
  public Duration delay(int attempt, RandomGenerator random) {
    return switch (backoff) {
      case FIXED -> base;
      case EXPONENTIAL -> Duration.ofNanos(random.nextLong(bound(attempt) + 1));
    };
  }

  private long bound(int attempt) {
    int doublings = Math.min(Math.max(attempt, 1) - 1, Long.SIZE - 2);
    // Shifting the maximum down instead of the base up cannot overflow.
    return base.toNanos() > max.toNanos() >> doublings
        ? max.toNanos()
        : base.toNanos() << doublings;
  }
}
