package org.spooldir;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Moves the jobs of a queue in memory along. */
record MemoryMaintenance(MemoryQueue queue) implements SpoolMaintenance {

  @Override
  public RecoveryReport recover() {
    return queue.recover();
  }

  @Override
  public MaintenanceReport hold(Collection<JobId> ids) {
    return each(
        ids,
        EnumSet.of(JobState.READY, JobState.DELAYED),
        entry -> entry.become(JobState.HELD, Instant.now()));
  }

  @Override
  public MaintenanceReport unhold(Collection<JobId> ids) {
    return each(ids, EnumSet.of(JobState.HELD), this::letGo);
  }

  private void letGo(MemoryEntry entry) {
    Instant now = Instant.now();
    if (entry.due.filter(now::isBefore).isPresent()) {
      entry.become(JobState.DELAYED, now);
    } else {
      queue.makeReady(entry);
    }
  }

  @Override
  public MaintenanceReport requeue(Collection<JobId> ids, Set<JobState> states) {
    if (!EnumSet.of(JobState.FAILED, JobState.DONE).containsAll(states)) {
      throw new IllegalArgumentException("only failed and done jobs can be requeued");
    }
    return each(
        ids,
        states,
        entry -> {
          entry.attempts = 0;
          queue.makeReady(entry);
        });
  }

  @Override
  public MaintenanceReport retryNow(Collection<JobId> ids) {
    return each(ids, EnumSet.of(JobState.DELAYED), queue::makeReady);
  }

  @Override
  public MaintenanceReport discard(Collection<JobId> ids, Set<JobState> states) {
    if (states.contains(JobState.CLAIMED)) {
      throw new IllegalArgumentException("claimed jobs are in workers' hands");
    }
    return each(ids, states, queue::remove);
  }

  @Override
  public long purge(JobState state, Duration olderThan) {
    synchronized (queue) {
      List<JobId> old = purgeable(state, olderThan).map(JobSnapshot::id).toList();
      return each(old, EnumSet.of(state), queue::remove).changed().size();
    }
  }

  @Override
  public Stream<JobSnapshot> purgeable(JobState state, Duration olderThan) {
    if (state != JobState.FAILED && state != JobState.DONE) {
      throw new IllegalArgumentException("only failed and done jobs can be purged, not " + state);
    }
    synchronized (queue) {
      Instant now = Instant.now();
      List<JobSnapshot> old =
          queue.stream()
              .filter(
                  entry ->
                      entry.state == state
                          && Duration.between(entry.since, now).compareTo(olderThan) > 0)
              .map(MemoryEntry::snapshot)
              .toList();
      return old.stream();
    }
  }

  private MaintenanceReport each(
      Collection<JobId> ids, Set<JobState> applicable, Consumer<MemoryEntry> act) {
    List<JobId> changed = new ArrayList<>();
    List<JobId> missing = new ArrayList<>();
    synchronized (queue) {
      for (JobId id : ids) {
        Optional<MemoryEntry> entry =
            queue.find(id).filter(found -> applicable.contains(found.state));
        entry.ifPresent(act);
        (entry.isPresent() ? changed : missing).add(id);
      }
    }
    return new MaintenanceReport(changed, missing);
  }
}
