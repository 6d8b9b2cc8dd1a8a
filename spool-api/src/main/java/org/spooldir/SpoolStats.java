package org.spooldir;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The depth of a spool at about one moment.
 *
 * @param counts jobs and bytes in each state; every state is a key
 * @param writing entries being written by producers, or left by producers that died
 * @param foreign things among the ready that are no regular files (links, sockets, directories):
 *     never claimed, never touched
 * @param workers worker processes with a presence, living or not yet declared dead
 * @param oldestReady when the longest waiting ready job was handed in, where names tell
 * @param nextDue when the next delayed job is due, if there is one
 * @since 0.1
 */
public record SpoolStats(
    Map<JobState, Count> counts,
    long writing,
    long foreign,
    long workers,
    Optional<Instant> oldestReady,
    Optional<Instant> nextDue) {

  /**
   * How much there is in one state.
   *
   * @param jobs the number of jobs
   * @param bytes their stored bytes, as far as producers declared them
   */
  public record Count(long jobs, long bytes) {

    /** Nothing. */
    public static final Count NONE = new Count(0, 0);
  }

  /** Copies the counts and fills in the states that are missing. */
  public SpoolStats {
    Map<JobState, Count> all = new EnumMap<>(JobState.class);
    for (JobState state : JobState.values()) {
      all.put(state, counts.getOrDefault(state, Count.NONE));
    }
    counts = Collections.unmodifiableMap(all);
  }

  /** The number of jobs in this state. */
  public long jobs(JobState state) {
    return counts.getOrDefault(state, Count.NONE).jobs();
  }
}
