package org.spooldir.cli;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.spooldir.JobState;
import org.spooldir.SpoolException;
import org.spooldir.SpoolStats;
import org.spooldir.fs.DirectorySpool;

/**
 * One look at a spool, or a plain Maildir.
 *
 * @param directory the spool, as the user called it
 * @param time when the look began
 * @param stats what it showed
 * @param freeBytes the room on its file system that this user could fill; 0 if that is not known
 * @param totalBytes the size of its file system; 0 if that is not known
 */
record Reading(Path directory, Instant time, SpoolStats stats, long freeBytes, long totalBytes) {

  /** Looks. Finds the spool anew each time, or else one that was removed would look empty. */
  static Reading of(Path directory) throws SpoolException {
    Instant time = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    SpoolStats stats = DirectorySpool.inspect(directory).stats();
    File file = directory.toFile(); // one system call; a FileStore would read the table of mounts
    return new Reading(directory, time, stats, file.getUsableSpace(), file.getTotalSpace());
  }

  /** What programs know this spool by, wherever they run. */
  static String nameOf(Path directory) {
    return directory.toAbsolutePath().normalize().toString();
  }

  long jobs(JobState state) {
    return stats.jobs(state);
  }

  /**
   * How long the oldest ready job has waited: zero if none is ready, or if it comes from the
   * future; empty if the names of the ready jobs do not tell.
   */
  Optional<Duration> oldestReadyAge() {
    if (jobs(JobState.READY) == 0) {
      return Optional.of(Duration.ZERO);
    }
    Optional<Instant> oldest = stats.oldestReady();
    if (oldest.isEmpty()) {
      return Optional.empty();
    }
    Duration age = Duration.between(oldest.get(), time);
    return Optional.of(age.isNegative() ? Duration.ZERO : age);
  }

  /** As {@code docs/json.md} describes it: once a field is there, it stays. */
  JsonLine json() {
    JsonLine states = new JsonLine();
    for (JobState state : JobState.values()) {
      SpoolStats.Count count = stats.counts().getOrDefault(state, SpoolStats.Count.NONE);
      states.add(
          StateText.of(state),
          new JsonLine().add("jobs", count.jobs()).add("bytes", count.bytes()));
    }
    JsonLine json =
        new JsonLine()
            .add("spool", nameOf(directory))
            .add("time", time)
            .add("states", states)
            .addTime("oldestReady", stats.oldestReady());
    Optional<Duration> age = oldestReadyAge();
    if (age.isPresent()) {
      json.add("oldestReadyAgeSeconds", age.get().toSeconds());
    }
    json.addTime("nextDue", stats.nextDue())
        .add("workers", stats.workers())
        .add("writing", stats.writing())
        .add("foreign", stats.foreign());
    return totalBytes == 0 ? json : json.add("freeBytes", freeBytes).add("totalBytes", totalBytes);
  }
}
