package org.spooldir.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.spooldir.examples.Report.Verb;
import org.spooldir.examples.Verifier.Fate;

/** The verdict is good only if nothing at all is off. */
class VerdictTest {

  private final Tally tally = new Tally();

  @BeforeEach
  void threeWereDroppedAndTwoClaimsCameBack() {
    for (String id : List.of("a", "b", "c")) {
      tally.add(new Report(Verb.DROPPED, List.of(id, "sha256", id)));
    }
    tally.add(new Report(Verb.RECOVERED, List.of("2")));
  }

  @Test
  void goodIfAllAreCompletedAndAllClaimsCameBack() {
    assertTrue(new Verdict(tally, Map.of(Fate.COMPLETED, 3L), 2, true).isGood());
  }

  @ParameterizedTest
  @EnumSource(names = "COMPLETED", mode = EnumSource.Mode.EXCLUDE)
  void badIfOneIsAnythingElse(Fate fate) {
    assertFalse(new Verdict(tally, Map.of(Fate.COMPLETED, 2L, fate, 1L), 2, true).isGood());
  }

  @Test
  void badIfADroppedOneIsNotEvenInTheManifest() {
    assertFalse(new Verdict(tally, Map.of(Fate.COMPLETED, 2L), 2, true).isGood());
  }

  @Test
  void badIfAClaimDidNotComeBack() {
    Verdict verdict = new Verdict(tally, Map.of(Fate.COMPLETED, 3L), 3, true);
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    verdict.print(new PrintStream(said, true, UTF_8));
    assertFalse(verdict.isGood());
    assertTrue(said.toString(UTF_8).contains("but 3 claims were taken"), said.toString(UTF_8));
  }
}
