package org.spooldir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobVariablesTest {

  @ParameterizedTest
  @CsvSource({"size, SIZE", "Reply-To, REPLY_TO", "x.9=', X_9__", "ä, _"})
  void namesAreUpperCaseLettersDigitsAndUnderscores(String attribute, String rest) {
    assertEquals("SPOOL_ATTR_" + rest, JobVariables.name(attribute));
  }
}
