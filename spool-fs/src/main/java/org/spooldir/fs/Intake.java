package org.spooldir.fs;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.spooldir.EnqueueUncertainException;
import org.spooldir.JobId;
import org.spooldir.JobState;
import org.spooldir.SpoolEvent;
import org.spooldir.SpoolException;
import org.spooldir.SpoolException.InSpool;
import org.spooldir.SpoolException.Where;
import org.spooldir.fs.EntryWriter.Draft;

/**
 * E2, E4 and E5 for files that are there already: each goes from its place into {@code new/} by one
 * rename, so that whatever kills the process leaves it in one of the two.
 */
final class Intake {

  private final FileOps ops;
  private final SpoolLayout layout;
  private final Syncs syncs;
  private final EntryWriter writer;
  private final Events events;

  Intake(Site site, EntryWriter writer) {
    this.ops = site.ops();
    this.layout = site.layout();
    this.syncs = site.syncs();
    this.writer = writer;
    this.events = site.events();
  }

  /** Moves files in; the ids are in the order of the files. */
  List<JobId> moveIn(Collection<Path> files) throws SpoolException {
    if (!layout.readable()) {
      throw SpoolLayout.onlyHandsIn(
          "enqueue", layout.ready(), "only the owner of this drop box can move files into it");
    }
    List<Draft> drafts = new ArrayList<>();
    for (Path file : files) {
      try {
        drafts.add(writer.inPlace(file)); // E2
      } catch (IOException e) {
        throw Diagnosis.of("enqueue", file, null, InSpool.NO, e);
      }
    }
    List<Draft> moved = new ArrayList<>();
    SpoolException failure = move(drafts, moved);
    List<JobId> ids = moved.stream().map(Draft::id).toList();
    commit(moved, ids);
    for (JobId id : ids) {
      events.tell(new SpoolEvent.Enqueued(id));
    }
    if (failure != null) {
      failure.recordEnqueued(ids);
      throw failure;
    }
    return ids;
  }

  /** E4 for each, until one fails. */
  private @Nullable SpoolException move(List<Draft> drafts, List<Draft> moved) {
    for (Draft draft : drafts) {
      try {
        rename(draft);
      } catch (IOException e) {
        return Diagnosis.isAcross(e)
            ? EntryWriter.tooFar(draft.file(), e)
            : Diagnosis.of("enqueue", draft.file(), null, InSpool.NO, e);
      }
      moved.add(draft);
    }
    return null;
  }

  private void rename(Draft draft) throws IOException {
    try {
      ops.rename(draft.file(), draft.target()); // E4
    } catch (IOException e) {
      requireDone(draft, e);
    }
  }

  /** A network file system may do it and lose the reply, or tell of an error. */
  private void requireDone(Draft draft, IOException failure) throws IOException {
    String unsure = null;
    try {
      if (ops.exists(draft.target())) {
        return;
      }
      if (!ops.exists(draft.file())) {
        unsure = "the file is gone: somebody took it, or it is in and handled already";
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
      unsure = "whether it is in cannot be told";
    }
    if (unsure == null) {
      throw failure;
    }
    throw new EnqueueUncertainException(
        new Where("enqueue", FileNames.escape(draft.file()), JobState.READY, InSpool.UNKNOWN),
        List.of(draft.id()),
        unsure,
        failure);
  }

  /** E5: the target, then the sources, so that a power cut cannot leave a file in neither. */
  private void commit(List<Draft> moved, List<JobId> ids) throws SpoolException {
    Set<Path> targets = new LinkedHashSet<>();
    Set<Path> sources = new LinkedHashSet<>();
    for (Draft draft : moved) {
      targets.add(draft.directory());
      sources.add(requireNonNull(draft.file().toAbsolutePath().getParent()));
    }
    force(targets, ids, syncs::kept); // E5
    if (syncs.onEnqueue()) {
      force(sources, ids, ops::forceDirectory); // any number of them: none stays open
    }
  }

  private interface Force {
    void of(Path directory) throws IOException;
  }

  private static void force(Set<Path> directories, List<JobId> ids, Force force)
      throws EnqueueUncertainException {
    for (Path directory : directories) {
      try {
        force.of(directory);
      } catch (IOException e) {
        throw new EnqueueUncertainException(
            new Where("enqueue", FileNames.escape(directory), JobState.READY, InSpool.UNKNOWN),
            ids,
            "visible to workers, but forcing the directory to disk failed (" + e.getMessage() + ")",
            e);
      }
    }
  }
}
