package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.spooldir.fs.Evidence.Section;

/**
 * The product on a disk in memory: two processes take turns call by call, after every call the
 * power fails or everybody dies, and of every disk that may be left somebody else makes the best.
 */
@Tag("proof")
class CrashModelTest {

  /** Each label of the protocol, and a call by which it is known. */
  private static final TreeMap<String, String> LABELS = new TreeMap<>();

  static {
    LABELS.put("E1", "enqueue .*: create tmp/.*");
    LABELS.put("E2", "enqueue .*: force tmp/.*");
    LABELS.put("E3", "enqueue .*: forceDirectory tmp");
    LABELS.put("E3a", "enqueue .*: rename keys/\\S+ keys/[0-9a-f]{64}");
    LABELS.put("E4", "enqueue .*: rename tmp/\\S+ new/.*");
    LABELS.put("E4 for later", "enqueue .*: rename tmp/\\S+ delayed/.*");
    LABELS.put("E5", "enqueue .*: forceDirectory new");
    LABELS.put("E5 for later", "enqueue .*: forceDirectory delayed");
    LABELS.put("adopt", "enqueue .*: link /model/file tmp/.*");
    LABELS.put("adopted", "enqueue .*: delete /model/file");
    LABELS.put("C0", "claim: create workers/.*");
    LABELS.put("C1", "claim: list new");
    LABELS.put("C2", "claim: rename new/\\S+ cur/.*,w=.*");
    LABELS.put("C3", "claim: read cur/.*");
    LABELS.put("C4", "late, beat: overwrite workers/.*");
    LABELS.put("D1", "complete: delete cur/.*");
    LABELS.put("D1 with retention", "complete: rename cur/\\S+ done/.*");
    LABELS.put("D2", "retry: rename cur/\\S+ delayed/.*");
    LABELS.put("D2 notes why", "retry: append errors/.*");
    LABELS.put("D3", "release: rename cur/\\S+ new/.*");
    LABELS.put("D4", "reject: rename cur/\\S+ failed/.*");
    LABELS.put("key given back", "complete: delete keys/[0-9a-f]{64}");
    LABELS.put("R0", "recover: delete workers/.*");
    LABELS.put("R0 brings back", "recover: rename cur/\\S+,w=\\S+ new/.*");
    LABELS.put("R1", "proven dead.*recover: delete workers/.*");
    LABELS.put("R2", "two recoverers .*recover: delete workers/.*");
    LABELS.put("R3", "recover: rename cur/\\S+:2,S new/.*");
    LABELS.put("R3 second names", "recover: delete tmp/[^a]\\S+");
    LABELS.put("R4", "claim: rename delayed/\\S+ new/.*");
    LABELS.put("R5", "recover: delete tmp/abandoned");
    LABELS.put("R5 keys", "recover: delete keys/0+");
    LABELS.put("R5 logs", "recover: delete errors/gone.log");
    LABELS.put("O1", "hold: rename new/\\S+ held/.*");
    LABELS.put("O2", "unhold: rename held/\\S+ new/.*");
    LABELS.put("O3", "requeue: rename failed/\\S+ new/.*");
    LABELS.put("O3 of done", "requeue: rename done/\\S+ new/.*");
    LABELS.put("O4", "retryNow: rename delayed/\\S+ new/.*");
    LABELS.put("O5", "discard: delete new/.*");
    LABELS.put("O6", "purge: delete failed/.*");
  }

  private static final List<Durability> LEVELS = List.of(Durability.values());

  /** What was searched. */
  private static final class Tally {
    long runs;
    long states;
    long disks;

    void add(Exploration exploration) {
      runs += exploration.runs();
      states += exploration.states();
      disks += exploration.disks();
    }

    void row(String fault, String promised) {
      Evidence.of(Section.CRASH_MODEL, fault)
          .row(
              "%,d crash states of %,d interleavings".formatted(states, runs),
              promised,
              "held; %,d disks that differ were recovered and emptied".formatted(disks));
    }
  }

  private interface Search {
    Optional<Counterexample> in(Exploration exploration) throws Exception;
  }

