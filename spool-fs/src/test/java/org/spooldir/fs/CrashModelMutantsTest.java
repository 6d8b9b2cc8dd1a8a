package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.spooldir.fs.Evidence.Section;

/** The crash model finds each build that breaks a rule; or else its silence would prove nothing. */
@Tag("proof")
class CrashModelMutantsTest {

  /** What was searched until something was found. */
  private long states;

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"UNTOLD_DISCARD", "WITHOUT_D1"}) // the soak's: no crash is needed to see them
  void eachIsFound(Mutant mutant) throws Exception {
    Counterexample found =
        find(mutant).orElseThrow(() -> new AssertionError("a build that is " + mutant + " passes"));
    System.out.println("[crash model] " + mutant + " is found:\n" + found);
    assertTrue(found.broken().contains(harm(mutant)), "not what it is feared for");
    Evidence.of(Section.MUTANTS, "crash model: " + mutant)
        .row(
            "%,d crash states until the first counterexample".formatted(states),
            "is found",
            "found: "
                + found.scenario()
                + ": "
                + new Shorthand().of(found.broken().replaceAll(" ==> .*", "").strip()));
  }

  private Optional<Counterexample> find(Mutant mutant) throws Exception {
    for (Iterator<Encounter> all = likely(mutant).iterator(); all.hasNext(); ) {
      Exploration exploration = new Exploration(all.next(), level(mutant), mutant::on);
      Optional<Counterexample> found =
          mutant == Mutant.RETRIED_FSYNC // nothing is asked again unless it fails
              ? exploration.search(BadWeather.Outcome.BROKEN)
              : exploration.search();
      states += exploration.states();
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** A build that merely refuses to work would be found too; but it is not what must be found. */
  private static String harm(Mutant mutant) {
    return switch (mutant) {
      case WITHOUT_E2, RETRIED_FSYNC, DELETE_BEFORE_RENAME -> "torn";
      case WITHOUT_E5 -> "is LOST";
      case WITHOUT_UNIQUE_CLAIM -> "lost a job that nobody had reason to take from him";
      case RECOVERY_BY_MTIME -> "was taken from a mail reader's hands";
      case UNTOLD_DISCARD, WITHOUT_D1 -> throw new IllegalArgumentException(mutant.name());
    };
  }

  /** Those who meet where the rule matters: the sooner it is found, the less is searched. */
  private static Stream<Encounter> likely(Mutant mutant) {
    return switch (mutant) {
      case WITHOUT_UNIQUE_CLAIM -> Encounters.late();
      case RECOVERY_BY_MTIME -> Encounters.recoverers();
      default -> Encounters.all();
    };
  }

  /** What breaks while the power stays on is found sooner without it failing. */
  private static Durability level(Mutant mutant) {
    return switch (mutant) {
      case WITHOUT_UNIQUE_CLAIM, RECOVERY_BY_MTIME -> Durability.PROCESS;
      default -> Durability.ENQUEUE;
    };
  }
}
