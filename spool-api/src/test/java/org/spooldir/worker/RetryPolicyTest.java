package org.spooldir.worker;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RetryPolicyTest {

  private static final Duration A_HUNDRED_YEARS = Duration.ofDays(36_500);

  /** Always draws the greatest number. */
  private static final RandomGenerator GREATEST =
      new RandomGenerator() {
        @Override
        public long nextLong() {
          return Long.MAX_VALUE;
        }

        @Override
        public long nextLong(long bound) {
          return bound - 1;
        }
      };

  /** Always draws zero. */
  private static final RandomGenerator LEAST = () -> 0;

  @Test
  void theBoundDoublesUntilTheMaximum() {
    RetryPolicy policy = RetryPolicy.exponential(ofSeconds(1), ofHours(1));
    List<Long> seconds =
        IntStream.rangeClosed(1, 14)
            .mapToObj(attempt -> policy.delay(attempt, GREATEST).toSeconds())
            .toList();
    assertEquals(
        List.of(1L, 2L, 4L, 8L, 16L, 32L, 64L, 128L, 256L, 512L, 1024L, 2048L, 3600L, 3600L),
        seconds);
  }

  @Test
  void theDelayMayBeNothing() {
    RetryPolicy policy = RetryPolicy.exponential(ofSeconds(1), ofHours(1));
    assertEquals(Duration.ZERO, policy.delay(1, LEAST));
    assertEquals(Duration.ZERO, policy.delay(20, LEAST));
  }

  @Test
  void noAttemptOverflows() {
    for (Duration base : List.of(ofNanos(1), ofNanos(3), ofSeconds(1), A_HUNDRED_YEARS)) {
      RetryPolicy policy = RetryPolicy.exponential(base, A_HUNDRED_YEARS);
      Duration before = Duration.ZERO;
      for (int attempt = 1; attempt < 100; attempt++) {
        Duration delay = policy.delay(attempt, GREATEST);
        Duration expected = before.multipliedBy(2);
        if (attempt > 1) {
          assertEquals(
              expected.compareTo(A_HUNDRED_YEARS) > 0 ? A_HUNDRED_YEARS : expected,
              delay,
              base + " attempt " + attempt);
        }
        before = delay;
      }
      assertEquals(A_HUNDRED_YEARS, policy.delay(Integer.MAX_VALUE, GREATEST));
    }
  }

  @Test
  void jitterIsUniformBetweenNothingAndTheBound() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    RetryPolicy policy = RetryPolicy.exponential(ofSeconds(1), ofHours(1));
    for (int attempt : new int[] {1, 5, 40}) {
      long bound = policy.delay(attempt, GREATEST).toNanos();
      int[] tenths = new int[10];
      for (int i = 0; i < 10_000; i++) {
        long delay = policy.delay(attempt, random).toNanos();
        assertTrue(delay >= 0 && delay <= bound, () -> delay + " of " + bound + ", seed " + seed);
        tenths[(int) Math.min(9, 10.0 * delay / bound)]++;
      }
      for (int tenth : tenths) {
        // 1000 expected, with a standard deviation of 30: ten of those never happen by chance.
        assertTrue(Math.abs(tenth - 1000) < 300, () -> tenth + " in one tenth, seed " + seed);
      }
    }
  }

  @Test
  void aFixedDelayIsExact() {
    RetryPolicy policy = RetryPolicy.fixed(ofSeconds(5)).attempts(3);
    for (int attempt = 1; attempt < 100; attempt++) {
      assertEquals(ofSeconds(5), policy.delay(attempt, LEAST));
    }
    assertEquals(3, policy.attempts());
  }

  @Test
  void noDelayIsADelay() {
    assertEquals(Duration.ZERO, RetryPolicy.fixed(Duration.ZERO).delay(1, GREATEST));
    assertEquals(
        Duration.ZERO, RetryPolicy.exponential(Duration.ZERO, ofHours(1)).delay(100, GREATEST));
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> RetryPolicy.fixed(ofSeconds(-1)));
    assertThrows(
        IllegalArgumentException.class, () -> RetryPolicy.exponential(ofSeconds(2), ofSeconds(1)));
    assertThrows(
        IllegalArgumentException.class,
        () -> RetryPolicy.exponential(ofSeconds(1), A_HUNDRED_YEARS.plusNanos(1)));
    assertThrows(IllegalArgumentException.class, () -> RetryPolicy.fixed(ofSeconds(1)).attempts(0));
  }
}
