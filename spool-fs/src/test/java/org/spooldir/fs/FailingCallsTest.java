package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spooldir.Claim;
import org.spooldir.EnqueueUncertainException;
import org.spooldir.Job;
import org.spooldir.JobState;
import org.spooldir.Spool;
import org.spooldir.SpoolException;
import org.spooldir.SpoolException.InSpool;
import org.spooldir.fs.Evidence.Section;

/** System calls of a process that fail now and then, by strace. */
@Tag("privileged")
final class FailingCallsTest extends SpoolTest {

  private static final int JOBS = 60;

  /** Which build the child runs. */
  private static final String MUTANT = "SPOOL_MUTANT";

  private static final Pattern FORCED = Pattern.compile("fsync\\(\\d+<([^>]+)>");

  /** The first word of each line that the child prints. */
  private enum Fate {
    IN,
    OUT,
    UNCERTAIN,
    COMPLETED,
    FAILED
  }

  /** Runs the child while a call fails now and then; what became of its jobs. */
  private Map<Fate, Set<String>> runWhile(String call, String when, String... filter)
      throws Exception {
    return runWhile(Map.of(), call, when, filter);
  }

  private Map<Fate, Set<String>> runWhile(
      Map<String, String> environment, String call, String when, String... filter)
      throws Exception {
    List<String> strace = new ArrayList<>(List.of("strace", "-f", "-y", "--seccomp-bpf"));
    strace.addAll(List.of("-o", directory.resolve("log").toString(), "-e", "trace=" + call));
    strace.addAll(List.of("-e", "inject=" + call + ":error=EIO:when=" + when));
    strace.addAll(List.of(filter));
    Map<Fate, Set<String>> said = new EnumMap<>(Fate.class);
    for (Fate fate : Fate.values()) {
      said.put(fate, new TreeSet<>());
    }
    for (String line : ChildJvm.run(strace, environment, GoesOn.class, lab.root).lines().toList()) {
      String[] words = line.split(" ", 2);
      said.get(Fate.valueOf(words[0])).add(words[1]);
    }
    return said;
  }

  /** What another process finds afterwards, where no call fails. */
  private List<String> rest() throws Exception {
    List<String> texts = new ArrayList<>();
    DirectorySpool spool = lab.open();
    spool.maintenance().recover();
    spool.maintenance().retryNow(Aftermath.ids(spool, JobState.DELAYED));
    spool.maintenance().requeue(Aftermath.ids(spool, JobState.FAILED));
    for (Optional<Claim> claim = spool.claim(); claim.isPresent(); claim = spool.claim()) {
      texts.add(claim.get().payload().text());
      claim.get().complete();
    }
    return texts;
  }

  /** Every acknowledged job was completed or is there, once; what was refused is nowhere. */
  private void assertNothingLost(Map<Fate, Set<String>> said) throws Exception {
    List<String> found = rest();
    found.addAll(said.get(Fate.COMPLETED));
    Set<String> all = new TreeSet<>(found);
    assertEquals(all.size(), found.size(), "some job was there twice");
    Set<String> lost = new TreeSet<>(said.get(Fate.IN));
    lost.removeAll(all);
    assertEquals(Set.of(), lost, "acknowledged, and lost");
    all.retainAll(said.get(Fate.OUT));
    assertEquals(Set.of(), all, "refused, and in all the same");
  }

  private static String counts(Map<Fate, Set<String>> said) {
    return "%d acknowledged, %d refused, %d uncertain, %d failures of claims and settlements"
        .formatted(
            said.get(Fate.IN).size(),
            said.get(Fate.OUT).size(),
            said.get(Fate.UNCERTAIN).size(),
            said.get(Fate.FAILED).size());
  }

  @ParameterizedTest
  @CsvSource({
    "1+7, OUT, of a file in tmp/",
    "2+5, OUT, of tmp/ itself",
    "3+6, UNCERTAIN, of new/ after the rename"
  })
  void aFileWhoseForceFailedIsNeverForcedAgain(String when, Fate fate, String which)
      throws Exception {
    Map<Fate, Set<String>> said = runWhile("fsync", when);
    int failed = failedCalls();
    assertTrue(failed >= 10, () -> failed + " calls failed");
    Map<String, Integer> forced = timesForced();
    assertEquals(JOBS, forced.size(), "files that were forced");
    assertEquals(Set.of(1), Set.copyOf(forced.values()), () -> "forced again: " + forced);
    assertTrue(said.get(fate).size() >= 10, said::toString);
    assertNothingLost(said);
    Evidence.of(Section.FULL_AND_FAILING, "fsync fails with EIO now and then: " + which)
        .row(
            JOBS + " enqueues, " + failed + " failing calls",
            "not in, or said to be uncertain; no file is forced again after a failure",
            counts(said) + "; each of " + forced.size() + " files forced exactly once");
  }

