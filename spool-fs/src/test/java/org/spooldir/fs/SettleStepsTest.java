package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.spooldir.Claim;
import org.spooldir.ClaimLostException;
import org.spooldir.Job;
import org.spooldir.SettleContract;
import org.spooldir.SettleContract.Settle;
import org.spooldir.SpoolEvent;
import org.spooldir.SpoolEvent.Settlement;

/** D1 to D4. */
class SettleStepsTest extends SpoolTest {

  private static final String HELD = "cur/J1:2,,a=1,t,w=W1.1";

  /** What settling the first claim of a job does. */
  private List<String> settle(SpoolOptions options, Job job, Settle way) throws Exception {
    DirectorySpool spool = lab.openWorker(options);
    spool.enqueue(job);
    Claim claim = Lab.claim(spool);
    return new Shorthand().changes(lab.faults.during(() -> way.settle(claim)));
  }

  private static SpoolOptions level(Durability level) {
    return Lab.OPTIONS.durability(level);
  }

  /** These steps, and then each of these files and directories forced if this holds. */
  private static List<String> steps(List<String> steps, boolean forced, String... files) {
    List<String> all = new ArrayList<>(steps);
    for (String each : forced ? files : new String[0]) {
      all.add((each.contains("/") ? "force " : "forceDirectory ") + each);
    }
    return all;
  }

  @ParameterizedTest
  @EnumSource
  void d1UnlinksTheExactName(Durability level) throws Exception {
    assertEquals(
        steps(List.of("delete " + HELD), level == Durability.FULL, "cur"),
        settle(level(level), Job.of("x"), Claim::complete));
  }

  @ParameterizedTest
  @EnumSource
  void d1KeepsWhatIsRetained(Durability level) throws Exception {
    assertEquals(
        steps(
            List.of("rename " + HELD + " done/J1:2,,a=1"),
            level != Durability.PROCESS,
            "done",
            "cur"),
        settle(level(level).retention(Lab.LONG), Job.of("x"), Claim::complete));
  }

  @Test
  void d1GivesTheKeyBackAfterTheJobIsGone() throws Exception {
    assertEquals(
        List.of("delete " + HELD, "delete keys/HASH/J1", "delete keys/HASH"),
        settle(Lab.OPTIONS, Job.of("x").key("k"), Claim::complete));
    assertEquals(List.of(), lab.names("keys"));
  }

  @ParameterizedTest
  @EnumSource
  void d2NotesWhyAndThenBacksOff(Durability level) throws Exception {
    assertEquals(
        steps(
            List.of("append errors/J1.log", "rename " + HELD + " delayed/J1:2,,a=1,u"),
            level == Durability.FULL,
            "errors/J1.log",
            "errors",
            "delayed",
            "cur"),
        settle(level(level), Job.of("x"), claim -> claim.retry(Lab.LONG, "busy")));
  }

  @Test
  void d2WithoutADelayGoesStraightBack() throws Exception {
    assertEquals(
        List.of("append errors/J1.log", "rename " + HELD + " new/J1:2,,a=1"),
        settle(Lab.OPTIONS, Job.of("x"), claim -> claim.retry(Duration.ZERO, "busy")));
  }

  @ParameterizedTest
  @EnumSource
  void d3DoesNotCount(Durability level) throws Exception {
    assertEquals(
        steps(List.of("rename " + HELD + " new/J1:2,,a=0"), level == Durability.FULL, "new", "cur"),
        settle(level(level), Job.of("x"), Claim::release));
  }

  @ParameterizedTest
  @EnumSource
  void d4NotesWhyAndKeepsTheJob(Durability level) throws Exception {
    assertEquals(
        steps(
            List.of("append errors/J1.log", "rename " + HELD + " failed/J1:2,,a=1"),
            level != Durability.PROCESS,
            "errors/J1.log",
            "errors",
            "failed",
            "cur"),
        settle(level(level), Job.of("x"), claim -> claim.reject("never")));
  }

  @Test
  void theDelayCountsFromNow() throws Exception {
    settle(Lab.OPTIONS, Job.of("x"), claim -> claim.retry(Duration.ofSeconds(90), "busy"));
    EntryName name = lab.layout().nameOf(lab.only("delayed"));
    assertEquals(FakeTime.START.plusSeconds(90).toEpochMilli(), name.due());
  }

  @Test
  void theLogLeavesWithTheJob() throws Exception {
    DirectorySpool spool = lab.openWorker();
    spool.enqueue(Job.of("x"));
    Lab.claim(spool).retry(Duration.ZERO, "once");
    Lab.claim(spool).release();
    assertEquals(1, lab.names("errors").size());
    Lab.claim(spool).complete();
    assertEquals(List.of(), lab.names("errors"));
  }

