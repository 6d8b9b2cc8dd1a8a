package org.spooldir.fs;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.JobId;

/** C1: the order in which one worker gets the jobs, with more of them than the window holds. */
@Timeout(300)
final class CandidatesTest {

  private static final SpoolOptions OPTIONS =
      HostileNamesLife.OPTIONS.durability(Durability.PROCESS);

  @TempDir private Path scratch;
  private Path root;

  @BeforeEach
  void create() throws Exception {
    root = scratch.resolve("spool");
    DirectorySpool.create(root, OPTIONS).close();
  }

  /**
   * Never waits for the disk, whatever the file system is: these tests are about order, and there
   * are many jobs.
   */
  private DirectorySpool openFast() throws Exception {
    return DirectorySpool.open(
        root, OPTIONS, ground(quick(FileOps.class, NioFileOps.on(root)), System::nanoTime));
  }

  private static <T> T quick(Class<T> type, T slow) {
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              if (method.getName().startsWith("force") && method.getReturnType() == void.class) {
                return null;
              }
              try {
                Object result = method.invoke(slow, arguments);
                return result instanceof FileOps.NewFile file
                    ? quick(FileOps.NewFile.class, file)
                    : result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
    return type.cast(proxy);
  }

  private static Ground ground(FileOps ops, LongSupplier nanoTime) {
    return new Ground(
        ops, Clock.systemUTC(), nanoTime, new Random(1), UniqueNames.OF_THIS_PROCESS, Lab.WINDOW);
  }

  private record Expected(JobId id, int priority) {}

  @Test
  void oneWorkerGetsMoreThanAWindowInExactOrder() throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<Job> jobs = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      jobs.add(Job.of("x").priority(random.nextInt(10)));
    }
    try (DirectorySpool spool = openFast()) {
      List<JobId> ids = spool.enqueueAll(jobs);
      List<Expected> expected = new ArrayList<>();
      for (int i = 0; i < jobs.size(); i++) {
        expected.add(new Expected(ids.get(i), jobs.get(i).priority()));
      }
      expected.sort(Comparator.comparingInt(job -> -job.priority())); // stable: FIFO within
      for (Expected next : expected) {
        Claim claim = spool.claim().orElseThrow();
        assertEquals(next, new Expected(claim.id(), claim.priority()), "seed " + seed);
        claim.complete();
      }
      assertEquals(Optional.empty(), spool.claim());
    }
  }

  @Test
  void anUrgentArrivalOvertakesAWindowFullOfOlderOnes() throws Exception {
    try (DirectorySpool worker = openFast();
        DirectorySpool producer = openFast()) {
      producer.enqueueAll(Collections.nCopies(Lab.WINDOW + 500, Job.of("old")));
      worker.claim().orElseThrow().complete(); // the window is full now
      JobId urgent = producer.enqueue(Job.of("urgent").priority(9));
      List<JobId> taken = new ArrayList<>();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> {
                Claim claim = worker.claim().orElseThrow();
                claim.complete();
                taken.add(claim.id());
                return claim.id().equals(urgent);
              });
      assertTrue(taken.size() < Lab.WINDOW / 4, "after " + taken.size());
    }
  }

  @Test
  void arrivalsNeverMakeTheWindowLarger() throws Exception {
    Candidates candidates = candidatesInStandingTime();
    assertEquals(Optional.empty(), candidates.next()); // looked: nothing there, all is known
    List<EntryName> arrivals = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      String unique = UniqueNames.OF_THIS_PROCESS.next();
      arrivals.add(EntryName.parse(unique + ",S=1,P=" + i % 10, ':'));
    }
    List<EntryName> inOrder = arrivals.stream().sorted(Lab.ORDER).toList();
    long seed = new Random().nextLong();
    Collections.shuffle(arrivals, new Random(seed));
    arrivals.forEach(candidates::offer);
    List<EntryName> kept = new ArrayList<>();
    for (var next = candidates.next(); next.isPresent(); next = candidates.next()) {
      kept.add(next.get());
    }
    assertEquals(inOrder.subList(0, Lab.WINDOW), kept, "seed " + seed);
  }

  @Test
  void anArrivalIsInTheWindowOnceHoweverOftenItIsHeardOf() throws Exception {
    Candidates candidates = candidatesInStandingTime();
    assertEquals(Optional.empty(), candidates.next());
    EntryName arrival = EntryName.parse(UniqueNames.OF_THIS_PROCESS.next() + ",S=1", ':');
    candidates.offer(arrival);
    candidates.offer(arrival);
    assertEquals(Optional.of(arrival), candidates.next());
    assertEquals(Optional.empty(), candidates.next());
  }

  @Test
  void ofManyThatRankAlikeTheWindowHoldsThoseThatComeFirst() throws Exception {
    List<EntryName> names = new ArrayList<>();
    for (int i = 0; i < 4 * Lab.WINDOW; i++) {
      names.add(EntryName.parse("5." + i + ".host", ':')); // another program tells the second only
      Files.createFile(root.resolve("new").resolve("5." + i + ".host"));
    }
    names.sort(Lab.ORDER);
    Candidates candidates = candidatesInStandingTime();
    for (EntryName next : names.subList(0, Lab.WINDOW)) {
      assertEquals(Optional.of(next), candidates.next());
    }
  }

  /** Time stands still, so that no listing for news comes in between. */
  private Candidates candidatesInStandingTime() throws Exception {
    Ground ground = ground(NioFileOps.on(root), () -> 0);
    return new Candidates(
        Site.of(SpoolLayout.open(ground.ops(), root), OPTIONS, ground), () -> null);
  }

  /** An idle worker does it every second, for days. */
  @Test
  void whoLooksAtAnEmptySpoolMakesLittleGarbage() throws Exception {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (DirectorySpool spool = DirectorySpool.open(root, OPTIONS)) {
      assertEquals(Optional.empty(), spool.claim()); // loads classes
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 100; i++) {
        assertEquals(Optional.empty(), spool.claim());
      }
      long each = (threads.getCurrentThreadAllocatedBytes() - before) / 100;
      assertTrue(each < 32 << 10, each + " bytes for each look, whatever the window may hold");
    }
  }
}
