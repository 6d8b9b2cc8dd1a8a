package org.spooldir.fs;

import com.google.common.collect.Iterables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.spooldir.JobId;
import org.spooldir.JobSnapshot;
import org.spooldir.JobState;
import org.spooldir.MaintenanceReport;
import org.spooldir.RecoveryReport;
import org.spooldir.SpoolException;
import org.spooldir.SpoolException.InSpool;
import org.spooldir.SpoolMaintenance;
import org.spooldir.fs.DirectoryInspector.Found;

/** What an operator does to jobs: one rename or unlink of an exact name each. */
final class DirectoryMaintenance implements SpoolMaintenance {

  private final FileOps ops;
  private final SpoolLayout layout;
  private final Syncs syncs;
  private final Reserve reserve;
  private final UniqueNames names;
  private final DirectoryInspector inspector;
  private final FailureLog log;
  private final DedupKeys keys;
  private final InstantSource clock;
  private final FileSystemClock fileSystemClock;
  private final Recovery recovery;

  /** How to recover once. */
  interface Recovery {
    RecoveryReport recover() throws IOException;
  }

  DirectoryMaintenance(
      Site site,
      DirectoryInspector inspector,
      FailureLog log,
      DedupKeys keys,
      FileSystemClock fileSystemClock,
      Recovery recovery) {
    this.ops = site.ops();
    this.layout = site.layout();
    this.syncs = site.syncs();
    this.reserve = site.reserve();
    this.names = site.names();
    this.inspector = inspector;
    this.log = log;
    this.keys = keys;
    this.clock = site.clock();
    this.fileSystemClock = fileSystemClock;
    this.recovery = recovery;
  }

  @Override
  public RecoveryReport recover() throws SpoolException {
    layout.requireReadable("recover");
    try {
      return recovery.recover();
    } catch (IOException e) {
      throw Diagnosis.of("recover", layout.root(), null, InSpool.UNKNOWN, e);
    }
  }

  @Override
  public MaintenanceReport hold(Collection<JobId> ids) throws SpoolException {
    return each(
        "hold",
        ids,
        Set.of(JobState.READY, JobState.DELAYED),
        found -> move(found, JobState.HELD, found.name()));
  }

  @Override
  public MaintenanceReport unhold(Collection<JobId> ids) throws SpoolException {
    long now = clock.millis();
    return each(
        "unhold",
        ids,
        Set.of(JobState.HELD),
        found ->
            found.name().due() > now
                ? move(found, JobState.DELAYED, found.name())
                : move(found, JobState.READY, found.name().unclaimed()));
  }

  @Override
  public MaintenanceReport requeue(Collection<JobId> ids, Set<JobState> states)
      throws SpoolException {
    if (!EnumSet.of(JobState.FAILED, JobState.DONE).containsAll(states)) {
      throw new IllegalArgumentException("only failed and done jobs can be requeued");
    }
    return each(
        "requeue", ids, states, found -> move(found, JobState.READY, found.name().withAttempts(0)));
  }

  @Override
  public MaintenanceReport retryNow(Collection<JobId> ids) throws SpoolException {
    return each(
        "retryNow",
        ids,
        Set.of(JobState.DELAYED),
        found -> move(found, JobState.READY, found.name().unclaimed()));
  }

  @Override
  public MaintenanceReport discard(Collection<JobId> ids, Set<JobState> states)
      throws SpoolException {
    if (states.contains(JobState.CLAIMED)) {
      throw new IllegalArgumentException("claimed jobs are in workers' hands");
    }
    return each("discard", ids, states, this::remove);
  }

  @Override
  public long purge(JobState state, Duration olderThan) throws SpoolException {
    requirePurgeable(state);
    layout.requireReadable("purge");
    long[] purged = {0};
    try {
      Instant now = fileSystemClock.now();
      try {
        forEachJob(
            state,
            found -> {
              if (isOld(found, olderThan, now)) {
                remove(found);
                purged[0]++;
              }
            });
      } finally {
        syncs.removed(layout.of(state));
      }
    } catch (IOException e) {
      throw Diagnosis.of("purge", layout.of(state), state, InSpool.UNKNOWN, e);
    }
    return purged[0];
  }