  @Test
  void aBuildThatForcesAgainIsFoundOut() throws Exception {
    Mutant mutant = Mutant.RETRIED_FSYNC;
    Map<Fate, Set<String>> said = runWhile(Map.of(MUTANT, mutant.name()), "fsync", "1+7");
    Map<String, Integer> forced = timesForced();
    long again = forced.values().stream().filter(times -> times > 1).count();
    assertTrue(again > 0, () -> "none was forced again: " + forced);
    Evidence.of(Section.MUTANTS, "failing calls: " + mutant)
        .row(
            forced.size() + " files forced",
            "must fail",
            "fails: %d forced again after a failure, %d refused"
                .formatted(again, said.get(Fate.OUT).size()));
  }

  private String log() throws IOException {
    return Files.readString(directory.resolve("log"));
  }

  private int failedCalls() throws IOException {
    return log().split("INJECTED", -1).length - 1;
  }

  /** How often each file in tmp/ was. */
  private Map<String, Integer> timesForced() throws IOException {
    Map<String, Integer> forced = new HashMap<>();
    FORCED
        .matcher(log())
        .results()
        .filter(call -> call.group(1).matches(".*/tmp/.+"))
        .forEach(call -> forced.merge(call.group(1), 1, Integer::sum));
    return forced;
  }

  @Test
  void aRenameThatFailsLosesNothing() throws Exception {
    // Within a directory that is open each fails, and is tried once more by the whole path.
    Map<Fate, Set<String>> said =
        runWhile("rename", "4+7", "-e", "trace=rename,renameat", "-e", "inject=renameat:error=EIO");
    assertTrue(said.get(Fate.OUT).size() > 0 && said.get(Fate.FAILED).size() > 0, said::toString);
    assertNothingLost(said);
    Evidence.of(Section.FULL_AND_FAILING, "every seventh rename fails with EIO")
        .row(
            JOBS + " enqueues, claims and settlements",
            "not in, or still ready, or still claimed; nothing lost, nothing twice",
            counts(said));
  }

  @Test
  void whatFailsWithinAnOpenDirectoryIsDoneByTheWholePath() throws Exception {
    String calls = "renameat,unlinkat";
    Map<Fate, Set<String>> said = runWhile(calls, "1+1");
    int failed = failedCalls();
    assertTrue(failed >= JOBS, () -> failed + " calls failed");
    assertEquals(Set.of(), said.get(Fate.FAILED));
    assertNothingLost(said);
    Evidence.of(Section.FULL_AND_FAILING, "every renameat and unlinkat fails with EIO")
        .row(
            failed + " failing calls within open directories",
            "all is done by the whole path",
            counts(said));
  }

  @Test
  void aListingThatFailsLosesNothing() throws Exception {
    List<String> filter = new ArrayList<>();
    for (String each : SpoolLayout.DIRECTORIES) {
      filter.addAll(List.of("-P", lab.root.resolve(each).toString()));
    }
    Map<Fate, Set<String>> said = runWhile("getdents64", "2+3", filter.toArray(String[]::new));
    assertTrue(said.get(Fate.FAILED).size() > 0, said::toString);
    assertNothingLost(said);
    Evidence.of(Section.FULL_AND_FAILING, "every third listing fails with EIO")
        .row(
            JOBS + " enqueues, claims and settlements",
            "claims fail and may be tried again; nothing lost, nothing twice",
            counts(said));
  }

  /** Hands in jobs, claims and settles, and goes on whatever it is told. */
  static final class GoesOn {
    private GoesOn() {}

    public static void main(String[] arguments) throws IOException {
      Logger.getLogger("").setLevel(Level.OFF);
      OddGround ground =
          new OddGround(Optional.ofNullable(System.getenv(MUTANT)), Optional.empty());
      Spool spool =
          ground.open(
              Path.of(arguments[0]), SpoolOptions.DEFAULTS.reserve(0).poll(Duration.ofMillis(50)));
      for (int i = 0; i < JOBS; i++) {
        enqueue(spool, "job-" + i);
      }
      for (int i = 0; i < 3 * JOBS; i++) {
        try {
          Optional<Claim> claim = spool.claim();
          if (claim.isPresent()) {
            settle(claim.get(), i % 4);
          }
        } catch (SpoolException e) {
          say(Fate.FAILED, i + " " + e.getMessage());
        }
      }
      try {
        spool.close();
      } catch (SpoolException e) {
        say(Fate.FAILED, "close " + e.getMessage());
      }
    }

    private static void say(Fate fate, String what) {
      System.out.println(fate + " " + what);
    }

    private static void enqueue(Spool spool, String text) {
      try {
        spool.enqueue(Job.of(text));
        say(Fate.IN, text);
      } catch (EnqueueUncertainException e) {
        say(Fate.UNCERTAIN, text);
      } catch (SpoolException e) {
        assertEquals(InSpool.NO, e.jobIn());
        say(Fate.OUT, text);
      }
    }

    private static void settle(Claim claim, int way) throws IOException {
      String text = claim.payload().text();
      switch (way) {
        case 0 -> claim.retry(Duration.ofMillis(1), "busy");
        case 1 -> claim.reject("never");
        case 2 -> claim.release();
        default -> {
          claim.complete();
          say(Fate.COMPLETED, text);
        }
      }
    }
  }
}
