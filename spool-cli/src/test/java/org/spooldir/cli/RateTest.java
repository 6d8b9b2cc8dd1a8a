package org.spooldir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class RateTest {

  private static final long SECOND = 1_000_000_000;

  @Test
  void ofAShortPastIsTheAverage() {
    Rate rate = new Rate(7);
    assertEquals("0.0/s", rate.toString());
    rate.measure(3, 7 + 2 * SECOND);
    assertEquals("1.5/s", rate.toString());
    rate.measure(3, 7 + 4 * SECOND);
    assertEquals("0.8/s", rate.toString());
  }

  @Test
  void followsWhatHappensLately() {
    Rate rate = new Rate(0);
    for (int i = 1; i <= 100; i++) {
      rate.measure(10L * i, i * SECOND);
    }
    assertEquals("10.0/s", rate.toString());
    for (int i = 101; i <= 200; i++) {
      rate.measure(1000, i * SECOND);
    }
    assertEquals("0.0/s", rate.toString());
  }
}
