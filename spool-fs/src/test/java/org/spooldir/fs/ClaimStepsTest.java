package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.SpoolEvent;
import org.spooldir.SpoolException;

/** C0 to C3. */
class ClaimStepsTest extends SpoolTest {

  private static final String C2 = "rename new/.* cur/.*";

  private final Shorthand shorthand = new Shorthand();

  private List<String> claim(DirectorySpool spool) {
    return lab.faults.during(() -> Lab.claim(spool));
  }

  @Test
  void c0ComesBeforeTheFirstClaim() throws Exception {
    DirectorySpool spool = lab.open();
    spool.enqueue(Job.of("x"));
    assertEquals(
        List.of(
            "mkdir workers",
            "create workers/W1", // C0
            "write workers/W1",
            "rename new/J1 cur/J1:2,,a=1,t,w=W1.1"), // C2
        shorthand.changes(claim(spool)));
  }

  @Test
  void oneC0IsEnoughForAllClaims() throws Exception {
    DirectorySpool spool = lab.openWorker();
    spool.enqueue(Job.of("x"));
    Lab.claim(spool).complete();
    spool.enqueue(Job.of("y"));
    List<String> calls = claim(spool);
    assertEquals(List.of(), calls.stream().filter(call -> call.contains("workers")).toList());
    assertEquals(1, lab.faults.count("create workers/.*"));
  }

  @Test
  void whoLosesARaceStepsAside() throws Exception {
    DirectorySpool spool = lab.open(); // its first listing has them all
    List<JobId> jobs =
        spool.enqueueAll(IntStream.range(0, 200).mapToObj(i -> Job.of("" + i)).toList());
    lab.faults.on(C2).nth(1).fails(new NoSuchFileException("another was faster"));
    JobId claimed = Lab.claim(spool).id();
    assertTrue(jobs.indexOf(claimed) > 1, "it fights for the next one in the row");
  }

  @Test
  void c2IsForcedAtLevelFull() throws Exception {
    DirectorySpool spool = lab.openWorker(Lab.OPTIONS.durability(Durability.FULL));
    spool.enqueue(Job.of("x"));
    List<String> calls = shorthand.changes(claim(spool));
    assertEquals(
        List.of("rename new/J1 cur/J1:2,,a=1,t,w=W1.1", "forceDirectory cur", "forceDirectory new"),
        calls);
  }

  @Test
  void aLookThatFindsNothingChangesNothing() throws Exception {
    DirectorySpool spool = lab.openWorker();
    Tree before = Tree.of(lab.root);
    assertEquals(List.of(), shorthand.changes(lab.faults.during(spool::claim)));
    assertEquals(before, Tree.of(lab.root));
  }

  @Test
  void c3LooksAtTheEntryInItsOwnDirectoryBeforeItOpensIt() throws Exception {
    DirectorySpool spool = lab.openWorker();
    spool.enqueue(Job.of("x"));
    List<String> calls = shorthand.all(claim(spool));
    String held = "cur/J1:2,,a=1,t,w=W1.1";
    assertEquals(
        List.of("rename new/J1 " + held, "stat " + held, "read " + held),
        calls.subList(calls.size() - 3, calls.size()));
  }

  @Test
  void c3ReadsALargeJobWholeBeforeAWorkerSeesIt() throws Exception {
    DirectorySpool spool = lab.openWorker();
    spool.enqueue(Job.of(new byte[1 << 20]));
    Files.write(lab.only("new"), new byte[] {1}); // shorter
    assertEquals(Optional.empty(), spool.claim());
    spool.enqueue(Job.of(new byte[1 << 20]));
    byte[] altered = new byte[1 << 20];
    altered[altered.length - 1] = 1;
    Files.write(lab.only("new"), altered);
    assertEquals(Optional.empty(), spool.claim());
    assertEquals(2, lab.names("failed").size());
  }

  @Test
  void aRenameWhoseReplyWasLostIsWon() throws Exception {
    DirectorySpool spool = lab.openWorker();
    JobId id = spool.enqueue(Job.of("x"));
    lab.faults.on(C2).nth(1).failsAfterwards(new NoSuchFileException("stale handle"));
    Claim claim = Lab.claim(spool);
    assertEquals(id, claim.id());
    claim.complete();
    assertEquals(List.of(), lab.names("cur"));
  }

  @Test
  void aLostRaceGoesOnToTheNext() throws Exception {
    DirectorySpool spool = lab.openWorker();
    JobId first = spool.enqueue(Job.of("1"));
    JobId second = spool.enqueue(Job.of("2"));
    lab.faults.on(C2).nth(1).first(() -> Files.delete(file("new", first)));
    assertEquals(second, Lab.claim(spool).id());
    assertEquals(2, lab.faults.count("stat cur/.*"), "what was lost is looked for once");
    assertEquals(Optional.empty(), spool.claim());
  }

  @Test
  void whoLosesEveryRaceGivesUp() throws Exception {
    DirectorySpool spool = lab.openWorker();
    spool.enqueueAll(IntStream.range(0, 100).mapToObj(i -> Job.of("job " + i)).toList());
    for (String name : lab.names("new")) {
      lab.faults
          .on("rename new/" + name.replace(".", "\\.") + " .*")
          .first(() -> Files.delete(lab.root.resolve("new").resolve(name)));
    }
    assertEquals(Optional.empty(), spool.claim());
    // News of an arrival may come when the entry is gone already: one more try each.
    assertTrue(lab.faults.count(C2) >= 100, lab.faults.count(C2) + " tries");
    assertEquals(List.of(), lab.names("cur"));
  }

  @Test
  void aMissingDirectoryIsNoLostRace() throws Exception {
    DirectorySpool spool = lab.openWorker();
    spool.enqueue(Job.of("x"));
    Files.delete(lab.root.resolve("cur"));
    SpoolException thrown = assertThrows(SpoolException.class, spool::claim);
    assertTrue(thrown.getMessage().contains("is gone"), thrown.getMessage());
    assertEquals(1, lab.names("new").size());
    Files.createDirectory(lab.root.resolve("cur"));
  }

  @Test
  void aListenerHearsOfAClaimAfterC3() throws Exception {
    DirectorySpool spool = lab.openWorker();
    JobId id = spool.enqueue(Job.of("x"));
    lab.events.clear();
    lab.faults.on("read cur/.*").first(() -> assertEquals(List.of(), lab.events));
    Lab.claim(spool);
    assertEquals(List.of(new SpoolEvent.Claimed(id, 1)), lab.events);
  }

  private Path file(String in, JobId id) throws IOException {
    return lab.root
        .resolve(in)
        .resolve(
            lab.names(in).stream().filter(n -> n.startsWith(id.value())).findFirst().orElseThrow());
  }

  @Test
  void aClaimTellsWhatTheProducerSaid() throws Exception {
    DirectorySpool spool = lab.openWorker();
    spool.enqueue(Job.of("x").priority(7).attribute("name", "value"));
    Claim claim = Lab.claim(spool);
    assertEquals(7, claim.priority());
    assertEquals(Map.of("name", "value"), claim.attributes());
    assertTrue(claim.enqueuedAt().isPresent());
  }
}
