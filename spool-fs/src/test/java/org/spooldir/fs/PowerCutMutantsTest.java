package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.spooldir.fs.CutPromise.Verdict;
import org.spooldir.fs.Evidence.Section;

/**
 * Builds without one of the steps do not survive what {@link PowerCutTest} does to the real one.
 */
@Tag("privileged")
final class PowerCutMutantsTest {

  private static final int MOST_SOAKS = 60;
  private static final long SEED = Long.getLong("spool.seed", System.nanoTime());

  private static CutRoom room;

  @BeforeAll
  static void enter() throws IOException {
    System.out.println("power cuts of mutants: -Dspool.seed=" + SEED);
    room = new CutRoom();
  }

  @AfterAll
  static void leave() throws IOException {
    if (room != null) {
      room.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "EXT4_ORDERED,WITHOUT_E2",
    "EXT4_ORDERED,WITHOUT_E5",
    "XFS,WITHOUT_E2",
    "XFS,WITHOUT_E5"
  })
  @Timeout(300)
  void withoutAnFsyncNoActIsSafe(CutFileSystem fs, Mutant mutant) throws IOException {
    try (CutLife life = new CutLife(room, fs, Durability.ENQUEUE, Optional.of(mutant))) {
      for (CutAct act : CutAct.values()) {
        life.cutAfter(act, false);
        life.cutAfter(act, true);
      }
      requireCaught(fs, mutant, life);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"EXT4_ORDERED", "XFS"})
  @Timeout(300)
  void whoDeletesBeforeHeRenamesLosesJobsInTheMiddle(CutFileSystem fs) throws IOException {
    Mutant mutant = Mutant.DELETE_BEFORE_RENAME;
    SplittableRandom random = new SplittableRandom(SEED);
    try (CutLife life = new CutLife(room, fs, Durability.FULL, Optional.of(mutant))) {
      while (life.verdict().lost() == 0 && life.cuts() < MOST_SOAKS) {
        life.cutInTheMiddle(random);
      }
      requireCaught(fs, mutant, life);
    }
  }

  private static void requireCaught(CutFileSystem fs, Mutant mutant, CutLife life) {
    Verdict seen = life.verdict();
    assertTrue(seen.lost() > 0, mutant + " passed on " + fs.title);
    Evidence.of(Section.MUTANTS, "power cuts: " + mutant + " on " + fs.title)
        .row(
            life.cuts() + " cuts",
            "must fail",
            "fails in %d of them: %d promises broken, %d jobs torn"
                .formatted(life.brokenCuts(), seen.lost(), seen.torn()));
  }
}
