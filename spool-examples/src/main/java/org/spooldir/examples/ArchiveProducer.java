package org.spooldir.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.Spool;
import org.spooldir.SpoolException;
import org.spooldir.SpoolException.InSpool;
import org.spooldir.SpoolFullException;
import org.spooldir.examples.Report.Verb;
import org.spooldir.fs.DirectorySpool;

/** A producer process of {@link Archive}: walks the tree and hands in its share of the files. */
final class ArchiveProducer implements TreeWalk.Visitor {

  private static final Duration FULL_PAUSE = Duration.ofSeconds(1);

  private final Spool spool;
  private final int index;
  private final int producers;

  private ArchiveProducer(Spool spool, int index, int producers) {
    this.spool = spool;
    this.index = index;
    this.producers = producers;
  }

  /**
   * Takes the spool, the tree, the limit of files, which producer this is (from 0), of how many.
   */
  public static void main(String[] args) throws IOException {
    Leash.onEnd(() -> Runtime.getRuntime().halt(1)); // nothing to tidy up: a crash is as good
    int index = Integer.parseInt(args[3]);
    int producers = Integer.parseInt(args[4]);
    try (Spool spool = DirectorySpool.open(Path.of(args[0]))) {
      TreeWalk.walk(
          Path.of(args[1]), Long.parseLong(args[2]), new ArchiveProducer(spool, index, producers));
    }
  }

  private boolean isMine(TreePath path) {
    return (int) (path.fraction() * producers) == index;
  }

  @Override
  public void skipped(TreePath path, String reason) {
    if (isMine(path)) {
      Report.tell(Verb.SKIPPED, path, reason);
    }
  }

  @Override
  public void found(TreePath path, Path file, BasicFileAttributes attributes) throws IOException {
    if (!isMine(path)) {
      return;
    }
    try {
      handIn(path, file, attributes, Sha256.of(Files.newInputStream(file)));
    } catch (SpoolException e) {
      throw e;
    } catch (IOException e) {
      Report.tell(Verb.SKIPPED, path, TreeWalk.reason(e));
    }
  }

  private void handIn(TreePath path, Path file, BasicFileAttributes attributes, String sha256)
      throws SpoolException {
    Job job =
        Job.of(file)
            .attribute("path", path.text())
            .attribute("size", Long.toString(attributes.size()))
            .attribute("mtime", attributes.lastModifiedTime().toString())
            .attribute("sha256", sha256);
    enqueue(job, file)
        .ifPresentOrElse(
            // In the spool and on disk, because enqueue has returned.
            id -> Report.tell(Verb.DROPPED, id, sha256, path),
            () -> Report.tell(Verb.SKIPPED, path, "it is gone"));
  }

  private Optional<JobId> enqueue(Job job, Path file) throws SpoolException {
    while (true) {
      try {
        return Optional.of(spool.enqueue(job));
      } catch (SpoolFullException full) {
        System.err.println(full.getMessage() + "; waiting for room");
        LockSupport.parkNanos(FULL_PAUSE.toNanos());
      } catch (SpoolException e) {
        if (e.jobIn() == InSpool.NO && !Files.isReadable(file)) {
          return Optional.empty(); // it was the file, not the spool
        }
        throw e;
      }
    }
  }
}
