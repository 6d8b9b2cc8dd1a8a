package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Names on disk are untrusted: whatever they are, parsing them is total and moving them is safe.
 */
class EntryNameFuzzTest {

  private static final int NAMES = 200_000;

  private static final List<String> PIECES =
      List.of(
          "1763679600.M000123P4711Q7R9f3c2a1b00112233.host",
          "1763679600",
          ".M",
          "000123",
          "P4711",
          "Q7",
          "R9f3c2a1b00112233",
          ".host",
          ",",
          "=",
          ":2,",
          ";2,",
          ":",
          "S=5",
          "C=e3069283",
          "H=13",
          "P=7",
          "a=3",
          "u=1763679600123",
          "t=1",
          "w=h.1.x.9",
          "w=..",
          ",,",
          "9999999999",
          "-1",
          "..",
          ".",
          "~",
          "\\057",
          "\u00ff",
          "\n",
          "\u001b[31m",
          " ",
          "\"",
          "x",
          "\u0080");

  /** Any bytes that may be a name: 1 to 255, no slash, no NUL, not this or the parent directory. */
  private static String name(Random random) {
    StringBuilder name = new StringBuilder(random.nextBoolean() ? PIECES.get(0) + "," : "");
    int pieces = 1 + random.nextInt(12);
    for (int i = 0; i < pieces; i++) {
      if (random.nextInt(8) == 0) {
        char c = (char) (1 + random.nextInt(255));
        name.append(c == '/' ? '_' : c);
      } else {
        name.append(PIECES.get(random.nextInt(PIECES.size())));
      }
    }
    if (random.nextInt(20) == 0) {
      name.append("y".repeat(255));
    }
    if (random.nextInt(4) == 0 && name.length() > 1) {
      name.deleteCharAt(random.nextInt(name.length()));
    }
    String cut = name.substring(0, Math.min(255, name.length()));
    return cut.equals(".") || cut.equals("..") ? "..." : cut;
  }

  @Test
  void noNameDoesHarm() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < NAMES; i++) {
      String text = name(random);
      try {
        check(text, ":;!".charAt(random.nextInt(3)));
      } catch (Throwable e) {
        throw new AssertionError("seed " + seed + ", name " + FileNames.escape(text), e);
      }
    }
  }

  private static void check(String text, char separator) {
    EntryName name = EntryName.parse(text, separator);
    assertEquals(text, name.text());
    assertTrue(name.base().length() <= EntryName.MAX_BASE);
    assertTrue(name.priority() >= 0 && name.priority() <= 9);
    assertTrue(name.attempts() >= 0 && name.seconds() >= 0 && name.micros() >= 0);
    assertTrue(name.headerSize() >= 0 && name.headerSize() <= AttributeHeader.MAX_BYTES);
    assertEquals(0, EntryName.ORDER.compare(name, EntryName.parse(text, separator)));
    if (!text.startsWith(".")) { // dot files are nobody's business: they have no id and never move
      assertEquals(name.id(), EntryName.parse(text, separator).id());
      checkMoves(name);
    }
  }

  private static void checkMoves(EntryName name) {
    String claim = "hhhhhhhhhhh.4194304.zzzzzzz.999999";
    EntryName adopted = name.adopted("salt");
    EntryName claimed = adopted.claimed(1_763_679_600_123L, claim);
    assertEquals("hhhhhhhhhhh.4194304.zzzzzzz", claimed.worker());
    assertEquals(1_763_679_600_123L, claimed.claimedAt());
    assertEquals(Math.min(name.attempts() + 1, 999_999), claimed.attempts());
    EntryName delayed = claimed.delayed(claimed.attempts(), 9_999_999_999_999L);
    assertEquals(9_999_999_999_999L, delayed.due());
    assertEquals(claimed.attempts(), delayed.attempts());
    for (EntryName next :
        List.of(
            adopted,
            claimed,
            delayed,
            claimed.unclaimed(),
            claimed.withAttempts(0),
            delayed.unclaimed(),
            name.unclaimed(),
            name.scheduled(Long.MAX_VALUE))) {
      assertTrue(next.text().length() <= EntryName.MAX_NAME, next::toString);
      assertTrue(next.text().indexOf('/') < 0 && next.text().indexOf(0) < 0);
      assertTrue(!next.text().isEmpty() && !next.text().equals(".") && !next.text().equals(".."));
      assertEquals(name.isForeign(), next.isForeign());
      assertEquals(name.priority(), next.priority());
      assertEquals(name.size(), next.size());
      assertEquals(name.checksum(), next.checksum());
      assertEquals(name.headerSize(), next.headerSize());
    }
    assertEquals(adopted.base(), claimed.base());
    assertEquals(claimed.base(), delayed.unclaimed().base());
  }
}
