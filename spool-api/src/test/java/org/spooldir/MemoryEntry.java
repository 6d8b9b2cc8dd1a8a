package org.spooldir;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** One job of a {@link MemoryQueue}, whose lock guards it. */
final class MemoryEntry {

  final JobId id;
  final Job job;
  final byte[] bytes;
  final Instant enqueuedAt;
  final List<Failure> failures = new ArrayList<>();
  JobState state;
  Instant since;
  int attempts;
  Optional<Instant> due;
  Optional<MemoryClaim> holder = Optional.empty();

  MemoryEntry(JobId id, Job job, byte[] bytes, Instant now) {
    this.id = id;
    this.job = job;
    this.bytes = bytes;
    this.enqueuedAt = now;
    this.since = now;
    this.due = job.due(now).filter(now::isBefore);
    this.state = due.isPresent() ? JobState.DELAYED : JobState.READY;
  }

  void become(JobState next, Instant now) {
    state = next;
    since = now;
    holder = Optional.empty();
  }

  boolean isHeldBy(MemoryClaim claim) {
    return holder.filter(held -> held == claim).isPresent();
  }

  JobSnapshot snapshot() {
    return new JobSnapshot(
        id,
        state,
        job.priority(),
        attempts,
        OptionalLong.of(bytes.length),
        Optional.of(enqueuedAt),
        due,
        holder.map(claim -> since),
        holder.map(MemoryClaim::worker),
        Optional.empty(),
        false);
  }
}
