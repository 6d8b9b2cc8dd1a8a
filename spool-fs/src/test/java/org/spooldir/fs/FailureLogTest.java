package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spooldir.Failure;

final class FailureLogTest {

  private static final Instant AT = Instant.parse("2026-11-21T07:00:00.123Z");

  private static Failure failure(String reason) {
    return new Failure(AT, 2, "host.4711.k3x9", reason);
  }

  @Test
  void aLineIsJson() {
    assertEquals(
        "{\"at\":\"2026-11-21T07:00:00.123Z\",\"attempt\":2,\"worker\":\"host.4711.k3x9\",\"reason\":\"no\"}",
        FailureLog.encode(failure("no")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "plain",
        "\"quoted\"",
        "back\\slash",
        "\\n",
        "line\nbreak\r\t",
        "h\u00e9 \ud83d\ude80",
        "\u0000\u001b[31m",
        "\",\"x\":\"",
        "\\u0041"
      })
  void everyReasonComesBackOnOneAsciiLine(String reason) {
    String line = FailureLog.encode(failure(reason));
    assertEquals(failure(reason), FailureLog.decode(line));
    assertTrue(US_ASCII.newEncoder().canEncode(line) && line.lines().count() == 1, line);
  }

  @Test
  void aWorkerWithAnEscapedHostStaysJson() {
    Failure failure = new Failure(AT, 1, "a\\057b.1.x", "r");
    assertTrue(FailureLog.encode(failure).contains("a\\\\057b"));
    assertEquals(failure, FailureLog.decode(FailureLog.encode(failure)));
  }

  @Test
  void aLineThatWasCutOffIsNoneThoughItsReasonLooksLikeAnEnd() {
    Failure failure = failure("quote\"}backslash\\\"}\\");
    String line = FailureLog.encode(failure);
    assertEquals(failure, FailureLog.decode(line));
    for (int end = 0; end < line.length(); end++) {
      String cut = line.substring(0, end);
      assertFalse(FailureLog.decode(cut).isUnderstood(), cut);
    }
  }

  @Test
  void aFailureBeforeTheFirstClaimIsUnderstood() {
    Failure failure = new Failure(AT, 0, "", "damaged");
    Failure read = FailureLog.decode(FailureLog.encode(failure));
    assertEquals(failure, read);
    assertTrue(read.isUnderstood());
  }

  @Test
  void aLongReasonIsCut() {
    Failure read = FailureLog.decode(FailureLog.encode(failure("x".repeat(5000))));
    assertEquals(4096, read.reason().length());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "rubbish",
        "{\"at\":\"2026-11-21T07",
        "{\"at\":\"x\",\"attempt\":1,\"worker\":\"w\",\"reason\":\"r\"}"
      })
  void aLineThatIsNoneOfOursIsShownAsItIs(String line) {
    Failure failure = FailureLog.decode(line);
    assertEquals(line, failure.reason());
    assertFalse(failure.isUnderstood());
  }
}
