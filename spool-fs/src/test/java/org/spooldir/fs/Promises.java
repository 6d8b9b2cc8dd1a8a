package org.spooldir.fs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.spooldir.JobId;
import org.spooldir.JobState;

/**
 * What the users of a spool have asked of it and were told, job by job, and so where each job may
 * be after a crash. Jobs are known by their texts.
 */
final class Promises {

  /** Where a job can be found by those who come later. */
  enum Place {
    READY,
    DELAYED,
    HELD,
    FAILED,
    DONE,
    GONE;

    /** A claimed job is ready again when its worker is known to be dead. */
    static Place of(JobState state) {
      return state == JobState.CLAIMED ? READY : valueOf(state.name());
    }
  }

  private enum End {
    NOT_YET,
    DONE,
    /** It is certain that nothing was touched. */
    NEVER
  }

  /** Somebody brings a job somewhere. */
  final class Move {
    private final String job;
    private final Set<Place> to;
    private final boolean kept;
    private final int begun = ++now;
    private int ended = Integer.MAX_VALUE;
    private End end = End.NOT_YET;

    private Move(String job, boolean kept, Set<Place> to) {
      this.job = job;
      this.kept = kept;
      this.to = to;
    }

    /** He was told that it is done. */
    void done() {
      end = End.DONE;
      ended = ++now;
    }

    /** He was told that it was not done, and nothing was touched. */
    void never() {
      end = End.NEVER;
      ended = ++now;
    }

    private boolean binds(Durability level, boolean power) {
      return end == End.DONE
          && (!power || level == Durability.FULL || (kept && level == Durability.ENQUEUE));
    }
  }

  private final List<Move> moves = new ArrayList<>();
  private final Map<JobId, String> texts = new HashMap<>();
  private boolean settingAside;
  private int now;

  /**
   * Somebody begins to bring a job somewhere.
   *
   * @param kept whether power loss at level {@code ENQUEUE} does not undo it
   */
  Move begin(String job, boolean kept, Place... to) {
    Move move = new Move(job, kept, EnumSet.copyOf(Arrays.asList(to)));
    moves.add(move);
    return move;
  }

  void know(JobId id, String text) {
    texts.put(id, text);
  }

  /** The job of this id; empty if its producer was never told. */
  Optional<String> textOf(JobId id) {
    return Optional.ofNullable(texts.get(id));
  }

  /** The id of this job; empty if its producer was never told. */
  Optional<JobId> idOf(String text) {
    return texts.entrySet().stream()
        .filter(entry -> entry.getValue().equals(text))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** A job that is ready may be found unfit to be read, and set aside. */
  void mayBeSetAside() {
    settingAside = true;
  }

  /** Grows with everything that is asked or told. */
  int version() {
    return now;
  }

  /** Whether anybody was told that this job is done with. */
  boolean isGone(String job) {
    return moves.stream()
        .anyMatch(
            m -> m.job.equals(job) && m.end == End.DONE && m.to.equals(EnumSet.of(Place.GONE)));
  }

  /** Whether anybody has tried to be done with one of these jobs. */
  boolean mayBeGone(Set<String> jobs) {
    return moves.stream()
        .anyMatch(m -> jobs.contains(m.job) && m.end != End.NEVER && m.to.contains(Place.GONE));
  }

  /**
   * Where each job may be now.
   *
   * @param power whether the power fails; or else processes die
   */
  Map<String, Set<Place>> expected(Durability level, boolean power) {
    Map<String, List<Move>> byJob = new TreeMap<>();
    for (Move move : moves) {
      List<Move> ofJob = byJob.computeIfAbsent(move.job, none -> new ArrayList<>());
      if (move.end != End.NEVER) {
        ofJob.add(move);
      }
    }
    Map<String, Set<Place>> expected = new TreeMap<>();
    byJob.forEach((job, ofJob) -> expected.put(job, places(ofJob, level, power)));
    return expected;
  }

  /**
   * Where those had a job who have begun to move it and were told nothing yet: the last that was
   * done before they began.
   */
  Set<Place> leftBehind(String job) {
    Set<Place> left = EnumSet.noneOf(Place.class);
    for (Move move : moves) {
      if (move.job.equals(job) && move.end == End.NOT_YET) {
        moves.stream()
            .filter(m -> m.job.equals(job) && m.end == End.DONE && m.ended < move.begun)
            .max(Comparator.comparingInt(m -> m.ended))
            .ifPresent(before -> left.addAll(before.to));
      }
    }
    left.remove(Place.GONE); // a name that is left behind loses nothing
    return left;
  }

  /** Where the last word that binds has it, or what was begun before that word was spoken. */
  private Set<Place> places(List<Move> moves, Durability level, boolean power) {
    Move last = null;
    for (Move move : moves) {
      if (move.binds(level, power) && (last == null || move.ended > last.ended)) {
        last = move;
      }
    }
    Set<Place> places = last == null ? EnumSet.of(Place.GONE) : EnumSet.copyOf(last.to);
    for (Move move : moves) {
      if (last == null || move.ended > last.begun) {
        places.addAll(move.to);
      }
    }
    if (settingAside && places.contains(Place.READY)) {
      places.add(Place.FAILED);
    }
    return places;
  }
}
