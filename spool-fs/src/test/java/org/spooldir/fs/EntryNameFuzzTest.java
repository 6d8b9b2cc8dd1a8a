package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.spooldir.fs.Evidence.Section.FUZZ;

import com.google.common.base.Splitter;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.spooldir.Job;

/**
 * Names on disk are untrusted: whatever they are, parsing them is total and moving them is safe.
 */
@Tag("proof")
final class EntryNameFuzzTest {

  private static final int NAMES = 100_000;

  /** The unique name of docs/format.md, said in another way than the parser does. */
  private static final Pattern UNIQUE =
      Pattern.compile(
          "[0-9]{10}\\.M[0-9]{6}P[0-9]{1,19}Q[0-9]{1,19}R[0-9a-f]{16}\\.[!-+\\--~]+(?=,|\\z)");

  private static final String CLAIM = "hhhhhhhhhhh.4194304.zzzzzzz.999999";

  @Test
  void anyNameIsUnderstoodAndMovedWithoutHarm() {
    int[] foreign = {0};
    long names =
        Fuzz.rounds(
            "names",
            NAMES,
            random -> {
              EntryName name = any(random);
              try {
                checkMeaning(name);
                if (!name.isHidden()) { // nobody's business: they have no id and never move
                  checkMoves(name, random.nextLong(0, Long.MAX_VALUE));
                }
              } catch (Throwable e) {
                throw new AssertionError(name.toString(), e);
              }
              foreign[0] += name.isForeign() ? 1 : 0;
            });
    assertTrue(foreign[0] > names / 10 && foreign[0] < names * 9 / 10, "of both kinds: " + names);
    Evidence.of(FUZZ, "names of entries: any bytes, pieces of the grammar, one byte wrong")
        .row(
            names + " names",
            "no exception; what is not ours means nothing; every move gives one name of at most 255"
                + " bytes, of the same job",
            "all understood, %d of them as foreign; each moved in 8 ways".formatted(foreign[0]));
  }

  @Test
  void theOrderIsTotal() {
    long triples =
        Fuzz.rounds(
            "order of names",
            NAMES / 4,
            random -> {
              EntryName one = any(random);
              EntryName two = any(random);
              EntryName three = any(random);
              checkOrder(one, two);
              if (order(one, two) <= 0 && order(two, three) <= 0) {
                assertTrue(order(one, three) <= 0, () -> one + ", " + two + ", " + three);
              }
            });
    Evidence.of(FUZZ, "names of entries, two or three at a time")
        .row(triples + " triples", "one order of all names", "antisymmetric, transitive, total");
  }

  private static EntryName any(RandomGenerator random) {
    return EntryName.parse(HostileText.name(random), ":;!".charAt(random.nextInt(3)));
  }

  private static int order(EntryName one, EntryName other) {
    return Integer.signum(Lab.ORDER.compare(one, other));
  }

  private static void checkOrder(EntryName one, EntryName other) {
    assertEquals(-order(other, one), order(one, other), () -> one + ", " + other);
    assertEquals(one.equals(other), order(one, other) == 0, () -> one + ", " + other);
    assertFalse(one.isBefore(other) && other.isBefore(one));
  }

  private static void checkMeaning(EntryName name) {
    assertEquals(0, order(name, name));
    assertTrue(name.base().length() <= EntryNameBase.MAX_LENGTH);
    Matcher unique = UNIQUE.matcher(name.base());
    boolean ours = unique.lookingAt() && name.base().indexOf(EntryNameBase.MARK) < 0;
    assertEquals(!ours, name.isForeign());
    assertTrue(name.seconds() >= 0);
    assertTrue(name.worker() == null || !name.worker().isEmpty());
    if (name.isForeign()) {
      assertEquals("", name.host());
      assertEquals(0, name.micros());
      assertEquals(EntryName.NONE, name.size());
      assertEquals(EntryName.NONE, name.checksum());
      assertEquals(0, name.headerSize());
      assertEquals(Job.DEFAULT_PRIORITY, name.priority());
    } else {
      String fields = name.base().substring(unique.end());
      assertEquals(unique.group(), name.id().value());
      assertEquals(Long.parseLong(unique.group().substring(0, 10)), name.seconds());
      assertEquals(Integer.parseInt(unique.group().substring(12, 18)), name.micros());
      assertEquals(decimal(fields, 'S', Long.MAX_VALUE, EntryName.NONE), name.size());
      assertEquals(decimal(fields, 'H', AttributeHeader.MAX_BYTES, 0), name.headerSize());
      assertEquals(decimal(fields, 'P', 9, Job.DEFAULT_PRIORITY), name.priority());
      String crc = last(fields, 'C');
      assertEquals(
          crc.matches("[0-9a-f]{8}") ? Long.parseLong(crc, 16) : EntryName.NONE, name.checksum());
    }
  }

