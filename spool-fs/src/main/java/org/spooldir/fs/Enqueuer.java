package org.spooldir.fs;

import com.google.common.collect.Iterables;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

  private final FileOps ops;
  private final SpoolLayout layout;
  private final Syncs syncs;
  private final EntryWriter writer;
  private final DedupKeys keys;
  private final Events events;
  private final long keepFree;

  Enqueuer(Site site, EntryWriter writer, DedupKeys keys) {
    this.ops = site.ops();
    this.layout = site.layout();
    this.syncs = site.syncs();
    this.writer = writer;
    this.keys = keys;
    this.events = site.events();
    this.keepFree = site.options().keepFree();
  }

  /** Hands in jobs; the ids are in the order of the jobs. */
  List<JobId> enqueue(Collection<Job> jobs) throws SpoolException {
    List<JobId> in = new ArrayList<>(jobs.size());
    for (List<Job> some : Iterables.partition(jobs, BATCH)) {
      Batch batch = new Batch();
      try {
        requireRoom();
        batch.write(some);
        batch.publish();
        batch.commit();
        in.addAll(batch.ids);
      } catch (IOException e) {
        throw batch.failure(in, e);
      }
      batch.tell();
    }
    return in;
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
  private final class Batch {

    private final List<Draft> written = new ArrayList<>();
    private final List<Draft> published = new ArrayList<>();
    private final List<JobId> ids = new ArrayList<>();
    private final Set<Path> touched = new LinkedHashSet<>();

    /** E1 and E2 for each, E3 once. */
    void write(List<Job> jobs) throws IOException {
      for (Job job : jobs) {
        written.add(writer.write(job));
      }
      if (syncs.onEnqueue()) {
        ops.forceDirectory(layout.tmp()); // E3
      }
    }

    /** E4 for each: visible, whole. */
    void publish() throws IOException {
      for (Draft draft : List.copyOf(written)) {
        Optional<JobId> holder = holder(draft);
        if (holder.isPresent()) {
          ops.delete(draft.file());
          touched.add(layout.ready());
          touched.add(layout.delayed());
        } else {
          rename(draft);
          published.add(draft);
          touched.add(draft.directory());
        }
        written.remove(draft);
        ids.add(holder.orElseGet(draft::id));
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
        if (draft.job().key().isPresent()) {
          return; // RACE: an enqueue of the same key found it and published it for us.
        }
        requirePublished(draft, e);
      }
    }

    /**
     * A network file system may do the rename and lose the reply; then the name is gone, and a
     * worker may have it already.
     */
    private void requirePublished(Draft draft, NoSuchFileException cause) throws IOException {
      if (!ops.exists(draft.target())) {
        if (ops.exists(draft.file())) {
          throw cause; // it is the target directory that is gone
        }
        throw new EnqueueUncertainException(
            new Where("enqueue", FileNames.escape(draft.file()), JobState.READY, InSpool.UNKNOWN),
            List.of(draft.id()),
            "the written file is gone: somebody took it from tmp/, or published and handled it already",
            cause);
      }
    }

    /** E5 once for each directory: the commit point, after which the producer may be told yes. */
    void commit() throws SpoolException {
      if (syncs.onEnqueue()) {
        for (Path directory : touched) {
          try {
            ops.forceDirectory(directory); // E5
          } catch (IOException e) {
            throw new EnqueueUncertainException(
                new Where("enqueue", FileNames.escape(directory), JobState.READY, InSpool.UNKNOWN),
                List.copyOf(ids),
                "visible to workers, but forcing the directory to disk failed ("
                    + e.getMessage()
                    + ")",
                e);
          }
        }
      }
      for (Draft draft : published) {
        if (draft.job().payload() instanceof AdoptedFile adopted) {
          handOver(adopted.file());
        }
      }
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
    SpoolException failure(List<JobId> before, IOException cause) {
      abandon(cause);
      SpoolException failure = Diagnosis.of("enqueue", layout.root(), null, InSpool.NO, cause);
      if (failure instanceof EnqueueUncertainException) {
        failure.recordEnqueued(before);
        return failure;
      }
      try {
        commit();
        failure.recordEnqueued(before);
        failure.recordEnqueued(ids);
        tell();
        return failure;
      } catch (SpoolException uncertain) {
        uncertain.addSuppressed(failure);
        uncertain.recordEnqueued(before);
        return uncertain;
      }
    }

    /** Takes away what is not published. */
    private void abandon(IOException cause) {
      for (Draft draft : written) {
        try {
          ops.delete(draft.file());
          Optional<String> key = draft.job().key();
          if (key.isPresent()) {
            keys.giveBack(key.get(), draft.name());
          }
        } catch (NoSuchFileException e) {
          // RACE: published for us in spite of our trouble; then the job runs, and nobody was told
          // yes.
        } catch (IOException e) {
          cause.addSuppressed(e); // swept later: R5
        }
      }
    }

    void tell() {
      for (Draft draft : published) {
        events.tell(new SpoolEvent.Enqueued(draft.id()));
      }
    }
  }
}
