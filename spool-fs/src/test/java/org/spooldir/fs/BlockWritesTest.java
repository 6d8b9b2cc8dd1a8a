package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.spooldir.fs.CutPromise.Circumstances;
import org.spooldir.fs.CutPromise.Verdict;
import org.spooldir.fs.Evidence.Section;

/**
 * A worker's and a producer's day is recorded write by write; then the disk is rebuilt as a cut
 * after any of these writes may leave it, and the spool keeps its promise in every such state.
 */
@Tag("privileged")
final class BlockWritesTest {

  private static final List<String> DAY =
      List.of(
          "enqueue",
          "claim",
          "complete",
          "keyed",
          "claim",
          "retry",
          "claim",
          "complete",
          "many",
          "claim",
          "reject",
          "adopt",
          "claim",
          "release");
  private static final long SEED = Long.getLong("spool.seed", System.nanoTime());

  private static CutRoom room;

  /** A step, and between which requests to the disk it was taken. */
  private record Moment(CutStep step, int begun, int done) {}

  @BeforeAll
  static void enter() throws IOException {
    System.out.println("block writes: -Dspool.seed=" + SEED);
    room = new CutRoom();
    assumeTrue(CutRoom.isInstalled(BlockRecorder.DAEMON), "no " + BlockRecorder.DAEMON + " here");
  }

  @AfterAll
  static void leave() throws IOException {
    if (room != null) {
      room.close();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"EXT4_ORDERED", "XFS", "BTRFS"})
  @Timeout(300)
  void everyStateOfTheDiskKeepsThePromise(CutFileSystem fs) throws IOException {
    for (Durability level : List.of(Durability.FULL, Durability.ENQUEUE)) {
      Trial trial = new Trial(fs, level, CutMain.NO_MUTANT);
      trial.record();
      trial.judgeAll(false);
      assertEquals(List.of(), trial.seen.complaints());
      assertTrue(trial.states > trial.log.requests().size() / 2, "states: " + trial.states);
      assertTrue(trial.subsets > 0, "each state has all that was written before");
      Evidence.of(Section.BLOCK_WRITES, fs.title + ", " + level)
          .row(
              "%d states of the disk, %d of them lack some write that was not flushed"
                  .formatted(trial.states, trial.subsets),
              "every acknowledged step that the level makes durable stands; nothing is torn;"
                  + " all can be worked off",
              "%d requests, %d steps: %d lost, %d torn, %d came back"
                  .formatted(
                      trial.log.requests().size(),
                      trial.moments.size(),
                      trial.seen.lost(),
                      trial.seen.torn(),
                      trial.seen.cameBack()));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "EXT4_ORDERED,WITHOUT_E2",
    "EXT4_ORDERED,WITHOUT_E5",
    "XFS,WITHOUT_E2",
    "XFS,WITHOUT_E5",
    "BTRFS,WITHOUT_E2",
    "BTRFS,WITHOUT_E5"
  })
  @Timeout(300)
  void mutantsDoNot(CutFileSystem fs, Mutant mutant) throws IOException {
    Trial trial = new Trial(fs, Durability.ENQUEUE, mutant.name());
    trial.record();
    trial.judgeAll(true);
    assertFalse(trial.seen.complaints().isEmpty(), mutant + " passed on " + fs.title);
    Evidence.of(Section.MUTANTS, "block writes: " + mutant + " on " + fs.title)
        .row(
            trial.states + " states of the disk",
            "must fail",
            "fails: %d jobs lost, %d torn".formatted(trial.seen.lost(), trial.seen.torn()));
  }

  /** One day on one file system. */
  private static final class Trial {
    private final CutFileSystem fs;
    private final Durability level;
    private final String mutant;
    private final Path base;
    private final List<Moment> moments = new ArrayList<>();
    private BlockLog log;
    private int states;
    private int subsets;
    private Verdict seen = Verdict.NOTHING;

    Trial(CutFileSystem fs, Durability level, String mutant) throws IOException {
      this.fs = fs;
      this.level = level;
      this.mutant = mutant;
      this.base = room.place().resolve("base");
      CutDisk.copySparse(room.template(fs), base);
    }

    void record() throws IOException {
      try (CutChild child = new CutChild()) {
        try (CutDisk disk = new CutDisk(fs, base)) {
          child.tell(open(disk.mountPoint()));
          child.tell("abandon");
        }
        try (BlockRecorder recorder = new BlockRecorder(fs, base, room.place())) {
          child.tell(open(recorder.mountPoint()));
          for (String verb : DAY) {
            int begun = recorder.count();
            child.tell("do " + verb);
            int done = recorder.count();
            child.takeSteps().forEach(step -> moments.add(new Moment(step, begun, done)));
          }
          child.tell("abandon");
          log = recorder.finish();
        }
      }
    }

    private String open(Path mount) {
      return "open " + mount.resolve("spool") + " " + level + " " + mutant + " false";
    }

    void judgeAll(boolean untilOneFails) throws IOException {
      BlockStates all = new BlockStates(log, base, new SplittableRandom(SEED));
      all.visit(
          room,
          (prefix, image) -> {
            judge(prefix, image);
            CutRoom.vacate(image);
            return !untilOneFails || seen.complaints().isEmpty();
          });
      subsets = all.subsets();
    }

    private void judge(int prefix, Path image) throws IOException {
      states++;
      try (CutDisk disk = new CutDisk(fs, image)) {
        Path root = disk.mountPoint().resolve("spool");
        Verdict verdict =
            CutPromise.judge(level, Circumstances.ONE_BY_ONE, root, stepsUntil(prefix));
        seen = seen.plus(verdict.saying(fs.title + ", after request " + prefix + ": "));
      }
    }

    private List<CutStep> stepsUntil(int prefix) {
      return moments.stream()
          .filter(moment -> moment.begun <= prefix)
          .map(each -> each.done <= prefix ? each.step : each.step.unacknowledged())
          .toList();
    }
  }
}
