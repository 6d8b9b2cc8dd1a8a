package org.spooldir;

import java.io.FileNotFoundException;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.spooldir.SpoolStats.Count;

/** Looks into a queue in memory. */
record MemoryInspector(MemoryQueue queue) implements SpoolInspector {

  @Override
  public Stream<JobSnapshot> list(Set<JobState> states) {
    synchronized (queue) {
      List<JobSnapshot> jobs =
          queue.stream()
              .filter(entry -> states.contains(entry.state))
              .map(MemoryEntry::snapshot)
              .toList();
      return jobs.stream();
    }
  }

  @Override
  public Optional<JobSnapshot> find(JobId id) {
    synchronized (queue) {
      return queue.find(id).map(MemoryEntry::snapshot);
    }
  }

  @Override
  public Optional<JobRecord> read(JobId id) {
    synchronized (queue) {
      return queue.find(id).map(this::read);
    }
  }

  @Override
  public List<Failure> failures(JobId id) {
    synchronized (queue) {
      return queue.find(id).map(entry -> List.copyOf(entry.failures)).orElse(List.of());
    }
  }

  private JobRecord read(MemoryEntry entry) {
    Payload payload =
        () -> {
          if (queue.find(entry.id).isEmpty()) {
            throw new FileNotFoundException(entry.id + " has left the spool");
          }
          return Payload.of(entry.bytes).open();
        };
    return new JobRecord(
        entry.snapshot(), entry.job.attributes(), entry.job.key(), payload, entry.failures);
  }

  @Override
  public SpoolStats stats() {
    synchronized (queue) {
      Map<JobState, Count> counts = new EnumMap<>(JobState.class);
      queue.stream()
          .forEach(
              entry ->
                  counts.merge(
                      entry.state, new Count(1, entry.bytes.length), MemoryInspector::sum));
      return new SpoolStats(
          counts, 0, 0, queue.workers(), min(JobState.READY), min(JobState.DELAYED));
    }
  }

  private static Count sum(Count a, Count b) {
    return new Count(a.jobs() + b.jobs(), a.bytes() + b.bytes());
  }

  private Optional<Instant> min(JobState state) {
    return queue.stream()
        .filter(entry -> entry.state == state)
        .map(entry -> entry.due.orElse(entry.enqueuedAt))
        .min(Comparator.naturalOrder());
  }
}
