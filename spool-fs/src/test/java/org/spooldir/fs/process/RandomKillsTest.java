package org.spooldir.fs.process;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * kill -9 anywhere: producers, workers and recoverers die at random moments, some are stopped for
 * longer than their lease, and nothing that was promised is lost.
 */
class RandomKillsTest {

  private static final int PRODUCERS = 4;
  private static final int WORKERS = 4;
  private static final Duration LEASE = Duration.ofSeconds(4);

  /** Children stand still at the same time: at most so many. */
  private static final int SLEEPERS = 2;

  @RegisterExtension final Processes processes = Processes.onDisk();

  private final List<ChildProcess> atWork = new ArrayList<>();
  private final Deque<ChildProcess> stopped = new ArrayDeque<>();
  private int stops;

  @Test
  @Timeout(120)
  void twentyKillsLoseNothing() throws IOException {
    survives(20);
  }

  @Test
  @Tag("slow")
  @Timeout(300)
  void twoHundredKillsLoseNothing() throws IOException {
    survives(200);
  }

  private void survives(int kills) throws IOException {
    long start = System.nanoTime();
    for (int i = 0; i < PRODUCERS; i++) {
      begin(ProducerMain.class);
    }
    for (int i = 0; i < WORKERS; i++) {
      begin(WorkerMain.class);
    }
    begin(RecovererMain.class);
    for (int i = 0; i < kills; i++) {
      strike(processes.random());
    }
    processes.children().forEach(ChildProcess::kill);
    List<String> abandoned = processes.files().in("tmp");
    drain();

    Ledger ledger = new Ledger(processes.children());
    processes.print(
        ("%d kills and %d stops in %.1f s: %d jobs acknowledged, %d completed, %d more by a child"
                + " that was killed before it could say so; %d handled again; %d claims lost by those"
                + " that were stopped, %d by others; %d files left in tmp/, %d logs in errors/")
            .formatted(
                kills,
                stops,
                (System.nanoTime() - start) / 1e9,
                ledger.acknowledged(),
                ledger.completed(),
                ledger.completedInSilence(),
                ledger.handledAgain(),
                ledger.lost(child -> !child.neverStopped()),
                ledger.lost(ChildProcess::neverStopped),
                abandoned.size(),
                processes.files().in("errors").size()));
    ledger.requireNoComplaints();
    ledger.requireNothingLost();
    ledger.requireNothingCompletedTwice();
    ledger.requireRepetitionsExplained();
    assertTrue(ledger.acknowledged() > kills, "producers had a life before their death");
  }

  private void begin(Class<?> main) throws IOException {
    atWork.add(
        processes.start(
            main,
            "durability=ENQUEUE",
            "lease=" + LEASE.toMillis(),
            "poll=200",
            "mixed=true",
            "pause=10",
            "hold=4"));
  }

  /** Kills one child in the middle of its work and puts another in its place; or stops a worker. */
  private void strike(SplittableRandom random) throws IOException {
    ChildProcess victim = victim(random);
    spin(random.nextInt(3_000));
    if (victim.main() == WorkerMain.class && random.nextInt(6) == 0) {
      stops++;
      victim.stop();
      stopped.add(victim);
      begin(victim.main());
      if (stopped.size() > SLEEPERS) {
        wake(stopped.remove());
      }
      victim = victim(random);
    }
    victim.kill();
    begin(victim.main());
  }

  /** One of those that are well at work; waits until there is one. */
  private ChildProcess victim(SplittableRandom random) {
    int lines = 2 + random.nextInt(30);
    List<ChildProcess> candidates =
        await("some child should be at work")
            .atMost(ChildProcess.PATIENCE)
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(1))
            .until(
                () -> atWork.stream().filter(child -> child.lines() >= lines).toList(),
                found -> !found.isEmpty());
    ChildProcess victim = candidates.get(random.nextInt(candidates.size()));
    atWork.remove(victim);
    return victim;
  }

  /** It goes on beside the one in its place; most leases have run out by now. */
  private void wake(ChildProcess sleeper) {
    sleeper.goOn();
    atWork.add(sleeper);
  }

  /** A moment that has nothing to do with the lines that were read. */
  private static void spin(int micros) {
    long until = System.nanoTime() + micros * 1_000L;
    while (System.nanoTime() - until < 0) {
      Thread.onSpinWait();
    }
  }

  /** All are dead: one worker finds everything that they left, whoever had it. */
  private void drain() throws IOException {
    // A worker killed within C0 leaves an empty presence, which proves nothing: silence tells.
    ChildProcess drainer = processes.start(WorkerMain.class, "idle=3000", "lease=1000", "poll=200");
    drainer.next(Act.ENDED, Duration.ofSeconds(60));
    drainer.awaitEnd();
    processes.files().requireNoJobs();
    for (String w : processes.files().in("workers"))
      System.out.println(
          "DBG "
              + w
              + " "
              + java.nio.file.Files.readString(processes.root().resolve("workers").resolve(w)));
    assertEquals(List.of(), processes.files().in("workers"), "presences");
  }
}
