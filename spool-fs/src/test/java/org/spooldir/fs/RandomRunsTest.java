package org.spooldir.fs;

import static java.time.Duration.ZERO;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.spooldir.fs.Evidence.Section;

/** Many at once on the disk of the crash model, in an order that a seed makes. */
@Tag("proof")
class RandomRunsTest {

  private static final int RUNS = 8;

  /** Everybody there is, with things in the directories that are nobody's. */
  private static Encounter crowd() {
    return Encounter.of("a crowd")
        .after(RandomRunsTest::strayFiles)
        .after(
            cast -> {
              Actor earlier = cast.enter("earlier");
              earlier.enqueue("one");
              earlier.enqueue("two");
              cast.enter("late").claim();
              cast.silence();
            })
        .actor("late", Actor::complete)
        .actor("producer", producer -> producer.enqueueAll(List.of("six", "ten")))
        .actor("another producer", producer -> producer.enqueue("net"))
        .actor(
            "worker",
            worker -> {
              worker.claim();
              worker.retry(ZERO);
              worker.claim();
              worker.complete();
            })
        .actor(
            "another worker",
            worker -> {
              worker.claim();
              worker.reject();
              worker.claim();
              worker.release(ZERO);
            })
        .actor(
            "operator",
            operator -> {
              operator.hold("two");
              operator.recover();
              operator.unhold("two");
            });
  }

  private static void strayFiles(Cast cast) throws Exception {
    ModelFileOps ops = new ModelFileOps(cast.disk, 2000);
    for (String directory : List.of("new", "cur", "delayed", "failed", "workers", "keys")) {
      ops.createDirectory(Model.ROOT.resolve(directory).resolve(".stray"));
    }
    ops.createDirectory(Model.ROOT.resolve("new").resolve("stray"));
  }

  @Test
  void whateverTheOrderAndTheListingsWhatWasPromisedHolds() throws Exception {
    long seed = Long.getLong("spool.seed", new Random().nextLong());
    System.out.println("[crash model] -Dspool.seed=" + seed);
    Random random = new Random(seed);
    long states = 0;
    long disks = 0;
    for (Durability level : List.of(Durability.ENQUEUE, Durability.FULL)) {
      Exploration exploration = new Exploration(crowd(), level, UnaryOperator.identity());
      Optional<Counterexample> found = exploration.wander(random, RUNS);
      if (found.isPresent()) {
        throw new AssertionError("-Dspool.seed=" + seed + "\n" + found.get());
      }
      states += exploration.states();
      disks += exploration.disks();
    }
    Evidence.of(
            Section.CRASH_MODEL,
            "six processes in a random order, listings shuffled and out of date, stray files")
        .row(
            "%,d crash states of %,d runs".formatted(states, 2 * RUNS),
            "each job that was acknowledged is there once or done, none torn, none claimed for ever",
            "held; %,d disks that differ were recovered and emptied".formatted(disks));
  }
}
