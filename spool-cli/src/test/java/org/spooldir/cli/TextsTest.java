package org.spooldir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people write and read: times, lengths of time, sizes, and text from disk. */
class TextsTest {

  @ParameterizedTest
  @CsvSource({
    "0, PT0S",
    "5, PT5S",
    "500ms, PT0.5S",
    "90s, PT90S",
    "5m, PT5M",
    "1h30m, PT1H30M",
    "7d, PT168H",
    "2w1d, PT360H"
  })
  void lengthsOfTimeAreRead(String text, Duration expected) {
    assertEquals(expected, DurationText.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "s", "-5s", "5 m", "5x", "1h30", "1.5h", "99999999999999999999d"})
  void whatIsNoLengthOfTimeIsNone(String text) {
    assertNull(DurationText.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0s",
    "PT0.25S, 250ms",
    "PT12S, 12s",
    "PT3M5S, 3m 5s",
    "PT3H0M5S, 3h",
    "PT49H10M, 2d 1h",
    "PT9600H, 400d",
    "PT-5S, -5s"
  })
  void lengthsOfTimeAreWrittenInTwoUnits(Duration duration, String expected) {
    assertEquals(expected, DurationText.of(duration));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "4096, 4096", "64K, 65536", "2M, 2097152", "1g, 1073741824"})
  void sizesAreRead(String text, long expected) {
    assertEquals(expected, SizeText.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "K", "-1", "1KB", "1.5M", "9999999999G", "1Z"})
  void whatIsNoSizeIsNone(String text) {
    assertEquals(-1, SizeText.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1023, 1023",
    "1024, 1.0K",
    "1536, 1.5K",
    "10239, 10K",
    "1048575, 1.0M",
    "24117248, 23M",
    "9223372036854775807, 8.0E"
  })
  void sizesAreWrittenInThreeDigits(long bytes, String expected) {
    assertEquals(expected, SizeText.of(bytes));
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-21T17:30, 2026-11-21T16:30:00Z",
    "2026-11-21 17:30:05, 2026-11-21T16:30:05Z",
    "2026-11-21T17:30:00Z, 2026-11-21T17:30:00Z",
    "2026-11-21T17:30:00-05:00, 2026-11-21T22:30:00Z",
    "17:30, 2026-11-21T16:30:00Z",
    "08:00, 2026-11-22T07:00:00Z",
    "@1795260283, 2026-11-21T11:24:43Z"
  })
  void pointsInTimeAreRead(String text, Instant expected) {
    ZonedDateTime now = ZonedDateTime.parse("2026-11-21T12:00+01:00[Europe/Paris]");
    assertEquals(expected, TimeText.parse(text, now));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "noon", "25:00", "2026-13-01T00:00", "@x", "tomorrow"})
  void whatIsNoPointInTimeIsNone(String text) {
    assertNull(TimeText.parse(text));
  }

  @Test
  void nothingThatMovesATerminalIsPrinted() {
    assertEquals("plain text~", Printable.of("plain text~"));
    assertEquals("\u00e9\u4e2d\ud83d\ude00", Printable.of("\u00e9\u4e2d\ud83d\ude00"));
    assertEquals(
        "a\\u001b[2J\\n\\r\\t\\\\\\u009b\\u202e\\u2028\\ud83d",
        Printable.of("a\u001b[2J\n\r\t\\\u009b\u202e\u2028\ud83d"));
  }

  @Test
  void jsonIsOneLineOfAsciiWhateverIsInIt() {
    assertEquals(
        "{\"a\\\"\":\"\\\\\\u000a\\u00e9\",\"n\":-1,\"b\":true,\"t\":\"1970-01-01T00:00:00Z\",\"m\":{\"k\":\"v\"}}",
        new JsonLine()
            .add("a\"", "\\\n\u00e9")
            .add("n", -1)
            .add("b", true)
            .addText("absent", Optional.empty())
            .add("t", Instant.EPOCH)
            .add("m", Map.of("k", "v"))
            .toString());
  }
}
