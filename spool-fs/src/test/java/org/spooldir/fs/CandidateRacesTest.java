package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.SpoolFixture;
import org.spooldir.SpoolFixture.Background;

/** C1: races, arrivals, and what cannot be claimed. */
class CandidateRacesTest extends SpoolTest {

  private Candidates candidates;

  @BeforeEach
  void makeCandidates() throws Exception {
    candidates = new Candidates(lab.site(Lab.OPTIONS), () -> null);
    lab.ops.shuffleListings(20261121);
  }

  private static String name(int number, int priority) {
    return "1767225600.M%06dP1Q1R0000000000000000.h,P=%d".formatted(number, priority);
  }

  private EntryName file(int number, int priority) throws IOException {
    Path file = Files.createFile(lab.root.resolve("new").resolve(name(number, priority)));
    return lab.layout().nameOf(file);
  }

  private EntryName next() throws IOException {
    return candidates.next().orElseThrow(() -> new AssertionError("no candidate"));
  }

  /** Takes the next candidate as a worker does: it leaves {@code new/}. */
  private EntryName take() throws IOException {
    EntryName next = next();
    Files.delete(lab.root.resolve("new").resolve(next.text()));
    candidates.wonRace(next);
    return next;
  }

  @Test
  void oneWorkerTakesTenThousandInExactOrder() throws Exception {
    List<EntryName> expected = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      expected.add(file(i, 4));
    }
    List<EntryName> taken = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      taken.add(take());
    }
    assertEquals(expected, taken);
    assertEquals(Optional.empty(), candidates.next());
    assertEquals(4, lab.faults.count("list new")); // three windows, and the end
  }

  @Test
  void theWindowIsBoundedHoweverManyArrive() throws Exception {
    for (int i = 0; i < Lab.WINDOW; i++) {
      file(i, 4);
    }
    EntryName first = take();
    assertEquals(0, first.micros());
    for (int i = 0; i < 3 * Lab.WINDOW; i++) {
      candidates.offer(file(10_000 + i, 5));
    }
    lab.faults.forget();
    for (int i = 0; i < Lab.WINDOW / Window.SPARE; i++) {
      take();
    }
    assertEquals(0, lab.faults.count("list new"));
    take();
    assertEquals(1, lab.faults.count("list new"));
  }

  @Test
  void anArrivalThatIsHeardOfLateChangesNoOrder() throws Exception {
    List<EntryName> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      all.add(file(i, 4));
    }
    List<EntryName> taken = new ArrayList<>(List.of(take()));
    candidates.offer(taken.get(0)); // the event for what a listing has shown, and is taken already
    while (taken.size() < 100) {
      EntryName next = next();
      if (Files.deleteIfExists(lab.root.resolve("new").resolve(next.text()))) {
        candidates.wonRace(next);
        taken.add(next);
      } else {
        candidates.lostRace(next);
      }
    }
    assertEquals(all, taken);
  }

  @Test
  void anArrivalBeyondTheWindowIsLeftToTheNextListing() throws Exception {
    for (int i = 0; i < Lab.WINDOW + 10; i++) {
      file(i, 4);
    }
    take();
    candidates.offer(file(999_999, 4));
    for (int i = 1; i < Lab.WINDOW + 10; i++) {
      assertEquals(i, take().micros());
    }
    assertEquals(999_999, take().micros());
  }

  @Test
  void whoLostARaceGoesOnElsewhere() throws Exception {
    for (int i = 0; i < 1000; i++) {
      file(i, 4);
    }
    Set<Integer> tried = new HashSet<>();
    for (int i = 0; i < 10; i++) {
      EntryName next = next();
      tried.add(next.micros());
      candidates.lostRace(next);
    }
    assertTrue(tried.stream().anyMatch(micros -> micros > 100), () -> "fights on: " + tried);
  }

  @Test
  void whoLosesAgainAndAgainLooksAgain() throws Exception {
    for (int i = 0; i < 100; i++) {
      file(i, 4);
    }
    for (int i = 0; i < 16; i++) {
      candidates.lostRace(next());
    }
    assertEquals(1, lab.faults.count("list new"));
    next();
    assertEquals(2, lab.faults.count("list new"));
  }

  @Test
  void toLoseWhatWasWonBeforeAndCameBackIsToLoseARace() throws Exception {
    for (int i = 0; i < 100; i++) {
      file(i, 4);
    }
    for (int i = 0; i < 100; i++) {
      Files.createFile(lab.root.resolve("new").resolve(take().withAttempts(1).text()));
    }
    for (int i = 0; i < 16; i++) {
      candidates.lostRace(next());
    }
    assertEquals(2, lab.faults.count("list new"));
    next();
    assertEquals(3, lab.faults.count("list new"));
  }

  /** Who writes names in a shell may have no clock of microseconds. */
  @Test
  void toLoseANameOfTheSecondOfOneThatWasWonIsToLoseARace() throws Exception {
    for (int i = 0; i < 100; i++) {
      String name = "1763679600.M000000P1Q" + i + "R0123456789abcdef.host";
      Files.createFile(lab.root.resolve("new").resolve(name));
    }
    for (int i = 0; i < 50; i++) {
      take();
    }
    for (int i = 0; i < 16; i++) {
      candidates.lostRace(next());
    }
    next();
    assertEquals(2, lab.faults.count("list new"));
  }

  @Test
  void whatIsShunnedIsLeftAloneForAMinute() throws Exception {
    EntryName stuck = file(0, 9);
    EntryName good = file(1, 4);
    candidates.shun(next());
    candidates.offer(stuck);
    assertEquals(good, take());
    lab.time.advance(Duration.ofSeconds(59));
    assertEquals(Optional.empty(), candidates.next());
    lab.time.advance(Duration.ofSeconds(1));
    assertEquals(stuck, next());
  }

  @Test
  void hiddenFilesAndForeignDirectoriesAreNoCandidates() throws Exception {
    Files.createDirectory(lab.root.resolve("new/directory"));
    Files.createFile(lab.root.resolve("new/.hidden"));
    for (String each : List.of("directory", ".hidden", "gone")) {
      candidates.offer(EntryName.parse(each, ':'));
    }
    assertEquals(Optional.empty(), candidates.next());
  }

  @Test
  void aListingThatFailsHalfwayIsAFailureAndNoEnd() throws Exception {
    file(1, 4);
    lab.ops.failWhileListing("new");
    assertThrows(IOException.class, candidates::next);
    lab.ops.failWhileListing("");
    assertEquals(1, take().micros());
  }

  @Test
  void newsAreLookedForWhileThereIsWork() throws Exception {
    file(1, 4);
    file(2, 4);
    take();
    file(3, 9); // nobody hears of it
    lab.time.advance(Lab.LONG);
    assertEquals(3, take().micros());
  }

  @Test
  void aWaiterIsWokenByAnArrivalAndByACall() throws Exception {
    assertEquals(Optional.empty(), candidates.next());
    Background<Boolean> waiter = waiter();
    candidates.offer(file(1, 4));
    assertTrue(waiter.result());
    take();
    waiter = waiter();
    candidates.wakeAll();
    assertTrue(waiter.result());
  }

  private Background<Boolean> waiter() {
    Background<Boolean> waiter =
        SpoolFixture.inBackground(
            () -> {
              candidates.await(Lab.LONG);
              return true;
            });
    waiter.awaitWaiting();
    return waiter;
  }

  @Test
  void oneWorkerKeepsTheOrderWhileTheProducerGoesOn() throws Exception {
    DirectorySpool worker = lab.openWorker(Lab.OPTIONS.poll(Duration.ofMillis(10)));
    DirectorySpool producer = lab.another().open();
    int jobs = 3000;
    Background<Integer> production =
        SpoolFixture.inBackground(
            () -> {
              for (int i = 0; i < jobs; i++) {
                producer.enqueue(Job.of("%05d".formatted(i)));
              }
              return jobs;
            });
    List<String> order = new ArrayList<>();
    while (order.size() < jobs) {
      Optional<Claim> claim = worker.claim();
      if (claim.isPresent()) {
        order.add(claim.get().payload().text());
        claim.get().complete();
      }
    }
    assertEquals(jobs, production.result());
    for (int i = 0; i < jobs; i++) { // a listing may miss a name that is made meanwhile, no more
      int at = i;
      int displaced = Math.abs(Integer.parseInt(order.get(i)) - i);
      assertTrue(displaced < 16, () -> order.get(at) + " came as number " + at);
    }
  }

  /** The thread that hears of arrivals may be thousands of claims behind. */
  @Test
  void newsThatComeThousandsOfClaimsLateAreNoLostRaces() throws Exception {
    for (int i = 0; i < 100; i++) {
      file(i, 4);
    }
    take();
    List<EntryName> won = new ArrayList<>();
    for (int i = 1000; i < 5000; i++) {
      won.add(EntryName.parse(name(i, 4), ':'));
    }
    won.forEach(candidates::wonRace);
    lab.faults.forget();
    won.forEach(candidates::lostRace);
    for (int i = 1; i < 100; i++) {
      assertEquals(i, take().micros());
    }
    assertEquals(0, lab.faults.count("list new"));
  }

  /** News of an arrival may come again, or after the job was claimed. */
  @Test
  void lateNewsOfAnOwnClaimAreNoLostRace() throws Exception {
    Site site = lab.site(Lab.OPTIONS);
    DirectoryInspector inspector = new DirectoryInspector(site.ops(), site.layout());
    FailureLog log = new FailureLog(site.ops(), site.layout());
    Presence presence = new Presence(site, WorkerIdentity.ofThisProcess(Lab.OPTIONS.lease()));
    Settler settler = new Settler(site, log, new DedupKeys(site, inspector));
    Claimer claimer = new Claimer(site, candidates, presence, settler);
    assertEquals(Optional.empty(), claimer.claim());
    List<EntryName> files = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      files.add(file(i, 4));
      candidates.offer(files.get(i));
    }
    for (EntryName file : files) {
      assertEquals(file.id(), claimer.claim().orElseThrow().id());
      candidates.offer(file);
    }
  }
}
