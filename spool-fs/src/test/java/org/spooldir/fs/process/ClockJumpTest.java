package org.spooldir.fs.process;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.spooldir.fs.Evidence;
import org.spooldir.fs.Evidence.Section;
import org.spooldir.fs.process.ChildProcess.Line;

/**
 * The wall clock jumps while producers and workers are at work. Whoever's clock it is, by a day or
 * by a second, forward or back:
 *
 * <ul>
 *   <li>A living worker keeps its claims, and no attempt is counted, whatever the leases: silence
 *       is measured by the monotonic clock of who waits.
 *   <li>The names of the jobs of one producer process strictly increase: when its clock is put back
 *       they go on from the last one.
 *   <li>Nothing is lost or done twice.
 * </ul>
 *
 * <p>The clock of a host is set by libfaketime; that of the file system, which libfaketime cannot
 * set, behind the door to the operating system. Setting the real one would set it for all processes
 * of the machine, and time namespaces have no wall clock. What a jump does to delays is in {@link
 * DelayJumpTest}.
 */
@Tag("slow")
@Timeout(400)
class ClockJumpTest {

  /** A living worker of a busy machine is never silent for so long. */
  private static final Duration LEASE = Duration.ofSeconds(4);

  /** Between a look at the clock and writing it down; less than the smallest jump. */
  private static final Duration TOLD_LATE = Duration.ofMillis(400);

  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final List<Duration> JUMPS =
      List.of(DAY, DAY.negated(), DAY.negated(), SECOND, SECOND.negated());

  @RegisterExtension final Processes processes = Processes.inMemory();

  @Test
  void ofProducersHarmsNobody() throws IOException {
    PretendedClock clock = PretendedClock.ofHost(processes);
    PretendedClock real = PretendedClock.real(processes);
    jump("of producers", clock, clock, real, real);
  }

  @Test
  void ofSomeWorkersHarmsNobody() throws IOException {
    PretendedClock clock = PretendedClock.ofHost(processes);
    PretendedClock real = PretendedClock.real(processes);
    jump("of half the workers", clock, real, clock, real);
  }

  @Test
  void ofAllButTheFileSystemHarmsNobody() throws IOException {
    PretendedClock clock = PretendedClock.ofHost(processes);
    PretendedClock real = PretendedClock.real(processes);
    jump("of producers and half the workers", clock, clock, clock, real);
  }

  @Test
  void ofTheWholeMachineHarmsNobody() throws IOException {
    PretendedClock clock = PretendedClock.ofMachine(processes);
    jump("of a machine with its file system", clock, clock, clock, clock);
  }

  private ChildProcess worker(PretendedClock clock, Class<?> main, Duration lease)
      throws IOException {
    return clock.start(
        main, "lease=" + lease.toMillis(), "poll=100", "hold=4", "mixed=true", "pause=30");
  }

  private void jump(
      String whose,
      PretendedClock clock,
      PretendedClock ofProducers,
      PretendedClock ofWorkers,
      PretendedClock ofOthers)
      throws IOException {
    boolean onlyHost = ofWorkers != ofOthers || ofProducers != ofOthers;
    int beats = onlyHost ? 2 : 5; // what a step does to silence can show a lease later
    ChildProcess holder = worker(ofWorkers, PuppetMain.class, LEASE);
    ChildProcess other = worker(ofOthers, PuppetMain.class, LEASE.multipliedBy(10));
    holder.tell("enqueue held 1000");
    String held = holder.claim().id();
    other.tell("enqueue held-too 1000");
    String heldToo = other.claim().id();
    List<ChildProcess> producers =
        List.of(
            ofProducers.start(ProducerMain.class, "pause=30", "times=true"),
            ofProducers.start(ProducerMain.class, "pause=30", "times=true"));
    List<ChildProcess> workers =
        List.of(
            worker(ofWorkers, WorkerMain.class, LEASE), worker(ofOthers, WorkerMain.class, LEASE));
    producers.forEach(child -> child.awaitLines(5));
    workers.forEach(child -> child.awaitLines(5));

    Duration shift = Duration.ZERO;
    for (Duration jump : JUMPS) {
      shift = shift.plus(jump);
      clock.set(shift);
      awaitBeats(held, jump.abs().equals(DAY) ? beats : 1);
      awaitShift(holder, () -> holder.tell("time"), ofWorkers == clock ? shift : Duration.ZERO);
      for (ChildProcess producer : producers) {
        awaitShift(producer, () -> {}, ofProducers == clock ? shift : Duration.ZERO);
        producer.awaitLines(producer.lines() + 5);
      }
    }
    holder.settle("COMPLETED", held);
    other.settle("COMPLETED", heldToo);
    judge(whose, List.of(holder, other), producers, workers);
  }

  /** Waits until the worker that has this job has given so many signs of life. */
  private void awaitBeats(String held, int beats) throws IOException {
    String worker = processes.files().worker(held).orElseThrow();
    for (int i = 0; i < beats; i++) {
      Instant last = processes.files().lastBeat(worker);
      await("a sign of life")
          .atMost(ChildProcess.PATIENCE)
          .until(() -> !processes.files().lastBeat(worker).equals(last));
    }
  }

  /** Waits until the child's own clock is off by this much: a jump that fails proves nothing. */
  private static void awaitShift(ChildProcess child, Runnable ask, Duration shift) {
    await("the clock of " + child.name() + " should be off by " + shift)
        .atMost(ChildProcess.PATIENCE)
        .until(
            () -> {
              ask.run();
              return lastTime(child).filter(line -> isOffBy(shift, line)).isPresent();
            });
  }

  private static Optional<Line> lastTime(ChildProcess child) {
    return child.journal().stream()
        .filter(line -> line.act() == Act.TIME)
        .reduce((earlier, later) -> later);
  }

  private static boolean isOffBy(Duration shift, Line time) {
    Instant written = Instant.now().minusNanos(System.nanoTime() - time.at());
    Instant told = Instant.ofEpochMilli(Long.parseLong(time.id()));
    return Duration.between(written.plus(shift), told).abs().compareTo(TOLD_LATE) < 0;
  }

  private void judge(
      String whose,
      List<ChildProcess> holders,
      List<ChildProcess> producers,
      List<ChildProcess> workers)
      throws IOException {
    holders.forEach(child -> child.tell("close"));
    producers.forEach(child -> child.tell("stop"));
    workers.forEach(child -> child.tell("stop"));
    processes.children().forEach(ChildProcess::awaitEnd);

    Ledger ledger = new Ledger(processes.children());
    try (Heir heir = new Heir(processes.root())) {
      ledger.requireKept(heir.undoneJobs());
      heir.doAll();
    }
    assertEquals(0, ledger.lost(), "claims lost");
    ledger.requireNoNeedlessAttempts();
    for (ChildProcess producer : producers) {
      List<String> names = enqueued(producer);
      List<String> sorted = names.stream().sorted().distinct().toList();
      assertEquals(sorted, names, "in the order in which they were handed in");
    }
    Evidence.of(Section.CLOCKS, "wall clock " + whose + " jumps by a day and by seconds, both ways")
        .row(
            JUMPS.size() + " jumps, " + ledger.acknowledged() + " jobs",
            "no claim lost, no attempt counted, names of a producer strictly increase",
            ledger.handledAgain()
                + " handled again, each after its own worker gave it back; 0 claims lost; all names"
                + " in order");
  }

  private static List<String> enqueued(ChildProcess producer) {
    return producer.journal().stream()
        .filter(line -> line.act() == Act.ENQUEUED)
        .map(Line::id)
        .toList();
  }
}
