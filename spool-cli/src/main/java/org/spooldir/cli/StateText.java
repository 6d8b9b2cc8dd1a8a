package org.spooldir.cli;

import org.jspecify.annotations.Nullable;
import org.spooldir.JobState;

/** The states of jobs as people write and read them. */
final class StateText {

  static final String EXPECTED = "ready (new), claimed (cur), delayed, held, failed or done";

  private StateText() {}

  /** Reads a state, or the name of its directory; null if it is none. */
  static @Nullable JobState parse(String text) {
    return switch (text) {
      case "ready", "new" -> JobState.READY;
      case "claimed", "cur" -> JobState.CLAIMED;
      case "delayed" -> JobState.DELAYED;
      case "held" -> JobState.HELD;
      case "failed" -> JobState.FAILED;
      case "done" -> JobState.DONE;
      default -> null;
    };
  }

  static String of(JobState state) {
    return switch (state) {
      case READY -> "ready";
      case CLAIMED -> "claimed";
      case DELAYED -> "delayed";
      case HELD -> "held";
      case FAILED -> "failed";
      case DONE -> "done";
    };
  }
}
