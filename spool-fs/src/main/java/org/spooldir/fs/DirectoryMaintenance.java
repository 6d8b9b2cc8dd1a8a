package org.spooldir.fs;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spooldir.CorruptEntryException;
import org.spooldir.JobId;
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
  private final UniqueNames names;
  private final DirectoryInspector inspector;
  private final FailureLog log;
  private final DedupKeys keys;
  private final Clock clock;
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
  public MaintenanceReport requeue(Collection<JobId> ids) throws SpoolException {
    return each(
        "requeue",
        ids,
        Set.of(JobState.FAILED, JobState.DONE),
        found -> move(found, JobState.READY, found.name().withAttempts(0)));
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
  public MaintenanceReport discard(Collection<JobId> ids) throws SpoolException {
    return each(
        "discard",
        ids,
        Set.of(JobState.READY, JobState.DELAYED, JobState.HELD, JobState.FAILED, JobState.DONE),
        this::remove);
  }

  @Override
  public MaintenanceReport purge(JobState state, Duration olderThan) throws SpoolException {
    if (state != JobState.FAILED && state != JobState.DONE) {
      throw new IllegalArgumentException("purge is for failed and done jobs, not for " + state);
    }
    List<JobId> purged = new ArrayList<>();
    try {
      Instant since = fileSystemClock.now().minus(olderThan);
      forEachJob(
          state,
          found -> {
            if (!ops.inode(found.file())
                .changed()
                .isAfter(since)) { // the ctime tells when it was renamed to where it is
              remove(found);
              purged.add(found.name().id());
            }
          });
      syncs.removed(layout.of(state));
    } catch (IOException e) {
      throw Diagnosis.of("purge", layout.of(state), state, InSpool.UNKNOWN, e);
    }
    return new MaintenanceReport(purged, List.of());
  }

  private interface Act {
    /** Touches the exact name; returns the directories that changed, target first. */
    List<Path> on(Found found) throws IOException;
  }

  private List<Path> move(Found found, JobState to, EntryName name) throws IOException {
    Path directory = layout.of(to);
    String target = name.adopted(names.next()).text();
    ops.rename(found.file(), FileNames.in(directory, target));
    return List.of(directory, layout.of(found.state()));
  }

  private List<Path> remove(Found found) throws IOException {
    Optional<String> key = keyOf(found);
    ops.delete(found.file());
    log.delete(found.name().id());
    if (key.isPresent()) {
      keys.giveBack(key.get(), found.name());
    }
    return List.of(layout.of(found.state()));
  }

  private Optional<String> keyOf(Found found) throws IOException {
    try {
      return new EntryReader(ops).unverified(found.file(), found.name()).header().key();
    } catch (CorruptEntryException e) {
      return Optional.empty(); // its key, if it has one, is swept
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
    Set<JobId> wanted = new HashSet<>(ids);
    Set<JobId> changed = new HashSet<>();
    Set<Path> touched = new LinkedHashSet<>();
    try {
      for (JobState state : states) {
        forEachJob(
            state,
            found -> {
              JobId id = found.name().id();
              if (wanted.contains(id)) {
                touched.addAll(act.on(found));
                wanted.remove(id);
                changed.add(id);
              }
            });
      }
      for (Path directory : touched) {
        syncs.kept(directory);
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
