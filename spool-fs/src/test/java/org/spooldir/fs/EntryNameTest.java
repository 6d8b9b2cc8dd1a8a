package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EntryNameTest {

  private static final String UNIQUE = "1763679600.M000123P4711Q7R9f3c2a1b00112233.host";
  private static final String BASE = UNIQUE + ",S=20,C=0a1b2c3d,H=12,P=7";

  private static EntryName parse(String text) {
    return EntryName.parse(text, ':');
  }

  @Test
  void whatAProducerWroteIsReadBack() {
    EntryName name = parse(BASE);
    assertEquals(UNIQUE, name.id().value());
    assertEquals(BASE, name.base());
    assertEquals(1_763_679_600L, name.seconds());
    assertEquals(123, name.micros());
    assertEquals("host", name.host());
    assertEquals(20, name.size());
    assertEquals(0x0a1b2c3dL, name.checksum());
    assertEquals(12, name.headerSize());
    assertEquals(7, name.priority());
    assertEquals(0, name.attempts());
    assertFalse(name.isForeign());
    assertFalse(name.hasHistory());
    assertNull(name.worker());
  }

  @Test
  void whatIsAbsentHasItsDefault() {
    EntryName name = parse(UNIQUE);
    assertEquals(EntryName.NONE, name.size());
    assertEquals(EntryName.NONE, name.checksum());
    assertEquals(0, name.headerSize());
    assertEquals(4, name.priority());
    assertEquals(EntryName.NONE, name.due());
  }

  @Test
  void theStateTravelsInTheNameAndTheBaseNeverChanges() {
    EntryName claimed = parse(BASE).claimed(1_000, "host.4711.k3x9.5");
    assertEquals(BASE + ":2,,a=1,t=1000,w=host.4711.k3x9.5", claimed.text());
    assertEquals("host.4711.k3x9", claimed.worker());
    assertEquals(1, claimed.attempts());
    assertEquals(1_000, claimed.claimedAt());
    EntryName delayed = claimed.delayed(claimed.attempts(), 5_000);
    assertEquals(BASE + ":2,,a=1,u=5000", delayed.text());
    assertEquals(5_000, delayed.due());
    assertEquals(BASE + ":2,,a=1", delayed.unclaimed().text());
    assertEquals(BASE + ":2,,a=2,t=7,w=w.1", delayed.unclaimed().claimed(7, "w.1").text());
    assertEquals(BASE + ":2,,a=0", claimed.withAttempts(0).text());
    assertEquals(BASE + ":2,,u=9", parse(BASE).scheduled(9).text());
    assertEquals(BASE, parse(BASE).scheduled(9).unclaimed().text());
  }

  @Test
  void flagsOfMailReadersStay() {
    EntryName name = parse(BASE + ":2,FS,a=3");
    assertEquals(3, name.attempts());
    assertEquals(BASE + ":2,FS,a=4,t=1,w=w.1", name.claimed(1, "w.1").text());
  }

  @Test
  void anotherSeparatorIsASetting() {
    EntryName claimed = EntryName.parse(BASE, ';').claimed(1, "w.1");
    assertEquals(BASE + ";2,,a=1,t=1,w=w.1", claimed.text());
    assertEquals(BASE, claimed.base());
  }

  /** Almost ours: each differs in one place from a name that is. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "176367960.M000123P4711Q7R9f3c2a1b00112233.host",
        "17636796000.M000123P4711Q7R9f3c2a1b00112233.host",
        "1763679600M000123P4711Q7R9f3c2a1b00112233.host",
        "1763679600.m000123P4711Q7R9f3c2a1b00112233.host",
        "1763679600.M00123P4711Q7R9f3c2a1b00112233.host",
        "1763679600.M0000123P4711Q7R9f3c2a1b00112233.host",
        "1763679600.M000123P4711R9f3c2a1b00112233.host",
        "1763679600.M000123PQ7R9f3c2a1b00112233.host",
        "1763679600.M000123P4711QR9f3c2a1b00112233.host",
        "1763679600.M000123P4711Q7R9f3c2a1b0011223.host",
        "1763679600.M000123P4711Q7R9F3C2A1B00112233.host",
        "1763679600.M000123P4711Q7R9f3c2a1b001122334.host",
        "1763679600.M000123P4711Q7R9f3c2a1b00112233",
        "1763679600.M000123P4711Q7R9f3c2a1b00112233.",
        "1763679600.M000123P4711Q7R9f3c2a1b00112233.ho st",
        "1763679600.M000123P4711Q7R9f3c2a1b00112233.h\u00e9st",
        "x1763679600.M000123P4711Q7R9f3c2a1b00112233.host",
        ""
      })
  void aNearMissIsForeign(String text) {
    EntryName name = parse(text + ",S=5,P=9");
    assertTrue(name.isForeign());
    assertEquals(4, name.priority());
    assertEquals(EntryName.NONE, name.size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {",S=", ",S=-1", ",S=1x", ",S=99999999999999999999", ",s=1", ",SS=1", ",S"})
  void aMalformedKeyIsAsIfItWereNotThere(String key) {
    EntryName name = parse(UNIQUE + key + ",P=2");
    assertEquals(EntryName.NONE, name.size());
    assertEquals(2, name.priority());
    assertFalse(name.isForeign());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a=x", "a=-1", "a=1000000", "b=1", "a", "=1", ",,,"})
  void malformedStateIsAsIfItWereNotThere(String state) {
    assertEquals(0, parse(UNIQUE + ":2,," + state).attempts());
  }

  @Test
  void aForeignNameIsUniqueFromItsFirstMoveOn() {
    EntryName first = parse("job1").adopted("salt 1");
    EntryName second = parse("job1").adopted("salt 2");
    assertTrue(first.text().matches("job1~[0-9a-f]{16}:2,,a=0"), first.text());
    assertFalse(first.text().equals(second.text()));
    assertEquals(first, first.adopted("salt 3"));
    assertEquals(BASE, parse(BASE).adopted("salt").text());
  }

  @Test
  void aNameIsTakenInOrderOfPriorityThenTime() {
    List<EntryName> names = new ArrayList<>();
    for (String text :
        List.of(
            "no-time",
            "1000000000.M000002P1Q1R0000000000000000.h,P=9",
            "1000000001.M000001P1Q1R0000000000000000.h,P=9",
            "999.other",
            "1000000000.M000001P1Q1R0000000000000000.h",
            "1000000000.M000002P1Q1R0000000000000000.h",
            "1000000000.M000001P1Q1R0000000000000000.h,P=0")) {
      names.add(parse(text));
    }
    List<EntryName> expected =
        List.of(
            names.get(1),
            names.get(2),
            names.get(0),
            names.get(3),
            names.get(4),
            names.get(5),
            names.get(6));
    Collections.shuffle(names, new Random(1));
    Collections.sort(names, EntryName.ORDER);
    assertEquals(expected, names);
  }

  @Test
  void parsingIsTotalAndNoNextNameIsTooLongOrEscapes() {
    long seed = System.nanoTime();
    System.out.println("EntryNameTest seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 30_000; i++) {
      EntryName name = parse(randomName(random));
      List<EntryName> next =
          List.of(
              name.adopted("s").claimed(Long.MAX_VALUE, "hosthosthos.4194304.abcdefg.9999999999"),
              name.delayed(999_999, Long.MAX_VALUE),
              name.unclaimed(),
              name.withAttempts(0));
      assertTrue(name.id().value().length() <= 180, name::toString);
      for (EntryName each : next) {
        assertTrue(each.text().length() <= EntryName.MAX_NAME, () -> seed + ": " + each);
        assertTrue(each.text().indexOf('/') < 0, () -> seed + ": " + each);
        assertEquals(each, parse(each.text()));
        assertEquals(name.isForeign(), each.isForeign());
      }
    }
  }

  /** Pieces of real names, and rubbish, in any order; never with a slash, as on disk. */
  private static String randomName(Random random) {
    List<String> pieces =
        List.of(
            UNIQUE, BASE, ":2,", ",S=1", ",a=5", ",u=9", ",w=a.1", ",w=", "FS", ",", "=", ":", "~");
    StringBuilder name = new StringBuilder("x".repeat(random.nextInt(2)));
    int parts = 1 + random.nextInt(6);
    for (int i = 0; i < parts; i++) {
      if (random.nextInt(3) > 0) {
        name.append(pieces.get(random.nextInt(pieces.size())));
      } else {
        random
            .ints(random.nextInt(90), 1, 256)
            .filter(c -> c != '/')
            .forEach(c -> name.append((char) c));
      }
    }
    return name.length() == 0
        ? "x"
        : name.substring(0, Math.min(name.length(), EntryName.MAX_NAME));
  }
}