  /** What a field of the base says; the last one of several counts. */
  private static String last(String fields, char key) {
    String last = "";
    for (String field : Splitter.on(',').split(fields)) {
      if (field.length() > 2 && field.charAt(0) == key && field.charAt(1) == '=') {
        last = field.substring(2);
      }
    }
    return last;
  }

  private static long decimal(String fields, char key, long max, long fallback) {
    try {
      String digits = last(fields, key);
      long number = digits.matches("[0-9]{1,19}") ? Long.parseLong(digits) : fallback;
      return number <= max ? number : fallback;
    } catch (NumberFormatException e) {
      return fallback;
    }
  }

  private static void checkMoves(EntryName name, long due) {
    EntryName adopted = name.adopted("salt");
    EntryName claimed = adopted.claimed(1_763_679_600_123L, CLAIM);
    assertEquals("hhhhhhhhhhh.4194304.zzzzzzz", claimed.worker());
    assertEquals(1_763_679_600_123L, claimed.claimedAt());
    assertEquals(Math.min(name.attempts() + 1, 999_999), claimed.attempts());
    EntryName delayed = claimed.delayed(claimed.attempts(), due);
    assertEquals(due, delayed.due());
    assertEquals(claimed.attempts(), delayed.attempts());
    assertEquals(0, claimed.withAttempts(0).attempts());
    char separator = claimed.text().charAt(claimed.base().length());
    for (EntryName next :
        List.of(
            adopted,
            claimed,
            delayed,
            claimed.unclaimed(),
            claimed.withAttempts(0),
            delayed.unclaimed())) {
      checkNext(adopted, next, separator);
    }
    checkNext(name, name.unclaimed(), separator);
    checkNext(name, name.scheduled(due), separator);
  }

  private static void checkNext(EntryName before, EntryName next, char separator) {
    assertTrue(next.text().length() <= EntryName.MAX_NAME, next::toString);
    assertTrue(next.text().indexOf('/') < 0 && next.text().indexOf(0) < 0);
    assertTrue(!next.text().isEmpty() && !next.isHidden(), next::toString);
    assertEquals(before.base(), next.base());
    assertEquals(before.id(), next.id());
    assertEquals(before.isForeign(), next.isForeign());
    assertEquals(before.priority(), next.priority());
    assertEquals(before.size(), next.size());
    assertEquals(before.checksum(), next.checksum());
    assertEquals(before.headerSize(), next.headerSize());
    assertEquals(before.seconds(), next.seconds());
    checkSame(EntryName.parse(next.text(), separator), next);
  }

  /** A name that was made is what it will be read as. */
  private static void checkSame(EntryName parsed, EntryName made) {
    assertEquals(parsed.base(), made.base());
    assertEquals(parsed.id(), made.id());
    assertEquals(parsed.isForeign(), made.isForeign());
    assertEquals(parsed.host(), made.host());
    assertEquals(parsed.size(), made.size());
    assertEquals(parsed.checksum(), made.checksum());
    assertEquals(parsed.headerSize(), made.headerSize());
    assertEquals(parsed.rank(), made.rank());
    assertEquals(parsed.attempts(), made.attempts());
    assertEquals(parsed.hasHistory(), made.hasHistory());
    assertEquals(parsed.due(), made.due());
    assertEquals(parsed.claimedAt(), made.claimedAt());
    assertEquals(parsed.claim(), made.claim());
    assertEquals(parsed.unclaimed(), made.unclaimed(), "their flags");
  }
}
