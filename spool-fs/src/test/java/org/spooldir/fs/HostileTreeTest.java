package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.spooldir.fs.Evidence.Section.FUZZ;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.apache.commons.io.file.PathUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.spooldir.Claim;
import org.spooldir.ClaimLostException;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.JobSnapshot;
import org.spooldir.JobState;
import org.spooldir.SpoolException;
import org.spooldir.SpoolInspector;
import org.spooldir.SpoolMaintenance;

/** Whatever stands in a spool: nobody hangs, nothing is lost, and nothing outside is touched. */
@Tag("proof")
@Timeout(value = 20, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class HostileTreeTest {

  private static final int TREES = 60;
  private static final int THINGS = 60;
  private static final Set<JobState> ALL = EnumSet.allOf(JobState.class);

  @TempDir(factory = SafeDirectory.class)
  private Path scratch;

  private Path home;
  private Path outside;
  private long acts;
  private long claims;
  private long refusals;

  /** Something that a program does with a spool. */
  private interface Act {
    /** Notes the inodes of jobs that it completes; returns how many it removes besides. */
    long on(DirectorySpool spool, Set<Object> completed) throws Exception;
  }

  @BeforeEach
  void chooseAHome() {
    home = scratch.resolve("home");
    outside = home.resolve("outside");
  }

  // ---- a spool with hostile things in it ----

  @Test
  void whateverStandsInASpoolNothingIsLostAndNobodyHangs() throws Exception {
    long trees = Fuzz.rounds("spools with hostile things", TREES, this::liveWithHostileThings);
    assertTrue(claims > trees, "there was work");
    Evidence.of(FUZZ, "spools full of hostile things: any names, links, FIFOs, sockets, damage")
        .row(
            trees + " spools of " + THINGS + " things, " + acts + " acts",
            "no failure but the documented ones, no hang; nothing is lost that was not completed or"
                + " discarded; looking changes nothing; nothing outside is touched",
            "none lost, %d jobs claimed, %d acts refused".formatted(claims, refusals));
  }

  private void liveWithHostileThings(RandomGenerator random) throws Exception {
    prepareOutside();
    try (Lab lab = Lab.in(home)) {
      DirectorySpool one = lab.openWorker();
      DirectorySpool two = lab.another().openWorker();
      one.enqueueAll(List.of(Job.of("a").key("k"), Job.of("b").attribute("n", "v")));
      new HostileTree(random, lab.root, outside).plant(THINGS);
      Tree untouched = Tree.of(outside.resolve("linked to"));
      List<Act> usual =
          List.of(
              this::look,
              (spool, completed) -> work(spool, random, completed),
              (spool, completed) -> moveAlong(spool, random),
              this::recover,
              this::check,
              this::repair);
      for (int i = 0; i < 6; i++) {
        Act act = usual.get(random.nextInt(usual.size()));
        careful(act, random.nextBoolean() ? one : two, lab.root);
      }
      careful(HostileTreeTest::discard, one, lab.root);
      killWorkers(lab.root); // and what they had claimed comes back
      for (int i = 0; i < 2; i++) { // what loses a second name is taken for young once more
        lab.time.advance(Lab.LONG.multipliedBy(2));
        Files.delete(home.resolve("time")); // by which this time is told
        careful(this::recover, two, lab.root);
      }
      assertNothingIsClaimed(lab.root);
      careful(HostileTreeTest::completeAll, two, lab.root);
      assertEquals(0, two.inspector().stats().jobs(JobState.READY), "not every job could be done");
      assertEquals(untouched, Tree.of(outside.resolve("linked to")), "outside was touched");
      assertEquals("outside", Files.readString(outside.resolve("file")));
    } finally {
      PathUtils.deleteDirectory(home);
    }
  }

  private static void killWorkers(Path root) throws IOException {
    try (Stream<Path> presences = Files.list(root.resolve("workers"))) {
      for (Path presence : presences.filter(Files::isRegularFile).toList()) {
        Files.delete(presence);
      }
    }
  }

  private void prepareOutside() throws IOException {
    Path linked = Files.createDirectories(outside.resolve("linked to"));
    Files.writeString(linked.resolve("file"), "do not touch");
    Files.writeString(outside.resolve("file"), "outside"); // has a second name inside
  }

  /** Does it, and counts what stands in the spool before and after. */
  private void careful(Act act, DirectorySpool spool, Path root) throws Exception {
    Census before = Census.of(root);
    Set<Object> completed = new HashSet<>();
    long removed = documented(() -> act.on(spool, completed));
    Set<Object> lost = before.lostIn(Census.of(root));
    lost.removeAll(completed);
    assertTrue(lost.size() <= removed, () -> "lost: " + lost + " of " + before);
    assertEquals(List.of("outside", "scratch", "spool"), Shell.names(home), "escaped");
    acts++;
  }

  private interface Call {
    long make() throws Exception;
  }

  /** What cannot be done is said as documented. */
  private long documented(Call call) throws Exception {
    try {
      return call.make();
    } catch (SpoolException e) {
      refusals++;
      assertTrue(e.getMessage().chars().allMatch(c -> c >= ' ' && c <= '~'), e.getMessage());
    } catch (UncheckedIOException e) {
      refusals++;
      assertInstanceOf(SpoolException.class, e.getCause());
    }
    return 0;
  }

  private static List<JobId> ids(SpoolInspector inspector) throws SpoolException {
    try (Stream<JobSnapshot> jobs = inspector.list(ALL)) {
      return jobs.map(JobSnapshot::id).toList();
    }
  }

  // ---- acts ----

  private long look(DirectorySpool spool, Set<Object> completed) throws Exception {
    Tree before = Tree.of(home);
    SpoolInspector inspector = spool.inspector();
    inspector.stats();
    for (JobId id : ids(inspector)) {
      documented(() -> inspector.find(id).map(job -> 0L).orElse(0L));
      documented(() -> inspector.failures(id).size());
      documented(() -> read(inspector, id));
    }
    try (Stream<JobSnapshot> old = spool.maintenance().purgeable(JobState.DONE, Duration.ZERO)) {
      documented(old::count);
    }
    assertEquals(before, Tree.of(home), "looking changed something");
    return 0;
  }

  private static long read(SpoolInspector inspector, JobId id) throws Exception {
    var job = inspector.read(id);
    if (job.isPresent()) {
      try (InputStream in = job.get().payload().open()) {
        in.readNBytes(1000);
      } catch (SpoolException e) {
        throw e;
      } catch (IOException e) {
        // a payload says it as every stream does
      }
    }
    return 0;
  }

  private long check(DirectorySpool spool, Set<Object> completed) throws Exception {
    Tree before = Tree.of(home);
    documented(() -> examine(false));
    assertEquals(before, Tree.of(home), "looking changed something");
    return 0;
  }

  private long repair(DirectorySpool spool, Set<Object> completed) throws Exception {
    return examine(true);
  }

  /** Without payloads: some are larger than any disk. */
  private long examine(boolean repair) throws SpoolException {
    SpoolCheck check = SpoolCheck.of(home.resolve("spool")).withoutPayloads();
    if (repair) {
      check.repair(finding -> assertTrue(finding.toString().length() > 0));
    } else {
      check.check(finding -> assertTrue(finding.toString().length() > 0));
    }
    return 0;
  }

  private long recover(DirectorySpool spool, Set<Object> completed) throws Exception {
    spool.maintenance().recover();
    return 0;
  }

  private long work(DirectorySpool spool, RandomGenerator random, Set<Object> completed)
      throws Exception {
    for (int i = 0; i < THINGS; i++) {
      Optional<Claim> next = spool.claim();
      if (next.isEmpty()) {
        break;
      }
      claims++;
      Claim claim = next.get();
      Object inode = Census.inode(DirectorySpool.file(claim.payload()).orElseThrow());
      switch (random.nextInt(6)) {
        case 0 -> claim.retry(Duration.ZERO, HostileText.name(random));
        case 1 -> claim.retry(Duration.ofDays(random.nextInt(2)), "later");
        case 2 -> claim.release();
        case 3 -> claim.reject(HostileText.name(random));
        case 4 -> {} // its holder forgets it
        default -> {
          completed.add(inode);
          claim.complete();
        }
      }
    }
    return 0;
  }

  private long moveAlong(DirectorySpool spool, RandomGenerator random) throws Exception {
    SpoolMaintenance maintenance = spool.maintenance();
    List<JobId> some = ids(spool.inspector()).stream().filter(id -> random.nextBoolean()).toList();
    switch (random.nextInt(5)) {
      case 0 -> maintenance.hold(some);
      case 1 -> maintenance.unhold(some);
      case 2 -> maintenance.requeue(some);
      case 3 -> maintenance.retryNow(some);
      default -> {
        return maintenance.purge(JobState.FAILED, Duration.ofDays(random.nextInt(2)));
      }
    }
    return 0;
  }

  private static long discard(DirectorySpool spool, Set<Object> completed) throws Exception {
    List<JobId> third = ids(spool.inspector());
    return spool.maintenance().discard(third.subList(0, third.size() / 3)).changed().size();
  }

  private static long completeAll(DirectorySpool spool, Set<Object> completed) throws Exception {
    for (int i = 0; i < 10 * THINGS; i++) {
      Optional<Claim> claim = spool.claim();
      if (claim.isEmpty()) {
        return 0;
      }
      completed.add(Census.inode(DirectorySpool.file(claim.get().payload()).orElseThrow()));
      try {
        claim.get().complete();
      } catch (ClaimLostException e) {
        throw new AssertionError("nobody else is there", e);
      }
    }
    throw new AssertionError("the same jobs come again and again");
  }

  /** What is left there is no job. */
  private static void assertNothingIsClaimed(Path root) throws IOException {
    try (Stream<Path> left = Files.list(root.resolve("cur"))) {
      assertEquals(
          List.of(),
          left.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
              .filter(file -> !FileNames.textOf(file).startsWith("."))
              .toList(),
          "claimed for ever");
    }
  }

  // ---- what is no spool any more ----

  @Test
  void aBrokenSpoolIsRefusedOrServes() throws Exception {
    long trees = Fuzz.rounds("broken spools", TREES * 2, this::liveWithABrokenSpool);
    Evidence.of(FUZZ, "spools of which one part is missing, or is a file, a link, a FIFO, a loop")
        .row(
            trees + " spools, " + acts + " acts",
            "opened or refused as documented, no hang; looking changes nothing; nothing is lost;"
                + " nothing outside is touched",
            refusals + " acts refused, the rest done");
    assertTrue(refusals > trees, "it was broken");
  }

  private void liveWithABrokenSpool(RandomGenerator random) throws Exception {
    prepareOutside();
    try (Lab lab = Lab.in(home)) {
      HostileTree tree = new HostileTree(random, lab.root, outside);
      tree.plant(6);
      String broken = tree.breakSomething();
      Tree untouched = Tree.of(outside.resolve("linked to"));
      Tree before = Tree.of(home);
      try {
        attempt(lab, () -> ids(DirectorySpool.inspect(lab.root)).size());
        attempt(lab, () -> DirectorySpool.inspect(lab.root).stats().writing());
        attempt(lab, () -> examine(false));
        assertEquals(before, Tree.of(home), "looking changed something");
        attempt(lab, () -> closed(DirectorySpool.create(lab.root, Lab.OPTIONS)));
        attempt(lab, () -> closed(DirectorySpool.adopt(lab.root, Lab.OPTIONS)));
        attempt(lab, () -> closed(DirectorySpool.open(lab.root, Lab.OPTIONS)));
        attempt(lab, () -> examine(true));
        attempt(lab, () -> closed(DirectorySpool.openOrCreate(lab.root, Lab.OPTIONS)));
        attempt(lab, () -> use(lab, random));
      } catch (Throwable e) {
        throw new AssertionError("broken: " + broken, e);
      }
      assertEquals(untouched, Tree.of(outside.resolve("linked to")), "outside was touched");
    } finally {
      PathUtils.deleteDirectory(home);
    }
  }

  private void attempt(Lab lab, Call call) throws Exception {
    Census before = Census.of(lab.root);
    documented(call);
    assertEquals(Set.of(), before.lostIn(Census.of(lab.root)));
    acts++;
  }

  private static long closed(DirectorySpool spool) throws SpoolException {
    spool.close();
    return 0;
  }

  private static long use(Lab lab, RandomGenerator random) throws Exception {
    try (DirectorySpool spool = lab.open()) {
      spool.enqueue(Job.of("x").key("k"));
      spool.maintenance().recover();
      Optional<Claim> claim = spool.claim();
      if (claim.isPresent()) {
        claim.get().reject(HostileText.name(random));
      }
    }
    return 0;
  }
}
