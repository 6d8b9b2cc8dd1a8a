package org.spooldir.fs;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.spooldir.JobSnapshot;
import org.spooldir.JobState;

/** What an entry name tells an operator. */
final class JobSnapshots {

  private JobSnapshots() {}

  static JobSnapshot of(EntryName name, JobState state) {
    boolean claimed = state == JobState.CLAIMED;
    return new JobSnapshot(
        name.id(),
        state,
        name.priority(),
        name.attempts(),
        name.size() == EntryName.NONE ? OptionalLong.empty() : OptionalLong.of(name.size()),
        enqueuedAt(name),
        time(name.due()),
        claimed ? time(name.claimedAt()) : Optional.empty(),
        claimed ? Optional.ofNullable(name.worker()).map(FileNames::escape) : Optional.empty(),
        name.isForeign() ? Optional.empty() : Optional.of(name.host()),
        name.isForeign());
  }

  static Optional<Instant> enqueuedAt(EntryName name) {
    return name.seconds() == 0 || name.seconds() > Instant.MAX.getEpochSecond()
        ? Optional.empty()
        : Optional.of(Instant.ofEpochSecond(name.seconds(), name.micros() * 1_000L));
  }

  private static Optional<Instant> time(long millis) {
    return millis == EntryName.NONE ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
  }
}