  @Test
  void aLateSettleTouchesNothing() throws Exception {
    DirectorySpool spool = lab.openWorker();
    DirectorySpool other = lab.another().openWorker();
    for (Settle way : SettleContract.everyWay()) {
      spool.enqueue(Job.of("x").attribute("a", "b"));
      Claim late = Lab.claim(spool);
      lab.declareWorkersDead();
      other.maintenance().recover();
      Claim successor = Lab.claim(other);
      Tree before = Tree.of(lab.root);
      assertThrows(ClaimLostException.class, () -> way.settle(late));
      assertEquals(before, Tree.of(lab.root));
      successor.complete();
    }
  }

  @Test
  void aClaimWhoseTargetDirectoryIsGoneIsNotLost() throws Exception {
    DirectorySpool spool = lab.openWorker();
    spool.enqueue(Job.of("x"));
    Claim claim = Lab.claim(spool);
    Files.delete(lab.root.resolve("failed"));
    Exception thrown = assertThrows(Exception.class, () -> claim.reject("never"));
    assertFalse(thrown instanceof ClaimLostException, () -> "taken for lost: " + thrown);
    assertTrue(claim.isHeld());
    claim.release();
  }

  @Test
  void aDelayBeyondAllClocksIsForEver() throws Exception {
    DirectorySpool spool = lab.open();
    spool.enqueue(Job.of("x"));
    Lab.claim(spool).retry(Duration.ofSeconds(Long.MAX_VALUE), "never again");
    assertTrue(lab.names("delayed").get(0).endsWith(",u=" + Long.MAX_VALUE));
  }

  @Test
  void aListenerHearsHowItEnded() throws Exception {
    DirectorySpool spool = lab.openWorker();
    spool.enqueue(Job.of("x"));
    Claim claim = Lab.claim(spool);
    claim.reject("no");
    SpoolEvent settled = new SpoolEvent.Settled(claim.id(), 1, Settlement.REJECTED, "no");
    assertTrue(lab.events.contains(settled), lab.events.toString());
  }

  @Test
  void aClaimWhoseEntryIsGoneIsLostAlthoughItsWorkerIsAlive() throws Exception {
    DirectorySpool spool = lab.openWorker();
    spool.enqueue(Job.of("x"));
    Claim claim = Lab.claim(spool);
    Files.delete(lab.only("cur"));
    assertThrows(ClaimLostException.class, claim::complete);
    assertFalse(claim.isHeld());
    assertTrue(lab.events.contains(new SpoolEvent.ClaimLost(claim.id(), 1)));
  }

  @Test
  void aWorkerRemembersNoClaimThatIsSettledOrLost() throws Exception {
    Site site = lab.site(Lab.OPTIONS);
    Presence presence = new Presence(site, WorkerIdentity.ofThisProcess(Lab.LONG));
    presence.join();
    for (boolean lost : List.of(true, false)) {
      lab.claimedBy(presence.id());
      DirectoryClaim claim = hold(site, presence);
      assertEquals(List.of(claim), presence.claims());
      if (lost) {
        claim.lose();
        Files.delete(lab.only("cur"));
      } else {
        claim.complete();
      }
      assertEquals(List.of(), presence.claims());
    }
  }

  @Test
  void aClaimUnderAnIdThatIsDeadByNowIsLostAtOnce() throws Exception {
    Site site = lab.site(Lab.OPTIONS);
    Presence presence = new Presence(site, WorkerIdentity.ofThisProcess(Lab.LONG));
    presence.join();
    lab.claimedBy("host.1.before");
    assertFalse(hold(site, presence).isHeld());
    assertEquals(List.of(), presence.claims());
  }

  /** Hangs the only claim that there is on a presence. */
  private DirectoryClaim hold(Site site, Presence presence) throws Exception {
    FailureLog log = new FailureLog(site.ops(), site.layout());
    DirectoryInspector inspector = new DirectoryInspector(site.ops(), site.layout());
    Settler settler = new Settler(site, log, new DedupKeys(site, inspector));
    Path file = lab.only("cur");
    DirectoryClaim claim =
        new DirectoryClaim(
            new ClaimedEntry(lab.layout().nameOf(file), new FileOps.FileByPath(site.ops(), file)),
            false,
            EntryReader.Content.NONE,
            settler,
            presence,
            site.events());
    presence.hold(claim);
    return claim;
  }
}