  private static Tally search(Stream<Encounter> encounters, List<Durability> levels, Search search)
      throws Exception {
    Tally tally = new Tally();
    for (Encounter encounter : encounters.toList()) {
      for (Durability level : levels) {
        Exploration exploration = new Exploration(encounter, level, UnaryOperator.identity());
        Optional<Counterexample> found = search.in(exploration);
        if (found.isPresent()) {
          throw new AssertionError(found.get().toString());
        }
        System.out.printf(
            "[crash model] %s, %s: %,d interleavings, %,d states, %,d disks%n",
            encounter, level, exploration.runs(), exploration.states(), exploration.disks());
        tally.add(exploration);
      }
    }
    return tally;
  }

  /** Who meets. */
  enum Group {
    ONE_ACTOR("one process alone") {
      @Override
      Stream<Encounter> encounters() {
        return Encounters.alone();
      }
    },
    PRODUCERS("a producer and a worker, another producer, an operator or a recoverer") {
      @Override
      Stream<Encounter> encounters() {
        return Encounters.producers();
      }
    },
    WORKERS("two workers") {
      @Override
      Stream<Encounter> encounters() {
        return Encounters.workers();
      }
    },
    LATE("a recoverer and a worker who was believed dead and comes back") {
      @Override
      Stream<Encounter> encounters() {
        return Encounters.late();
      }
    },
    RECOVERERS("a recoverer and a worker, another recoverer, a mail reader or a producer") {
      @Override
      Stream<Encounter> encounters() {
        return Encounters.recoverers();
      }
    },
    OPERATORS("an operator and a worker or another operator") {
      @Override
      Stream<Encounter> encounters() {
        return Encounters.operators();
      }
    };

    private final String name;

    Group(String name) {
      this.name = name;
    }

    abstract Stream<Encounter> encounters();
  }

  @ParameterizedTest
  @EnumSource
  void whateverACrashLeavesNothingIsLostTornDoubledOrStuck(Group group) throws Exception {
    search(group.encounters(), LEVELS, Exploration::search)
        .row(
            "crash after every call: " + group.name,
            "each job that was acknowledged is there once or done, none torn, none claimed for ever, keys neither block nor leak");
  }

  @ParameterizedTest
  @EnumSource
  void whateverCallFailsWhatWasPromisedHolds(BadWeather.Outcome outcome) throws Exception {
    Durability level = outcome.isLie() ? Durability.FULL : Durability.ENQUEUE;
    search(Encounters.all(), List.of(level), exploration -> exploration.search(outcome))
        .row(
            "each call fails in turn, then a crash: " + outcome.text(),
            "what was acknowledged holds, what was refused did no harm");
  }

  @Test
  void everyLabelIsExercised() throws Exception {
    List<String> calls = new ArrayList<>();
    for (Encounter encounter : Encounters.all().toList()) {
      Exploration exploration =
          new Exploration(encounter, Durability.FULL, UnaryOperator.identity());
      exploration.rehearse().forEach(step -> calls.add(encounter + " " + step));
    }
    List<String> missing =
        LABELS.entrySet().stream()
            .filter(
                label -> {
                  Pattern call = Pattern.compile(".*\\b" + label.getValue());
                  return calls.stream().noneMatch(line -> call.matcher(line).matches());
                })
            .map(label -> label.getKey() + ": " + label.getValue())
            .toList();
    assertEquals(List.of(), missing);
  }

  /**
   * What is not promised, so that it is not forgotten: where each name is on its own, a rename that
   * is under way while somebody else forces its source can lose even an acknowledged job.
   */
  @Test
  void withoutAJournalARenameUnderWayCanLoseItsJob() throws Exception {
    Encounter encounter =
        Encounter.of("worker")
            .after(cast -> cast.enter("earlier").enqueue("one"))
            .actor("worker", Actor::claim);
    Optional<Counterexample> found =
        new Exploration(encounter, Durability.FULL, UnaryOperator.identity())
            .also(CrashProfile.LAWLESS)
            .search();
    assertTrue(found.orElseThrow().broken().contains("LOST"), found::toString);
    assertTrue(found.orElseThrow().crash().contains("LAWLESS"), found::toString);
  }
}
