package org.spooldir.cli;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.spooldir.JobState;

/**
 * Which jobs a verb may touch.
 *
 * @param states where they stand
 * @param age how long ago they were handed in, at least
 */
record Selection(Set<JobState> states, LeastAge age) {

  /**
   * By {@code --state} and {@code --older-than}.
   *
   * @param possible the states to which the verb applies
   * @throws UsageException if it does not apply to the state
   */
  static Selection of(Arguments arguments, Set<JobState> possible) {
    String state = arguments.text("--state");
    return new Selection(
        state == null ? possible : Set.of(state(state, possible)),
        LeastAge.of(arguments, Instant.now()));
  }

  /** The state of this name. */
  static JobState state(String text, Set<JobState> possible) {
    JobState state = StateText.parse(text);
    if (state == null || !possible.contains(state)) {
      throw Arguments.bad("--state", text, names(possible));
    }
    return state;
  }

  /** The names of states, as {@code ready, delayed or held}. */
  static String names(Set<JobState> states) {
    StringBuilder names = new StringBuilder();
    String[] each = choices(states);
    for (int i = 0; i < each.length; i++) {
      names.append(i == 0 ? "" : i == each.length - 1 ? " or " : ", ").append(each[i]);
    }
    return names.toString();
  }

  /** The names of states, in the order of a job's life. */
  static String[] choices(Set<JobState> states) {
    String[] choices = new String[states.size()];
    int count = 0;
    for (JobState each : JobState.values()) {
      if (states.contains(each)) {
        choices[count++] = StateText.of(each);
      }
    }
    return choices;
  }

  /** All states but these. */
  Set<JobState> others() {
    return EnumSet.complementOf(EnumSet.copyOf(states));
  }
}
