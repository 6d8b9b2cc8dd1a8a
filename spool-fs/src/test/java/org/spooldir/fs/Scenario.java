package org.spooldir.fs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.JobState;

/**
 * One step of a job's life, which death may cut off, and what must hold of each job then. Jobs are
 * known by their texts.
 */
final class Scenario {

  /** A spool in which something is about to happen. */
  static final class Stage {
    final Lab lab;
    final DirectorySpool spool;
    final Path file;
    @Nullable Claim claim;

    Stage(Lab lab, DirectorySpool spool, Path file) {
      this.lab = lab;
      this.spool = spool;
      this.file = file;
    }

    JobId enqueue(Job job) throws Exception {
      return spool.enqueue(job);
    }

    Claim claim() throws Exception {
      claim = Lab.claim(spool);
      return claim;
    }

    /** The ids of the jobs in a state. */
    List<JobId> ids(JobState state) throws Exception {
      return Aftermath.ids(spool, state);
    }
  }

  /** What happens. */
  interface Act {
    void on(Stage stage) throws Exception;
  }

  /** How often a job is there, at least and at most. */
  record Count(int least, int most) {}

  private final String name;
  private final Act step;
  private Act before = stage -> {};
  private SpoolOptions options = Lab.OPTIONS.durability(Durability.FULL);
  private @Nullable String keyed;
  private boolean dropped;
  private final Map<String, Count> cutOff = new TreeMap<>();
  private final Map<String, Count> returned = new TreeMap<>();

  private Scenario(String name, Act step) {
    this.name = name;
    this.step = step;
  }

  static Scenario when(String name, Act step) {
    return new Scenario(name, step);
  }

  Scenario given(Act earlier) {
    before = earlier;
    return this;
  }

  Scenario with(SpoolOptions changed) {
    options = changed;
    return this;
  }

  /** The spool is a drop box, and all in it belongs to another user. */
  Scenario dropped() {
    dropped = true;
    return this;
  }

  /** This job has the key "k". */
  Scenario keyed(String text) {
    keyed = text;
    return this;
  }

  /** These jobs are there once, whenever the process dies. */
  Scenario keeps(String... texts) {
    return expect(new Count(1, 1), new Count(1, 1), texts);
  }

  /** These jobs are there once when the step has returned, and at most once before. */
  Scenario brings(String... texts) {
    return expect(new Count(0, 1), new Count(1, 1), texts);
  }

  /** These jobs are gone when the step has returned, and there at most once before. */
  Scenario takes(String... texts) {
    return expect(new Count(0, 1), new Count(0, 0), texts);
  }

  private Scenario expect(Count ifCutOff, Count ifReturned, String... texts) {
    Stream.of(texts).forEach(text -> cutOff.put(text, ifCutOff));
    Stream.of(texts).forEach(text -> returned.put(text, ifReturned));
    return this;
  }

  /**
   * Runs it in a new spool, dies before the nth call of the step, and looks at what is left.
   *
   * @return whether it died: otherwise the step has fewer calls
   */
  boolean run(Path directory, int n) throws Exception {
    Files.createDirectories(directory);
    try (Lab lab = Lab.in(directory)) {
      if (dropped) {
        lab.makeDropBoxOfOthers();
      }
      Stage stage = new Stage(lab, lab.open(options), directory.resolve("file"));
      before.on(stage);
      boolean died = false;
      lab.faults.dieAtCall(n);
      try {
        step.on(stage);
      } catch (Faults.Death e) {
        died = true;
      }
      lab.faults.bury(); // or else a late beat of its own would keep its claims
      Aftermath aftermath = Aftermath.of(lab, options);
      try {
        aftermath.assertJobs(died ? cutOff : returned, stage.file);
        if (keyed != null) {
          aftermath.assertKeyIsNeitherStuckNorLost(List.of(keyed), 1);
        }
        aftermath.assertNothingIsLeftInTheEnd();
      } catch (AssertionError e) {
        throw new AssertionError("after " + lab.faults.last(), e);
      }
      return died;
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
