package org.spooldir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JobIdTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"a", "~!\"#$%&'()*+,-.:;<=>?@[\\]^_`{|}", "1700000000.M1P2Q3.host,S=5:2,"})
  void printableAsciiIsAnId(String text) {
    assertEquals(text, new JobId(text).value());
    assertEquals(text, new JobId(text).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ".", ".hidden", "../x", "a/b", "a b", "a\n", "\u001b[31m", "a\u007f", "ä"})
  void whatCouldHarmATerminalOrAPathIsNone(String text) {
    assertThrows(IllegalArgumentException.class, () -> new JobId(text));
  }

  @Test
  void anIdIsNoLongerThanAFileNameHasRoomFor() {
    assertEquals(200, new JobId("a".repeat(200)).value().length());
    assertThrows(IllegalArgumentException.class, () -> new JobId("a".repeat(201)));
  }

  @Test
  void theMessageDoesNotRepeatWhatCouldHarmATerminal() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> new JobId("a\u001b[31m")).getMessage();
    assertTrue(message.chars().allMatch(c -> c >= ' ' && c <= '~'), message);
  }

  @Test
  void idsAreOrderedByTheirText() {
    assertTrue(new JobId("a").compareTo(new JobId("b")) < 0);
    assertEquals(0, new JobId("a").compareTo(new JobId("a")));
  }
}
