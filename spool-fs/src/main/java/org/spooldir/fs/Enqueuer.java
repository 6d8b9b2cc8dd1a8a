package org.spooldir.fs;

import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.spooldir.AdoptedFile;
import org.spooldir.EnqueueUncertainException;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.JobState;
import org.spooldir.SpoolEvent;
import org.spooldir.SpoolException;
import org.spooldir.SpoolException.InSpool;
import org.spooldir.SpoolException.Where;
import org.spooldir.SpoolFullException;
import org.spooldir.fs.EntryWriter.Draft;

/** E1 to E5: from a producer's hands to a file that is visible, whole and durable. */
final class Enqueuer {

  /** Jobs that share their waits for the disk; bounds what a failure leaves in {@code tmp/}. */
  private static final int BATCH = 1000;

  /** The same where their files are open meanwhile, to be forced or asked where they went. */
  private static final int OPEN_BATCH = 128;

  // No lambdas on the way of a single job: the first one in a process takes longer than the job.
  private static final SideBySide.Step<FileOps.NewFile> FORCE =
      new SideBySide.Step<>() {
        @Override
        public void with(FileOps.NewFile file) throws IOException {
          file.force();
        }
      };

  private final FileOps ops;
  private final SpoolLayout layout;
  private final Syncs syncs;
  private final EntryWriter writer;
  private final DedupKeys keys;
  private final DirectoryInspector inspector;
  private final Events events;
  private final InstantSource clock;
  private final long keepFree;

  /**
   * Works on a spool.
   *
   * @param inspector looks for a job whose written file is gone
   */
  Enqueuer(Site site, EntryWriter writer, DedupKeys keys, DirectoryInspector inspector) {
    this.ops = site.ops();
    this.layout = site.layout();
    this.syncs = site.syncs();
    this.writer = writer;
    this.keys = keys;
    this.inspector = inspector;
    this.events = site.events();
    this.clock = site.clock();
    this.keepFree = site.options().keepFree();
  }

  /** Hands in jobs; the ids are in the order of the jobs. */
  List<JobId> enqueue(Collection<Job> jobs) throws SpoolException {
    List<Job> all = List.copyOf(jobs);
    if (!layout.readable()) {
      requirePlain(all);
    }
    int most = all.size() <= OPEN_BATCH || syncs.onEnqueue() || hasKeys(all) ? OPEN_BATCH : BATCH;
    List<JobId> ids = new ArrayList<>(all.size());
    for (int from = 0; from < all.size(); from += most) {
      Batch batch = new Batch(all.subList(from, Math.min(from + most, all.size())), ids);
      try {
        batch.bringIn();
        batch.commit();
      } finally {
        batch.close();
      }
      batch.tell();
    }
    return ids;
  }

  private static boolean hasKeys(List<Job> jobs) {
    for (Job job : jobs) {
      if (job.key().isPresent()) {
        return true;
      }
    }
    return false;
  }

  /** What a producer of another user cannot have is refused before anything is written. */
  private void requirePlain(List<Job> jobs) throws SpoolException {
    Instant now = clock.instant();
    for (Job job : jobs) {
      if (job.key().isPresent()) {
        throw SpoolLayout.onlyHandsIn(
            "enqueue", layout.keys(), "only the owner of this drop box can use dedup keys");
      }
      if (job.due(now).orElse(now).isAfter(now)) {
        throw SpoolLayout.onlyHandsIn(
            "enqueue", layout.delayed(), "only the owner of this drop box can delay jobs");
      }
      if (job.payload() instanceof AdoptedFile) {
        throw SpoolLayout.onlyHandsIn(
            "enqueue", layout.tmp(), "only the owner of this drop box can give it files to adopt");
      }
    }
  }

  private void requireRoom() throws IOException {
    if (keepFree > 0 && ops.usableSpace(layout.root()) < keepFree) {
      throw new SpoolFullException(
          new Where("enqueue", FileNames.escape(layout.root()), null, InSpool.NO),
          "fewer than "
              + keepFree
              + " bytes are free, which producers leave to the workers: try again later",
          null);
    }
  }

  /** Some jobs on their way through the five steps. */
  // What is made here is the largest part of a small job's time that is ours, so there is nothing
  // for what is seldom. Lists have their size from the beginning: no memory is asked for between a
  // step and the note of it.
  private final class Batch {

