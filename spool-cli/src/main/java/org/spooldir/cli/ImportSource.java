package org.spooldir.cli;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A queue of another program, out of which its jobs are taken by its own rules. */
interface ImportSource {

  /**
   * A job that waits in it.
   *
   * @param file where it stands
   * @param name what it is called on its way
   */
  record Waiting(Path file, Path name) {}

  /** What became of an attempt to take a job. */
  enum Taking {
    TAKEN,
    /** A consumer works on it. */
    LOCKED,
    /** A consumer was faster. */
    GONE
  }

  /** The jobs that wait, in the order in which they would have been served. */
  List<Waiting> waiting() throws IOException;

  /** The same order, of names. */
  Comparator<Path> order();

  /** Takes a job out of the queue, by one rename, if it is still there and nobody's. */
  Taking take(Waiting job, Path to) throws IOException;

  /** Whether an attempt to take the job would find that a consumer works on it. */
  default boolean isLocked(Waiting job) throws IOException {
    return false;
  }

  /** Undoes what a run that was killed may have left behind beside a job that it has taken. */
  default void release(Path name) throws IOException {}

  /** What is in a directory; a failure halfway is one like any other. */
  static List<Path> list(Path directory) throws IOException {
    List<Path> all = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      files.forEach(all::add);
      return all;
    } catch (DirectoryIteratorException e) {
      throw requireNonNull(e.getCause());
    }
  }

  /** The one rename. */
  static Taking move(Path file, Path to) throws IOException {
    try {
      Files.move(file, to, StandardCopyOption.ATOMIC_MOVE);
      return Taking.TAKEN;
    } catch (NoSuchFileException e) {
      if (Files.exists(file)) {
        throw e; // it is the target directory that is gone
      }
      return Taking.GONE; // RACE: a consumer was faster
    }
  }
}
