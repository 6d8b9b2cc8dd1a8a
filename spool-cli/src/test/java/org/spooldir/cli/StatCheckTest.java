package org.spooldir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatCheckTest {

  private static Threshold.Limits limits(Threshold threshold, String warn, String crit) {
    Arguments arguments = new Arguments(List.of());
    arguments.add(threshold.warn(), warn);
    arguments.add(threshold.crit(), crit);
    return threshold.limits(arguments);
  }

  @Test
  void theWorstVerdictIsKnownToBeBad() {
    List<Verdict> fromBestToWorst =
        List.of(Verdict.OK, Verdict.UNKNOWN, Verdict.WARNING, Verdict.CRITICAL);
    for (Verdict a : fromBestToWorst) {
      for (Verdict b : fromBestToWorst) {
        boolean first = fromBestToWorst.indexOf(a) > fromBestToWorst.indexOf(b);
        assertEquals(first ? a : b, a.orWorse(b));
      }
    }
  }

  @Test
  void aValueMustBeAboveItsThreshold() {
    Threshold.Limits limits = limits(Threshold.COUNT, "10", "20");
    assertEquals(Verdict.OK, limits.verdict(10));
    assertEquals(Verdict.WARNING, limits.verdict(11));
    assertEquals(Verdict.WARNING, limits.verdict(20));
    assertEquals(Verdict.CRITICAL, limits.verdict(21));
    assertEquals(10, limits.above(20).orElseThrow());
    assertEquals(20, limits.above(21).orElseThrow());
    assertTrue(limits.above(10).isEmpty());
  }

  @Test
  void withoutThresholdsNothingIsTooMuch() {
    Threshold.Limits none = Threshold.AGE.limits(new Arguments(List.of()));
    assertFalse(none.areGiven());
    assertEquals(Verdict.OK, none.verdict(Long.MAX_VALUE));
    Threshold.Limits endless = limits(Threshold.AGE, "5m", "999999999999w");
    assertTrue(endless.areGiven());
    assertEquals(Verdict.WARNING, endless.verdict(Long.MAX_VALUE));
  }

  @Test
  void criticalComesNotBeforeWarning() {
    assertThrows(UsageException.class, () -> limits(Threshold.AGE, "5m", "299s"));
    assertEquals(Verdict.CRITICAL, limits(Threshold.AGE, "5m", "300s").verdict(300_001));
    assertThrows(UsageException.class, () -> limits(Threshold.FAILED, "-1", "3"));
  }

  @Test
  void aProblemStaysInItsLineAndOutOfThePerformanceData() {
    assertEquals("SPOOL UNKNOWN - a\\u007cb\\n", StatCheck.unknown("a|b\n"));
  }

  @Test
  void labelsOfMetricsHaveThreeEscapesOnly() {
    assertEquals(
        "/a b\\\\c\\\"d\\ne\u00fcf\\\\tg\\\\u001b\\\\ud800{}=,'",
        StatMetrics.label("/a b\\c\"d\ne\u00fcf\tg\u001b\ud800{}=,'"));
  }
}
