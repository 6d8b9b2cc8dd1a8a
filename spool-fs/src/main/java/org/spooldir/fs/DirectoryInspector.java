package org.spooldir.fs;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.AbstractIterator;
import com.google.common.collect.Streams;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.spooldir.CorruptEntryException;
import org.spooldir.Failure;
import org.spooldir.JobId;
import org.spooldir.JobRecord;
import org.spooldir.JobSnapshot;
import org.spooldir.JobState;
import org.spooldir.Payload;
import org.spooldir.SpoolException;
import org.spooldir.SpoolException.InSpool;
import org.spooldir.SpoolInspector;
import org.spooldir.SpoolStats;

/** Looks at a spool directory, or a plain Maildir, with nothing but listing, lstat and reading. */
final class DirectoryInspector implements SpoolInspector {

  /** A job that moves while the directories are listed can be missed; it is looked for so often. */
  private static final int LOOKS = 3;

  private final FileOps ops;
  private final SpoolLayout layout;
  private final EntryReader reader;

  DirectoryInspector(FileOps ops, SpoolLayout layout) {
    this.ops = ops;
    this.layout = layout;
    this.reader = new EntryReader(ops);
  }

  /** An entry and where it was a moment ago. */
  record Found(EntryName name, JobState state, Path file) {}

  @Override
  public Stream<JobSnapshot> list(Set<JobState> states) throws SpoolException {
    return entries(states).map(found -> JobSnapshots.of(found.name(), found.state()));
  }

  /**
   * The entries in these states. Concatenated, not flat-mapped: an iterator over the latter would
   * hold a whole directory.
   */
  Stream<Found> entries(Set<JobState> states) throws SpoolException {
    Stream<Found> all = Stream.empty();
    for (JobState state : JobState.values()) {
      if (states.contains(state)) {
        try {
          all = Stream.concat(all, entries(state));
        } catch (IOException e) {
          all.close();
          throw failure(layout.of(state), e);
        }
      }
    }
    return all;
  }

  private Stream<Found> entries(JobState state) throws IOException {
    DirectoryStream<Path> listing;
    try {
      listing = ops.list(layout.of(state));
    } catch (NoSuchFileException e) {
      return Stream.empty(); // a plain Maildir has tmp, new and cur only
    }
    return Streams.stream(unchecked(listing))
        .map(file -> new Found(layout.nameOf(file), state, file))
        .filter(this::isJob)
        .onClose(() -> close(listing, layout.of(state)));
  }

  /** Says what went wrong in the way that streams say it. */
  private Iterator<Path> unchecked(DirectoryStream<Path> listing) {
    Iterator<Path> files = listing.iterator();
    return new AbstractIterator<>() {
      @Override
      protected @Nullable Path computeNext() {
        try {
          return files.hasNext() ? files.next() : endOfData();
        } catch (DirectoryIteratorException e) {
          throw new UncheckedIOException(failure(layout.root(), requireNonNull(e.getCause())));
        }
      }
    };
  }

  private void close(DirectoryStream<Path> listing, Path directory) {
    try {
      listing.close();
    } catch (IOException e) {
      throw new UncheckedIOException(failure(directory, e));
    }
  }

  /** What we named is a job; what others named or dropped is one if it is a regular file. */
  boolean isJob(Found found) {
    return !found.name().isHidden() && (layout.vouchesFor(found.name()) || isRegular(found.file()));
  }

  private boolean isRegular(Path file) {
    try {
      return ops.stat(file).regular();
    } catch (IOException e) {
      return false; // moved on since it was listed, or not ours to look at
    }
  }

  @Override
  public Optional<JobSnapshot> find(JobId id) throws SpoolException {
    return locate(id).map(found -> JobSnapshots.of(found.name(), found.state()));
  }

  /** Whether a job is anywhere in the spool; if it cannot be told, it is. */
  boolean isThere(JobId id) {
    try {
      return locate(id).isPresent();
    } catch (SpoolException e) {
      return true;
    }
  }

