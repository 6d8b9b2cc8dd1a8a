package org.spooldir.fs;

import com.google.common.base.Splitter;
import java.util.List;
import java.util.Optional;
import org.spooldir.JobState;

/**
 * One step that a child took with one job, as it tells of it in a line of its own: once before the
 * call, where it can know, and once after it returned.
 *
 * @param job the name of its payload; what stands before a dot is its dedup key
 * @param place where the step puts it
 * @param acknowledged whether the call had returned
 */
record CutStep(Kind kind, String job, Place place, boolean acknowledged) {

  /** What was done to the job, and from which level on that survives a power cut. */
  enum Kind {
    ENQUEUE(Durability.ENQUEUE),
    CLAIM(Durability.FULL),
    COMPLETE(Durability.FULL),
    KEEP(Durability.ENQUEUE),
    RETRY(Durability.FULL),
    RELEASE(Durability.FULL),
    REJECT(Durability.ENQUEUE),
    RECOVER(Durability.FULL),
    OPERATE(Durability.ENQUEUE);

    private final Durability from;

    Kind(Durability from) {
      this.from = from;
    }

    boolean survives(Durability level) {
      return level.compareTo(from) >= 0;
    }

    /** Whether it writes down a reason. */
    boolean tellsWhy() {
      return this == RETRY || this == REJECT;
    }
  }

  /**
   * Where a job stands once its worker was recovered.
   *
   * @param state empty: nowhere
   */
  record Place(Optional<JobState> state, int attempts) {

    static final Place NOWHERE = new Place(Optional.empty(), 0);

    static Place of(JobState state, int attempts) {
      return new Place(Optional.of(state), attempts);
    }

    private static Place parse(String state, String attempts) {
      return state.equals("-") ? NOWHERE : of(JobState.valueOf(state), Integer.parseInt(attempts));
    }

    @Override
    public String toString() {
      return state.map(JobState::name).orElse("-") + " " + attempts;
    }
  }

  /** Whether a line tells of a step, and not of something else. */
  static boolean isIn(String line) {
    return line.startsWith("? ") || line.startsWith("! ");
  }

  static CutStep parse(String line) {
    List<String> words = Splitter.on(' ').splitToList(line);
    return new CutStep(
        Kind.valueOf(words.get(1)),
        words.get(2),
        Place.parse(words.get(3), words.get(4)),
        words.get(0).equals("!"));
  }

  /** The same step, whose call had not returned. */
  CutStep unacknowledged() {
    return new CutStep(kind, job, place, false);
  }

  CutStep after() {
    return new CutStep(kind, job, place, true);
  }

  String line() {
    return (acknowledged ? "! " : "? ") + kind + " " + job + " " + place;
  }

  @Override
  public String toString() {
    return line();
  }
}
