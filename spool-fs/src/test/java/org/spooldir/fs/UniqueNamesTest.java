package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UniqueNamesTest {

  /** A clock that goes where it is told, backwards too. */
  private static final class Steps extends Clock {
    private final long[] millis;
    private int next;

    Steps(long... millis) {
      this.millis = millis;
    }

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(millis[Math.min(next++, millis.length - 1)]);
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private static UniqueNames names(Clock clock, String host) {
    return new UniqueNames(clock, new Random(1), 4711, host);
  }

  @Test
  void theNameSaysWhenAndWhere() {
    String name = names(new Steps(1_763_679_600_123L), "web1").next();
    assertTrue(name.matches("1763679600\\.M123000P4711Q1R[0-9a-f]{16}\\.web1"), name);
    assertEquals(name, EntryName.parse(name, ':').id().value());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0000000000\\.M000001P.*", // later than nothing
    "1000000001, 0001000000\\.M001000P.*",
    "999999999999, 0999999999\\.M999000P.*",
    "1000000000000, 1000000000\\.M000000P.*",
    "1000000000099, 1000000000\\.M099000P.*",
    "1000000000100, 1000000000\\.M100000P.*"
  })
  void secondsHaveTenDigitsAndMicrosecondsSix(long millis, String expected) {
    String name = names(new Steps(millis), "h").next();
    assertTrue(name.matches(expected), name);
  }

  @Test
  void timeInNamesNeverStandsStillOrGoesBackWithTheClock() {
    UniqueNames names = names(new Steps(5_000, 5_000, 4_000, 1, 6_000, 5_999, 5_999), "h");
    List<String> made = new ArrayList<>();
    List<EntryName> sorted = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String name = names.next();
      made.add(name);
      sorted.add(EntryName.parse(name, ':'));
    }
    sorted.sort(Lab.ORDER);
    assertEquals(made, sorted.stream().map(EntryName::text).toList());
    assertEquals(20, made.stream().map(name -> name.substring(0, 18)).distinct().count());
  }

  @Test
  void twoContainersWithOnePidAndHostMakeDifferentNames() {
    Clock clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
    String one = new UniqueNames(clock, new Random(1), 7, "h").next();
    String other = new UniqueNames(clock, new Random(2), 7, "h").next();
    assertTrue(!one.equals(other), one);
  }

  @Test
  void manyThreadsNeverGetTheSameName() {
    UniqueNames names = names(Clock.systemUTC(), "h");
    Set<String> made =
        new HashSet<>(IntStream.range(0, 20_000).parallel().mapToObj(i -> names.next()).toList());
    assertEquals(20_000, made.size());
    assertEquals(20_000, made.stream().map(name -> name.substring(0, 18)).distinct().count());
  }

  @ParameterizedTest
  @CsvSource({
    "plain, plain",
    "a/b:c, a\\057b\\072c",
    "'a,b', a\\054b",
    "a\\b, a\\134b",
    "'', localhost",
    "h\u00e9, h\\303\\251",
    "'a b;!', a\\040b\\073\\041"
  })
  void whatMeansSomethingInANameIsEscapedInTheHost(String host, String escaped) {
    assertEquals(escaped, UniqueNames.escapeHost(host, 64));
  }

  @Test
  void aLongHostIsCutButNeverInTheMiddleOfAnEscape() {
    assertEquals("abc", UniqueNames.escapeHost("abc:def", 6));
    assertEquals("x".repeat(32), UniqueNames.escapeHost("x".repeat(300), 32));
    assertTrue(names(Clock.systemUTC(), "\u00e9".repeat(300)).next().length() <= 110);
  }
}
