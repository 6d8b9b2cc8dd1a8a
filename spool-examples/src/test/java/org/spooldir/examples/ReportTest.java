package org.spooldir.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spooldir.examples.Report.Verb;

/** The lines between the processes. */
class ReportTest {

  @Test
  void aWholeLineIsUnderstood() {
    assertEquals(
        Optional.of(new Report(Verb.SKIPPED, List.of("a%20b", "no permission"))),
        Report.parse("SKIPPED\ta%20b\tno permission\t"));
    assertEquals(Optional.of(new Report(Verb.LATE, List.of())), Report.parse("LATE\t"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "LATE",
        "LAT",
        "SKIPPED\ta\tno perm",
        "RECOVERED\t1",
        "LATE\t1\t",
        "Exception: \t"
      })
  void whatIsNotWholeIsNot(String line) {
    assertEquals(Optional.empty(), Report.parse(line));
  }
}