  private Optional<Found> locate(JobId id) throws SpoolException {
    SpoolException failure = null;
    for (int look = 0; look < LOOKS; look++) {
      for (JobState state : JobState.values()) {
        try (Stream<Found> entries = entries(Set.of(state))) {
          Optional<Found> found = entries.filter(entry -> entry.name().id().equals(id)).findFirst();
          if (found.isPresent()) {
            return found;
          }
        } catch (UncheckedIOException e) {
          throw failure(layout.root(), requireNonNull(e.getCause()));
        } catch (SpoolException e) {
          failure = e; // matters only if the job is in no directory that we may read
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
    return Optional.empty();
  }

  @Override
  public Optional<JobRecord> read(JobId id) throws SpoolException {
    for (int look = 0; look < LOOKS; look++) {
      Optional<Found> found = locate(id);
      if (found.isEmpty()) {
        return Optional.empty();
      }
      try {
        return Optional.of(record(found.get()));
      } catch (NoSuchFileException e) {
        // RACE: it moved between the look and the read: look again.
      } catch (IOException e) {
        throw failure(found.get().file(), e);
      }
    }
    return Optional.empty();
  }

  @Override
  public Stream<JobRecord> records(Set<JobState> states) throws SpoolException {
    return entries(states).flatMap(found -> recordIfThere(found).stream());
  }

  private Optional<JobRecord> recordIfThere(Found found) {
    try {
      return Optional.of(record(found));
    } catch (NoSuchFileException e) {
      try {
        return read(found.name().id()); // RACE: it moved since it was listed
      } catch (SpoolException failure) {
        return Optional.of(unreadable(found, failure));
      }
    } catch (IOException e) {
      return Optional.of(unreadable(found, failure(found.file(), e)));
    }
  }

  private static JobRecord unreadable(Found found, SpoolException why) {
    return JobRecord.unreadable(JobSnapshots.of(found.name(), found.state()), why);
  }

  private JobRecord record(Found found) throws IOException {
    EntryReader.Content content = content(found);
    JobId id = found.name().id();
    return new JobRecord(
        JobSnapshots.of(found.name(), found.state()),
        content.header().attributes(),
        content.header().key(),
        new MovingPayload(found, content.payload().size()),
        permittedFailures(id));
  }

  /** Not a field: a producer, who has an inspector for his keys, need not load what it loads. */
  private FailureLog log() {
    return new FailureLog(ops, layout);
  }

  /** Attributes and payload can be read although the log cannot. */
  private List<Failure> permittedFailures(JobId id) throws IOException {
    try {
      return log().read(id);
    } catch (AccessDeniedException e) {
      return List.of(FailureLog.unknown("no permission to read " + FileNames.escape(log().of(id))));
    }
  }

  @Override
  public List<Failure> failures(JobId id) throws SpoolException {
    try {
      return log().read(id);
    } catch (IOException e) {
      throw failure(log().of(id), e);
    }
  }

  /** What is damaged has no attributes, but it has failures that say what is wrong with it. */
  private EntryReader.Content content(Found found) throws IOException {
    try {
      return reader.unverified(found.file(), found.name());
    } catch (CorruptEntryException e) {
      return EntryReader.Content.NONE;
    }
  }

  /** The payload of a job that may move before it is opened. */
  private final class MovingPayload implements Payload {
    private final Found seen;
    private final OptionalLong size;

    MovingPayload(Found seen, OptionalLong size) {
      this.seen = seen;
      this.size = size;
    }

    @Override
    public InputStream open() throws IOException {
      Found found = seen;
      for (int look = 0; ; look++) {
        try {
          return reader.verifying(found.file(), found.name());
        } catch (NoSuchFileException e) {
          if (look > LOOKS) {
            throw e;
          }
        }
        JobId id = seen.name().id();
        found =
            locate(id)
                .orElseThrow(() -> new NoSuchFileException("job " + id + " has left the spool"));
      }
    }

    @Override
    public OptionalLong size() {
      return size;
    }
  }

  @Override
  public SpoolStats stats() throws SpoolException {
    Tally tally = new Tally();
    try {
      for (JobState state : JobState.values()) {
        count(layout.of(state), file -> tally.add(new Found(layout.nameOf(file), state, file)));
      }
      // All have a tmp; a spool that is gone, or not mounted, must not look like an empty one.
      long writing = ops.forEach(layout.tmp(), file -> true);
      long workers = count(layout.workers(), file -> true);
      return tally.stats(writing, workers);
    } catch (IOException e) {
      throw failure(layout.root(), e);
    }
  }

  private long count(Path directory, FileOps.Each each) throws IOException {
    try {
      return ops.forEach(directory, each);
    } catch (NoSuchFileException e) {
      return 0; // a plain Maildir has tmp, new and cur only
    }
  }

  /** Adds up entries by name alone. */
  private final class Tally {
    private final Map<JobState, Depth> depths = new EnumMap<>(JobState.class);
    private long foreign;
    private @Nullable EntryName oldestReady;
    private long nextDue = Long.MAX_VALUE;

    boolean add(Found found) {
      EntryName name = found.name();
      if (name.isHidden()) {
        return false;
      }
      if (!isJob(found)) {
        foreign += found.state() == JobState.READY ? 1 : 0;
        return false;
      }
      depths.computeIfAbsent(found.state(), state -> new Depth()).add(name);
      if (found.state() == JobState.READY
          && name.seconds() > 0
          && (oldestReady == null || name.isBefore(oldestReady))) {
        oldestReady = name;
      }
      if (found.state() == JobState.DELAYED && name.due() >= 0) {
        nextDue = Math.min(nextDue, name.due());
      }
      return true;
    }

    SpoolStats stats(long writing, long workers) {
      Map<JobState, SpoolStats.Count> counts = new EnumMap<>(JobState.class);
      depths.forEach((state, depth) -> counts.put(state, depth.count()));
      return new SpoolStats(
          counts,
          writing,
          foreign,
          workers,
          Optional.ofNullable(oldestReady).flatMap(JobSnapshots::enqueuedAt),
          nextDue == Long.MAX_VALUE
              ? Optional.empty()
              : Optional.of(Instant.ofEpochMilli(nextDue)));
    }
  }

  /** A count that is added to a million times. */
  private static final class Depth {
    private long jobs;
    private long bytes;

    void add(EntryName name) {
      jobs++;
      bytes += Math.max(name.size(), 0);
    }

    SpoolStats.Count count() {
      return new SpoolStats.Count(jobs, bytes);
    }
  }

  private static SpoolException failure(Path path, IOException e) {
    return Diagnosis.of("inspect", path, null, InSpool.UNKNOWN, e);
  }
}
