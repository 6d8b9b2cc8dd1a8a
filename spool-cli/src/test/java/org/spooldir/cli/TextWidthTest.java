package org.spooldir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Text that fits. */
final class TextWidthTest {

  @Test
  void wideAndCombiningCharactersCount() {
    assertEquals(5, TextWidth.of("hello"));
    assertEquals(4, TextWidth.of("\u4f60\u597d"));
    assertEquals(1, TextWidth.of("e\u0301"));
    assertEquals(2, TextWidth.of("\ud83d\ude00"));
    assertEquals(3, TextWidth.of("\u00fc\u00df\u20ac"));
  }

  @Test
  void whatIsCutSaysSo() {
    assertEquals("hello", TextWidth.cut("hello", 5, "..."));
    assertEquals("he...", TextWidth.cut("hello world", 5, "..."));
    assertEquals("\u4f60\u2026", TextWidth.cut("\u4f60\u597d\u4f60", 4, "\u2026"));
  }

  @Test
  void linesBreakAtSpacesWhereThereAreSome() {
    assertEquals(List.of("one two", "three"), TextWidth.wrap("one two three", 8));
    assertEquals(List.of("one two", "three"), TextWidth.wrap("one two three", 7));
    assertEquals(List.of("abcd", "efgh", "i"), TextWidth.wrap("abcdefghi", 4));
    assertEquals(List.of("  ab", "cdef"), TextWidth.wrap("  abcdef", 4));
    assertEquals(List.of(""), TextWidth.wrap("", 4));
    assertEquals(List.of("\u4f60", "\u597d"), TextWidth.wrap("\u4f60\u597d", 3));
    assertEquals(List.of("\u4f60", "\u597d"), TextWidth.wrap("\u4f60\u597d", 1), "never stuck");
  }
}