    private final List<Job> jobs;
    private final List<JobId> ids; // of the call: those before this batch are in for certain
    private final int before;
    private final List<Draft> written;
    private final List<Draft> published;
    private final List<Path> touched = new ArrayList<>(2);
    private Set<JobId> vanished = Set.of();

    /** Whose rename told of an error: it may be done all the same. */
    private @Nullable JobId doubtful;

    private int settled; // of those that are written; the others are taken away on a failure

    /**
     * Begins.
     *
     * @param ids of the jobs of the same call that are in already; each of these is added as soon
     *     as it is visible
     */
    Batch(List<Job> jobs, List<JobId> ids) {
      this.jobs = jobs;
      this.ids = ids;
      before = ids.size();
      written = new ArrayList<>(jobs.size());
      published = new ArrayList<>(jobs.size());
    }

    /** E1 to E4 for each. */
    void bringIn() throws SpoolException {
      try {
        requireRoom();
        write();
        publish();
      } catch (IOException e) {
        throw failure(e);
      } catch (Throwable e) {
        abandon(e); // a payload may throw anything
        throw e;
      }
    }

    /** E1 and E2 for each, E3 once. */
    private void write() throws IOException {
      for (Job job : jobs) {
        written.add(writer.write(job));
      }
      if (syncs.onEnqueue()) {
        forceDrafts();
      }
    }

    /**
     * E2 for each, E3 once. What is promised rests on E2 and E5, so E3 does not look whether
     * somebody has just replaced {@code tmp/}; and what others forced during E2 it need not repeat.
     */
    private void forceDrafts() throws IOException {
      long begun = syncs.forces().begun(layout.tmp()); // what comes later has our names in it
      SideBySide.forEach(openOf(written), FORCE); // E2
      if (layout.readable()) {
        syncs.forces().forceRecent(layout.tmp(), begun); // E3
      }
    }

    /** E4 for each: visible, whole. */
    private void publish() throws IOException {
      while (settled < written.size()) {
        Draft draft = written.get(settled);
        Optional<JobId> holder = holder(draft);
        if (holder.isPresent()) {
          ops.delete(draft.file());
          touch(layout.ready());
          touch(layout.delayed());
        } else {
          rename(draft);
          published.add(draft);
          touch(draft.directory());
        }
        settled++;
        ids.add(holder.isPresent() ? holder.get() : draft.id());
      }
    }

    private void touch(Path directory) {
      if (!touched.contains(directory)) {
        touched.add(directory);
      }
    }

    private Optional<JobId> holder(Draft draft) throws IOException {
      Optional<String> key = draft.job().key();
      return key.isEmpty() ? Optional.empty() : keys.take(key.get(), draft.file(), draft.name());
    }

    private void rename(Draft draft) throws IOException {
      try {
        ops.rename(draft.file(), draft.target()); // E4
      } catch (NoSuchFileException e) {
        requirePublished(draft, e);
      } catch (IOException e) {
        doubtful = draft.id();
        throw e;
      }
    }

    /**
     * A network file system may do the rename and lose the reply, and an enqueue of the same key
     * may publish the file for us; then the name is gone, and a worker may have it already. But
     * somebody may have removed the file, too.
     */
    private void requirePublished(Draft draft, NoSuchFileException cause) throws IOException {
      boolean there = false;
      try {
        if (ops.exists(draft.target())) {
          return;
        }
        there = ops.exists(draft.file());
        if (!there && (hasLeft(draft) || isFound(draft))) {
          return;
        }
      } catch (IOException e) {
        cause.addSuppressed(e); // where nobody can look, nobody knows
      }
      if (there) {
        throw cause; // it is the target directory that is gone
      }
      recordVanished(draft);
      throw vanished(cause);
    }

    private void recordVanished(Draft draft) {
      vanished = ImmutableSet.<JobId>builder().addAll(vanished).add(draft.id()).build();
    }

    private EnqueueUncertainException vanished(IOException cause) {
      return new EnqueueUncertainException(
          new Where("enqueue", FileNames.escape(layout.tmp()), JobState.READY, InSpool.UNKNOWN),
          List.copyOf(vanished),
          "whether it is in cannot be told: its file is gone from tmp/, taken by somebody or published and"
              + " handled already, or the storage fails",
          cause);
    }

