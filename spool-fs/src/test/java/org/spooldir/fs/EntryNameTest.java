package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the name of an entry says. */
class EntryNameTest {

  private static final String UNIQUE = "1763679600.M000123P4711Q7R9f3c2a1b00112233.host";

  private static EntryName parse(String text) {
    return EntryName.parse(text, ':');
  }

  @Test
  void everyPartIsUnderstood() {
    EntryName name =
        parse(
            UNIQUE + ",S=20,C=e3069283,H=13,P=7:2,S,a=3,u=1763679700123,t=1763679600456,w=h.1.x.9");
    assertEquals(UNIQUE, name.id().value());
    assertEquals(UNIQUE + ",S=20,C=e3069283,H=13,P=7", name.base());
    assertFalse(name.isForeign());
    assertEquals(1763679600L, name.seconds());
    assertEquals(123, name.micros());
    assertEquals("host", name.host());
    assertEquals(20, name.size());
    assertEquals(0xe3069283L, name.checksum());
    assertEquals(13, name.headerSize());
    assertEquals(7, name.priority());
    assertEquals(3, name.attempts());
    assertEquals(1763679700123L, name.due());
    assertEquals(1763679600456L, name.claimedAt());
    assertEquals("h.1.x", name.worker());
    assertTrue(name.hasHistory());
  }

  @Test
  void theIdIsFoundInAnyNameThatTheJobEverHas() {
    for (String name :
        List.of(
            UNIQUE,
            UNIQUE + ",S=20,C=e3069283",
            UNIQUE + ",S=20,C=e3069283:2,,a=3,t=1,w=h.1.x.9",
            UNIQUE + ",S=20,C=e3069283;2,,a=3",
            UNIQUE + ":2,FS")) {
      assertEquals(UNIQUE, EntryName.idIn(name).value(), name);
    }
    String longest = "x".repeat(255);
    assertEquals(parse(longest).id(), EntryName.idIn(longest));
    assertEquals("1234.M5P6.host,S=7", EntryName.idIn("1234.M5P6.host,S=7:2,S").value());
    assertEquals("hello\\040you,dear", EntryName.idIn("hello\\040you,dear").value());
    assertEquals("mail", EntryName.idIn("mail;2,S").value());
    assertEquals("m;a:i!l", EntryName.idIn("m;a:i!l;2,S").value());
    assertEquals("mail2,S", EntryName.idIn("mail2,S").value());
    assertEquals("mail", EntryName.idIn("mail:2,S;2,S").value()); // the first one counts
    for (String name :
        List.of("", ".hidden", "hello you", "b\u00e4r", "a/b", "\n", "x".repeat(256))) {
      assertThrows(IllegalArgumentException.class, () -> EntryName.idIn(name), name);
    }
  }

  @Test
  void whatIsNotThereHasItsDefault() {
    EntryName name = parse(UNIQUE);
    assertEquals(EntryName.NONE, name.size());
    assertEquals(EntryName.NONE, name.checksum());
    assertEquals(0, name.headerSize());
    assertEquals(4, name.priority());
    assertEquals(0, name.attempts());
    assertEquals(EntryName.NONE, name.due());
    assertEquals(EntryName.NONE, name.claimedAt());
    assertNull(name.worker());
    assertFalse(name.hasHistory());
  }

  @Test
  void aChecksumMayHaveEveryHexDigit() {
    assertEquals(0x01234567L, parse(UNIQUE + ",C=01234567").checksum());
    assertEquals(0x89abcdefL, parse(UNIQUE + ",C=89abcdef").checksum());
  }

  @Test
  void theEpochIsATimeLikeAnyOther() {
    assertEquals(UNIQUE + ":2,,u=0", parse(UNIQUE).scheduled(0).text());
    assertEquals(UNIQUE + ":2,,a=1,t=0,w=h.1.x.1", parse(UNIQUE).claimed(0, "h.1.x.1").text());
  }

  @Test
  void aDotInFrontHides() {
    assertTrue(parse("." + UNIQUE).isHidden());
    assertFalse(parse(UNIQUE).isHidden());
  }

