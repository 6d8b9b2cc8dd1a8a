package org.spooldir.cli;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.spooldir.JobId;
import org.spooldir.SpoolException;
import org.spooldir.fs.DirectorySpool;

/** One run of an import: first what an earlier run has left on its way, then what waits. */
final class Importing {

  /** Jobs that share their waits for the disk; so many a kill leaves on their way. */
  private static final int BATCH = 64;

  static final String LOCKED = "locked: a consumer works on it, or died while it did";

  private final ImportSource source;
  private final Passage passage;
  private final DirectorySpool spool;
  private final Terminal terminal;
  private final Set<Path> batch = new LinkedHashSet<>();
  private long in;
  private long left;

  /** Nothing imported yet. */
  Importing(ImportSource source, Passage passage, DirectorySpool spool, Terminal terminal) {
    this.source = source;
    this.passage = passage;
    this.spool = spool;
    this.terminal = terminal;
  }

  /** Imports all there is. */
  void all() throws IOException {
    for (Path name : passage.onTheirWay(source.order())) {
      source.release(name);
      add(name);
    }
    flush();
    for (ImportSource.Waiting job : source.waiting()) {
      if (batch.contains(job.name())) {
        flush(); // two of one name, in new/ and cur/: one must not replace the other
      }
      take(job);
    }
    flush();
  }

  private void take(ImportSource.Waiting job) throws IOException {
    String obstacle = obstacle(job);
    if (obstacle != null) {
      leave(job, obstacle);
      return;
    }
    switch (source.take(job, passage.taken(job.name()))) {
      case TAKEN -> add(job.name());
      case LOCKED -> leave(job, LOCKED);
      case GONE -> {} // RACE: a consumer was faster
    }
  }

  /** Why a job is left where it is, whoever works on it; null if it can be taken, or is gone. */
  static @Nullable String obstacle(ImportSource.Waiting job) {
    if (!Files.exists(job.file(), NOFOLLOW_LINKS)) {
      return null;
    }
    if (!Files.isRegularFile(job.file(), NOFOLLOW_LINKS)) {
      return "no regular file";
    }
    return Files.isReadable(job.file()) ? null : "cannot be read by this user";
  }

  private void leave(ImportSource.Waiting job, String why) {
    left++;
    terminal.note("spool import: " + Printable.of(job.file().toString()) + ": " + why);
  }

  private void add(Path name) throws IOException {
    batch.add(name);
    if (batch.size() == BATCH) {
      flush();
    }
  }

  private void flush() throws IOException {
    if (batch.isEmpty()) {
      return;
    }
    List<Path> files = passage.stage(batch);
    batch.clear();
    try {
      print(spool.moveIn(files));
    } catch (SpoolException e) {
      print(e.enqueued());
      throw e;
    }
  }

  private void print(Collection<JobId> ids) throws IOException {
    in += ids.size();
    for (JobId id : ids) {
      terminal.line(id.value());
    }
    terminal.flush();
    terminal.progress(in + " jobs");
  }

  /** After a failure: says how far it came. */
  void stop(Exception failure) {
    terminal.progress("");
    try {
      int onTheirWay = passage.onTheirWay(source.order()).size();
      terminal.note(
          in
              + " imported"
              + (onTheirWay == 0 ? "" : ", " + onTheirWay + " on their way: run it again"));
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /** The count, and what it means. */
  int finish() {
    terminal.progress("");
    terminal.note(in + " imported" + (left == 0 ? "" : ", " + left + " left"));
    return left == 0 ? ExitCode.OK : ExitCode.TEMPORARY;
  }
}
