package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.spooldir.fs.Window.Candidate;
import org.spooldir.fs.Window.Share;

/** In which order the names of one listing are tried, by one process and by many. */
class WindowTest {

  private static final int MOST = 20_000;

  private static Candidate candidate(int number) {
    return new Candidate(number, "name " + number);
  }

  private static List<Candidate> candidates(int from, int to) {
    return IntStream.range(from, to).mapToObj(WindowTest::candidate).toList();
  }

  private static Window of(int count) {
    return new Window(candidates(0, count), MOST, Share.ALL);
  }

  private static List<Candidate> rest(Window window) {
    List<Candidate> rest = new ArrayList<>();
    for (Candidate next = window.poll(); next != null; next = window.poll()) {
      rest.add(next);
    }
    assertTrue(window.isEmpty());
    return rest;
  }

  @Test
  void aloneItIsTheOrderOfTheListing() {
    assertEquals(candidates(0, 10_000), rest(of(10_000)));
  }

  @Test
  void whatArrivedComesWhereItBelongs() {
    Window window = new Window(List.of(candidate(1), candidate(3)), MOST, Share.ALL);
    assertTrue(window.offer(candidate(4)));
    assertTrue(window.offer(candidate(2)));
    assertTrue(window.offer(candidate(0)));
    assertEquals(candidates(0, 5), rest(window));
  }

  @Test
  void whatIsKnownIsNotTakenAgain() {
    Window window = of(3);
    assertEquals(candidate(0), window.poll());
    assertFalse(window.offer(candidate(0)), "tried");
    assertFalse(window.offer(candidate(2)), "listed");
    assertTrue(window.offer(candidate(7)));
    assertFalse(window.offer(candidate(7)), "arrived");
  }

  @Test
  void behindAListingThatWasCutOffNothingIsKnown() {
    Window window = new Window(candidates(0, 5), 5, Share.ALL);
    assertFalse(window.offer(candidate(9)), "others may come before it");
    assertEquals(candidates(0, 5), rest(window));
  }

  @Test
  void afterTooManyArrivalsWhatComesBehindThemIsNotKnownAnyMore() {
    Window window = new Window(List.of(candidate(50)), 10, Share.ALL);
    for (int i = 0; i < 20; i++) {
      window.offer(candidate(i));
    }
    assertEquals(candidates(0, 9), rest(window)); // 9 to 19 come before 50, but were not kept
  }

  @Test
  void eachHasItsOwnFirstAndTheOthersAfterThemWithinABlock() {
    List<Candidate> all = candidates(0, 10_000);
    Set<Candidate> firsts = new HashSet<>();
    for (int self = 0; self < 4; self++) {
      List<Candidate> turns = rest(new Window(all, MOST, new Share(4, self)));
      assertEquals(new HashSet<>(all), new HashSet<>(turns));
      for (int i = 0; i < turns.size(); i++) {
        assertEquals(i / 4096, turns.get(i).rank() / 4096, "a block before the next");
      }
      List<Candidate> own = turns.subList(0, 900);
      assertEquals(own.stream().sorted().toList(), own);
      assertEquals(0, own.stream().filter(firsts::contains).count());
      firsts.addAll(own);
    }
  }

  @Test
  void whoLosesGoesOnInTheSameBlockThenInTheNext() {
    Window window = of(10_000);
    Random random = new Random(1);
    window.poll();
    assertFalse(window.lost(random));
    long next = Objects.requireNonNull(window.poll()).rank();
    assertTrue(next > 1 && next < 4096, "next is " + next);
    assertFalse(window.lost(random));
    assertEquals(candidate(4096), window.poll());
    assertEquals(10_000 - 3, rest(window).size(), "what was left out comes at the end");
  }

  @Test
  void whoLosesAllTheTimeHasAnOldListing() {
    Window window = of(10_000);
    Random random = new Random(1);
    int lost = 1;
    for (window.poll(); !window.lost(random); window.poll()) {
      lost++;
    }
    assertEquals(16, lost);
    window.won();
    assertFalse(window.lost(random), "in a row");
  }

  @Test
  void whereAllHeardOfTheSameArrivalsTheLoserStepsAsideToo() {
    Window window = of(0);
    candidates(0, 1000).forEach(window::offer);
    assertEquals(candidate(0), window.poll());
    window.lost(new Random(1));
    assertTrue(Objects.requireNonNull(window.poll()).rank() > 1);
    assertEquals(998, rest(window).size());
  }

  @Test
  void twoThreadsThatLoseAtOnceForgetNothing() {
    Window window = of(10);
    window.offer(candidate(20));
    Random random = new Random(1);
    for (int i = 0; i < 8; i++) {
      window.poll();
    }
    for (int i = 0; i < 8; i++) {
      window.lost(random);
    }
    assertEquals(3, rest(window).size());
  }

  @Test
  void anEmptyOneHasNothing() {
    assertNull(Window.empty().poll());
    assertTrue(Window.empty().isEmpty());
  }

  @Test
  void whatArrivesInOneIsInNoOther() {
    Window one = Window.empty();
    Window other = Window.empty();
    assertTrue(one.offer(candidate(1)));
    assertNull(other.poll());
    assertEquals(candidate(1), one.poll());
  }
}