  @Test
  void itPrintsAsOneWordAndIsWhatItsTextIs() {
    assertEquals("a\\012\\377b", parse("a\n\u00ffb").toString());
    assertEquals(parse("a").hashCode(), parse("a").hashCode());
    assertNotEquals(parse("a").hashCode(), parse("b").hashCode());
  }

  @Test
  void keysOfLaterVersionsTravelAlong() {
    EntryName name = parse(UNIQUE + ",S=5,Z=later,P=9");
    assertEquals(9, name.priority());
    assertEquals(
        UNIQUE + ",S=5,Z=later,P=9:2,,a=1,t=1,w=h.1.x.1", name.claimed(1, "h.1.x.1").text());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1763679600",
        "1763679600.M000123P4711Q7R9f3c2a1b00112233", // no host
        "1763679600.M000123P4711Q7R9f3c2a1b00112233.", // an empty one
        "163679600.M000123P4711Q7R9f3c2a1b00112233.host", // nine digits
        "11763679600.M000123P4711Q7R9f3c2a1b00112233.host", // eleven
        "1763679600.M00123P4711Q7R9f3c2a1b00112233.host", // five
        "1763679600.M0000123P4711Q7R9f3c2a1b00112233.host", // seven
        "1763679600.M000123PQ7R9f3c2a1b00112233.host", // no pid
        "1763679600.M000123P4711QR9f3c2a1b00112233.host", // no count
        "1763679600.M000123P4711Q7R9f3c2a1b0011223.host", // fifteen random digits
        "1763679600.M000123P4711Q7R9f3c2a1b001122334.host", // seventeen
        "1763679600.M000123P4711Q7R9F3C2A1B00112233.host", // capitals
        "1763679600.M000123P4711Q7R9g3c2a1b00112233.host", // no hex
        "1763679600.m000123P4711Q7R9f3c2a1b00112233.host", // a small m
        "1763679600.M000123p4711Q7R9f3c2a1b00112233.host",
        "1763679600.M000123P4711_7.host", // Dovecot's and others'
        "1763679600.V801I23M000123.host",
        "1763679600.4711_1.host", // Python's mailbox
        "-763679600.M000123P4711Q7R9f3c2a1b00112233.host",
        "+763679600.M000123P4711Q7R9f3c2a1b00112233.host",
        " 1763679600.M000123P4711Q7R9f3c2a1b00112233.host",
        "1763679600.M000123P4711Q7R9f3c2a1b00112233.ho st",
        "1763679600.M000123P4711Q7R9f3c2a1b00112233.h\u00f6st",
        "1763679600.M000123P4711Q7R9f3c2a1b00112233.ho\u001bst",
        "1763679600.M000123P47110000000000000000Q7R9f3c2a1b00112233.host", // a pid of 20 digits
        "\u0661763679600.M000123P4711Q7R9f3c2a1b00112233.host", // a digit, but not ours
        ".1763679600.M000123P4711Q7R9f3c2a1b00112233.host",
        ",S=5,C=e3069283:2,",
        ":2,a=1"
      })
  void whatOnlyLooksLikeOursIsForeign(String text) {
    EntryName name = parse(text + ",S=5,C=e3069283,H=3,P=9");
    assertTrue(name.isForeign(), text);
    assertEquals(EntryName.NONE, name.size());
    assertEquals(EntryName.NONE, name.checksum());
    assertEquals(0, name.headerSize());
    assertEquals(4, name.priority());
    assertEquals("", name.host());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "S=",
        "S=-1",
        "S=+1",
        "S= 1",
        "S=1x",
        "S=99999999999999999999",
        "S=9223372036854775808",
        "C=e306928",
        "C=e30692831",
        "C=E3069283",
        "C=e306928g",
        "C=0xe30692",
        "H=-1",
        "H=x",
        "P=10",
        "P=-1",
        "P=",
        "P=x",
        "s=5",
        "SS=5",
        "S",
        "=",
        "S5",
        "",
        "S==5"
      })
  void aKeyThatMakesNoSenseIsAsIfItWereNotThere(String key) {
    EntryName name = parse(UNIQUE + "," + key);
    assertFalse(name.isForeign());
    assertEquals(EntryName.NONE, name.size());
    assertEquals(EntryName.NONE, name.checksum());
    assertEquals(0, name.headerSize());
    assertEquals(4, name.priority());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a=-1",
        "a=x",
        "a=1000000",
        "a=99999999999999999999",
        "u=-5",
        "u=9223372036854775808",
        "t=x",
        "w=",
        "w=x",
        "w=.1",
        "w=x,.y",
        "A=1",
        "aa=1",
        "a",
        "=1"
      })
  void stateThatMakesNoSenseIsAsIfItWereNotThere(String key) {
    EntryName name = parse(UNIQUE + ":2,," + key);
    assertEquals(0, name.attempts());
    assertFalse(name.hasHistory());
    assertEquals(EntryName.NONE, name.due());
    assertEquals(EntryName.NONE, name.claimedAt());
    assertNull(name.worker());
    assertEquals(UNIQUE, name.base());
  }

  @Test
  void theSecondsOfAForeignNameCount() {
    assertEquals(1763679600L, parse("1763679600.4711_1.host").seconds());
    assertEquals(0, parse("job.txt").seconds());
    assertEquals(0, parse("99999999999999999999.x").seconds());
  }

  @Test
  void flagsOfMailReadersAreKeptButAreNoState() {
    EntryName name = parse("mail:2,RS");
    assertFalse(name.hasHistory());
    assertEquals("mail:2,RS,a=1,t=5,w=h.1.x.1", name.claimed(5, "h.1.x.1").text());
    assertEquals("mail:2,RS,a=1", parse(name.claimed(5, "h.1.x.1").text()).unclaimed().text());
    assertEquals("mail:2,RS", name.unclaimed().text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"AZaz", "S", "", "abcdefghijklmnopqrstuvwxyzABCDEF"})
  void flagsAreUpTo32Letters(String flags) {
    assertEquals("mail:2," + flags + ",a=0", parse("mail:2," + flags).withAttempts(0).text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"@", "[", "`", "{", "S1", "S S", "abcdefghijklmnopqrstuvwxyzABCDEFG"})
  void whatAreNoFlagsIsDropped(String flags) {
    assertEquals("mail:2,,a=0", parse("mail:2," + flags).withAttempts(0).text());
  }

  @Test
  void flagsAreKeptAsLongAsThereIsRoom() {
    String base = "x".repeat(180);
    String flags = "S".repeat(32);
    EntryName name = parse(base + ":2," + flags);
    String state = ",a=1,t=5,w="; // 40 bytes are left for it
    String worker = "w".repeat(27) + ".1";
    assertEquals(base + ":2," + flags + state + worker, name.claimed(5, worker).text());
    assertEquals(base + ":2," + state + "w" + worker, name.claimed(5, "w" + worker).text());
  }

  @Test
  void theFirstSeparatorCounts() {
    // By the last one, a name that loses its state would be read in another way than before.
    assertEquals("a", parse("a:2,b:2,c").base());
    assertEquals("a:b", parse("a:b").base());
    assertEquals(":2,S", parse(":2,S").base()); // a base is never empty
    assertEquals(":2,S", parse(":2,S:2,S").base());
  }

  @Test
  void theSeparatorIsASetting() {
    EntryName name = EntryName.parse(UNIQUE + ",S=5;2,,a=2", ';');
    assertEquals(2, name.attempts());
    assertEquals(UNIQUE + ",S=5;2,,a=3,t=1,w=h.1.x.1", name.claimed(1, "h.1.x.1").text());
    assertEquals(0, EntryName.parse(UNIQUE + ",S=5;2,,a=2", ':').attempts());
  }

  // ---- order ----

  @Test
  void priorityComesFirstThenTime() {
    List<EntryName> expected = new ArrayList<>();
    for (String text :
        List.of(
            "1763679601.M000000P1Q1R9f3c2a1b00112233.h,P=9",
            "1763679600.M000001P1Q1R9f3c2a1b00112233.h,P=5",
            "job.txt", // says no time: it may have waited for ever
            "1763679600.M000001P1Q1R9f3c2a1b00112233.h",
            "1763679600.M000001P1Q2R0000000000000000.h,P=4",
            "1763679600.M000002P1Q3R0000000000000000.h",
            "1763679601.M000000P1Q4R0000000000000000.h",
            "1763679600.M000000P1Q5R0000000000000000.h,P=0")) {
      expected.add(parse(text));
    }
    List<EntryName> shuffled = new ArrayList<>(expected);
    Collections.shuffle(shuffled, new Random(42));
    shuffled.sort(Lab.ORDER);
    assertEquals(expected, shuffled);
  }

  @Test
  void theStateDoesNotChangeTheOrder() {
    EntryName first = parse(UNIQUE);
    EntryName second = parse("1763679600.M000124P1Q1R9f3c2a1b00112233.host");
    assertTrue(Lab.ORDER.compare(parse(first.text() + ":2,,a=7"), second) < 0);
  }

  @Test
  void whatIsOlderIsToldByTheTimeAlone() {
    EntryName first = parse("1763679600.M000001P1Q1R0000000000000000.h,P=0");
    EntryName second = parse("1763679600.M000002P1Q1R0000000000000000.h,P=9");
    EntryName third = parse("1763679601.M000000P1Q1R0000000000000000.h");
    EntryName twin = parse("1763679600.M000001P1Q1R0000000000000001.h");
    assertTrue(first.isBefore(second) && second.isBefore(third) && first.isBefore(third));
    assertFalse(second.isBefore(first) || third.isBefore(second));
    assertFalse(first.isBefore(twin) || twin.isBefore(first));
  }

  // ---- foreign names on their way ----

  @Test
  void twoDeliveriesOfOneNameGoOnUnderTwo() {
    EntryName mail = parse("mail");
    assertNotEquals(mail.adopted("1").base(), mail.adopted("2").base());
    assertNotEquals(mail.adopted("1").id(), mail.adopted("2").id());
    assertTrue(mail.adopted("1").base().startsWith("mail~"));
  }

  @Test
  void aNameIsOfOneJobOnly() {
    EntryName mail = parse("mail");
    EntryName adopted = mail.adopted("1").claimed(1, "host.1.abc.1");
    assertTrue(adopted.isOfJob(mail) && mail.isOfJob(adopted));
    assertEquals(mail.stem(), adopted.stem());
    assertFalse(adopted.isOfJob(mail.adopted("2")));
    assertFalse(adopted.isOfJob(parse("mai")) || parse("mail2").isOfJob(adopted));
    EntryName ours = parse(UNIQUE);
    assertTrue(ours.isOfJob(ours.claimed(1, "host.1.abc.1")));
    assertFalse(ours.isOfJob(mail) || mail.isOfJob(ours) || adopted.isOfJob(ours));
  }

  @Test
  void whatHasMovedBeforeOrIsOursKeepsItsName() {
    EntryName moved = parse("mail").adopted("1");
    assertSame(moved, moved.adopted("2"));
    EntryName ours = parse(UNIQUE);
    assertSame(ours, ours.adopted("1"));
  }

  @Test
  void anAdoptedNameHasNotBeenTriedYet() {
    EntryName adopted = parse("mail:2,S").adopted("1");
    assertEquals(0, adopted.attempts());
    assertEquals(1, adopted.claimed(1, "h.1.x.1").attempts());
    assertTrue(adopted.text().contains(":2,S,a=0"), adopted.text());
  }

  @Test
  void anAdoptedNameTakesTheRoomThatThereIs() {
    String base = parse("x".repeat(180)).adopted("1").base();
    assertEquals(EntryNameBase.MAX_LENGTH, base.length());
    assertTrue(base.matches("x+~[0-9a-f]{16}"), base);
    assertEquals("x".repeat(180), parse("x".repeat(180)).id().value());
  }

  @Test
  void aLongForeignNameGoesOnUnderAShorterOne() {
    EntryName name = parse("x".repeat(255));
    assertEquals("x".repeat(255), name.text());
    assertTrue(name.base().length() <= EntryNameBase.MAX_LENGTH);
    assertNotEquals(name.base(), parse("x".repeat(254) + "y").base());
    assertEquals(name.base(), parse(name.base()).base());
    assertEquals(name.base(), name.unclaimed().text());
    EntryName claimed = parse("x".repeat(200) + ":2,,a=1").claimed(1, "h.1.x.1");
    assertEquals(parse("x".repeat(200)).base() + ":2,,a=2,t=1,w=h.1.x.1", claimed.text());
    assertTrue(name.adopted("1").claimed(1, "h.1.x.1").text().length() <= EntryName.MAX_NAME);
  }
}