    /** Whether the open file is known to have been moved on: then it was published, done or not. */
    private boolean hasLeft(Draft draft) throws IOException {
      Set<Path> places = draft.open() == null ? Set.of() : draft.open().movedTo();
      return Stream.of(JobState.values()).map(layout::of).anyMatch(places::contains);
    }

    private boolean isFound(Draft draft) throws SpoolException {
      return inspector.find(draft.id()).isPresent();
    }

    /** E5 once for each directory: the commit point, after which the producer may be told yes. */
    void commit() throws SpoolException {
      if (layout.readable()) {
        for (Path directory : touched) {
          try {
            syncs.kept(directory); // E5
          } catch (IOException e) {
            throw uncertain(directory, "forcing the directory to disk failed", e);
          }
        }
      } else {
        try {
          // E5 without a directory to open. A file whose force has failed is not among them: it is
          // never asked again.
          SideBySide.forEach(openOf(published), FORCE);
        } catch (IOException e) {
          throw uncertain(layout.ready(), "forcing it to disk once more failed", e);
        }
      }
      if (!syncs.onEnqueue()) {
        closeUnforced();
      }
      for (Draft draft : published) {
        if (draft.job().payload() instanceof AdoptedFile adopted) {
          handOver(adopted.file());
        }
      }
    }

    private static List<FileOps.NewFile> openOf(List<Draft> drafts) {
      List<FileOps.NewFile> open = new ArrayList<>(drafts.size());
      for (Draft draft : drafts) {
        if (draft.open() != null) {
          open.add(draft.open());
        }
      }
      return open;
    }

    /** A network file system may write only then what was not forced. */
    private void closeUnforced() throws SpoolException {
      for (FileOps.NewFile file : openOf(published)) {
        try {
          file.close();
        } catch (IOException e) {
          throw uncertain(layout.ready(), "closing its file failed", e);
        }
      }
    }

    private EnqueueUncertainException uncertain(Path path, String problem, IOException cause) {
      EnqueueUncertainException uncertain =
          new EnqueueUncertainException(
              new Where("enqueue", FileNames.escape(path), JobState.READY, InSpool.UNKNOWN),
              Stream.concat(ids.stream().skip(before), vanished.stream()).toList(),
              "visible to workers, but " + problem + " (" + cause.getMessage() + ")",
              cause);
      uncertain.recordEnqueued(ids.subList(0, before));
      return uncertain;
    }

    /** The job has the file now; its old name goes. */
    private void handOver(Path adopted) {
      try {
        ops.delete(adopted);
      } catch (IOException e) {
        events.trouble(
            "adopted "
                + FileNames.escape(adopted)
                + " is enqueued, but its old name cannot be removed",
            e);
      }
    }

    /** What is published stays, and is made durable; the rest is taken away. */
    private SpoolException failure(IOException cause) {
      abandon(cause);
      SpoolException failure =
          vanished.isEmpty() || cause instanceof EnqueueUncertainException
              ? Diagnosis.of("enqueue", layout.root(), null, InSpool.NO, cause)
              : vanished(cause);
      try {
        commit();
        failure.recordEnqueued(ids);
        tell();
        return failure;
      } catch (SpoolException uncertain) {
        uncertain.addSuppressed(failure);
        return uncertain;
      }
    }

    /** Takes away what is not published. */
    private void abandon(Throwable cause) {
      for (Draft draft : written.subList(settled, written.size())) {
        try {
          ops.delete(draft.file());
          Optional<String> key = draft.job().key();
          if (key.isPresent()) {
            keys.giveBack(key.get(), draft.name());
          }
        } catch (NoSuchFileException e) {
          recordVanished(draft); // RACE: published for us in spite of our trouble
        } catch (IOException e) {
          cause.addSuppressed(e); // swept later: R5
          if (draft.id().equals(doubtful)) {
            recordVanished(draft); // whether it is still there, nobody knows
          }
        }
      }
    }

    void close() {
      for (FileOps.NewFile file : openOf(written)) {
        try {
          file.close();
        } catch (IOException e) {
          // what it has to say about the content was said when it was forced
        }
      }
    }

    void tell() {
      if (events.areHeard()) {
        for (Draft draft : published) {
          events.tell(new SpoolEvent.Enqueued(draft.id()));
        }
      }
    }
  }
}
