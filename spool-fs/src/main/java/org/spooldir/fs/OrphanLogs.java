package org.spooldir.fs;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Set;
import org.spooldir.JobState;

/** Tells which failure logs are of jobs that are nowhere. */
final class OrphanLogs {

  private static final int LOOKS = 2;

  private OrphanLogs() {}

  /** Takes the logs out of the set whose job is anywhere in the spool. */
  static void keepOrphans(FileOps ops, SpoolLayout layout, Set<String> logs) throws IOException {
    for (int look = 0; look < LOOKS && !logs.isEmpty(); look++) { // one may move while one looks
      for (JobState state : JobState.values()) {
        try {
          ops.forEach(
              layout.of(state), file -> logs.remove(FailureLog.nameOf(layout.nameOf(file).id())));
        } catch (NoSuchFileException e) {
          // a directory that came and went
        }
      }
    }
  }
}