  @Override
  public Stream<JobSnapshot> purgeable(JobState state, Duration olderThan) throws SpoolException {
    requirePurgeable(state);
    layout.requireReadable("purgeable");
    Instant now = clock.instant(); // asking the file system for its time writes
    return inspector
        .entries(Set.of(state))
        .filter(found -> isStillThereAndOld(found, olderThan, now))
        .map(found -> JobSnapshots.of(found.name(), found.state()));
  }

  private boolean isStillThereAndOld(Found found, Duration olderThan, Instant now) {
    try {
      return isOld(found, olderThan, now);
    } catch (NoSuchFileException e) {
      return false; // RACE: it moved on since it was listed
    } catch (IOException e) {
      throw new UncheckedIOException(
          Diagnosis.of("purgeable", found.file(), found.state(), InSpool.UNKNOWN, e));
    }
  }

  private static void requirePurgeable(JobState state) {
    if (state != JobState.FAILED && state != JobState.DONE) {
      throw new IllegalArgumentException("purge is for failed and done jobs, not for " + state);
    }
  }

  /** The ctime tells when it was renamed to where it is. */
  private boolean isOld(Found found, Duration olderThan, Instant now) throws IOException {
    return Duration.between(ops.inode(found.file()).changed(), now).compareTo(olderThan) >= 0;
  }

  private interface Act {
    /**
     * Touches the exact name; returns the directory to which it went, if it did not go for good.
     */
    Optional<Path> on(Found found) throws IOException;
  }

  private Optional<Path> move(Found found, JobState to, EntryName name) throws IOException {
    Path directory = layout.of(to);
    String target = name.adopted(names.next()).text();
    reserve.spend(() -> ops.rename(found.file(), FileNames.in(directory, target)));
    return Optional.of(directory);
  }

  private Optional<Path> remove(Found found) throws IOException {
    Optional<String> key = keyOf(found);
    ops.delete(found.file());
    log.delete(found.name().id());
    if (key.isPresent()) {
      keys.giveBack(key.get(), found.name());
    }
    return Optional.empty();
  }

  private Optional<String> keyOf(Found found) {
    try {
      return new EntryReader(ops).unverified(found.file(), found.name()).header().key();
    } catch (IOException e) {
      return Optional.empty(); // damaged, or not ours to read: its key, if it has one, is stale
    }
  }

  private interface Visit {
    void to(Found found) throws IOException;
  }

  /**
   * RACE: where a worker or another operator was faster, the exact name is gone, and the next job
   * has its turn.
   */
  private void forEachJob(JobState state, Visit visit) throws IOException {
    ops.forEach(
        layout.of(state),
        file -> {
          Found found = new Found(layout.nameOf(file), state, file);
          if (inspector.isJob(found)) {
            visit.to(found);
          }
          return true;
        });
  }

  /** One listing for all ids, however many there are. */
  private MaintenanceReport each(
      String operation, Collection<JobId> ids, Set<JobState> states, Act act)
      throws SpoolException {
    layout.requireReadable(operation);
    Set<JobId> wanted = new HashSet<>(ids);
    Set<JobId> changed = new HashSet<>();
    Set<Path> targets = new LinkedHashSet<>();
    Set<Path> sources = new LinkedHashSet<>();
    try {
      try {
        for (JobState state : states) {
          forEachJob(
              state,
              found -> {
                JobId id = found.name().id();
                if (wanted.contains(id)) {
                  sources.add(layout.of(state));
                  act.on(found).ifPresent(targets::add);
                  wanted.remove(id);
                  changed.add(id);
                }
              });
        }
      } finally { // what was done until a failure stands, and is to last
        for (Path directory : Iterables.concat(targets, sources)) {
          syncs.kept(directory);
        }
      }
    } catch (IOException e) {
      throw Diagnosis.of(operation, layout.root(), null, InSpool.UNKNOWN, e);
    }
    Set<JobId> asked =
        new LinkedHashSet<>(ids); // reported in the order in which they were asked for
    return new MaintenanceReport(
        asked.stream().filter(changed::contains).toList(),
        asked.stream().filter(wanted::contains).toList());
  }
}
