package org.spooldir;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A queue in memory: what the instances of {@link MemorySpool} share, as processes share a
 * directory. Its monitor is the lock.
 */
final class MemoryQueue {

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

  private final boolean retaining;
  private final Map<JobId, MemoryEntry> entries = new LinkedHashMap<>();
  private final Set<String> workers = new HashSet<>();
  private final Set<String> dead = new HashSet<>();
  private long ids;

  MemoryQueue(boolean retaining) {
    this.retaining = retaining;
  }

  synchronized JobId add(Job job, byte[] bytes) {
    Optional<MemoryEntry> twin =
        job.key()
            .flatMap(
                key ->
                    stream().filter(entry -> entry.job.key().equals(Optional.of(key))).findAny());
    if (twin.isPresent()) {
      return twin.get().id;
    }
    MemoryEntry entry = new MemoryEntry(new JobId("memory-" + ++ids), job, bytes, Instant.now());
    entries.put(entry.id, entry);
    notifyAll();
    return entry.id;
  }

  synchronized Optional<MemoryEntry> next() {
    recover();
    return stream()
        .filter(entry -> entry.state == JobState.READY)
        .min(Comparator.comparingInt(entry -> -entry.job.priority())); // the first of equals
  }

  /** Until when nothing happens by itself, in milliseconds from now, at least 1. */
  synchronized long quietMillis() {
    Instant now = Instant.now();
    Duration quiet =
        stream()
            .filter(entry -> entry.state == JobState.DELAYED)
            .flatMap(entry -> entry.due.stream())
            .map(due -> Duration.between(now, due))
            .min(Comparator.naturalOrder())
            .orElse(LONGEST_WAIT);
    return Math.max(1, Math.min(quiet.toMillis(), LONGEST_WAIT.toMillis()));
  }

  synchronized RecoveryReport recover() {
    List<String> died = List.copyOf(dead);
    Instant now = Instant.now();
    List<MemoryEntry> orphans =
        stream()
            .filter(
                entry -> entry.holder.map(MemoryClaim::worker).filter(dead::contains).isPresent())
            .toList();
    orphans.forEach(entry -> entry.become(JobState.READY, now));
    List<MemoryEntry> due =
        stream()
            .filter(
                entry ->
                    entry.state == JobState.DELAYED && entry.due.filter(now::isBefore).isEmpty())
            .toList();
    due.forEach(this::makeReady);
    dead.clear();
    if (!orphans.isEmpty()) {
      notifyAll();
    }
    return new RecoveryReport(died, orphans.size(), 0, due.size(), 0);
  }

  synchronized void makeReady(MemoryEntry entry) {
    entry.due = Optional.empty();
    entry.become(JobState.READY, Instant.now());
    notifyAll();
  }

  synchronized void makeDelayed(MemoryEntry entry, Duration delay) {
    if (delay.isZero()) {
      makeReady(entry);
    } else {
      Instant now = Instant.now();
      entry.due = Optional.of(now.plus(delay));
      entry.become(JobState.DELAYED, now);
      notifyAll();
    }
  }

  synchronized void makeDone(MemoryEntry entry) {
    entry.become(JobState.DONE, Instant.now());
    if (!retaining) {
      remove(entry);
    }
  }

  synchronized void remove(MemoryEntry entry) {
    entries.remove(entry.id);
  }

  synchronized Optional<MemoryEntry> find(JobId id) {
    return Optional.ofNullable(entries.get(id));
  }

  /** The entries, oldest first; only under the lock. */
  Stream<MemoryEntry> stream() {
    return entries.values().stream();
  }

  synchronized void present(String worker) {
    workers.add(worker);
  }

  synchronized boolean isPresent(String worker) {
    return workers.contains(worker);
  }

  synchronized int workers() {
    return workers.size();
  }

  synchronized void absent(String worker) {
    workers.remove(worker);
  }

  synchronized void declareDead(String worker) {
    if (workers.remove(worker)) {
      dead.add(worker);
    }
  }
}
