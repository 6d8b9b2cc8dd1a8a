package org.spooldir.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The way from a source into a spool, on which a job is never lost and never doubled, wherever the
 * import is killed. It leads through two directories, and where the job stands is all there is to
 * know of it:
 *
 * <table>
 * <caption>Where a job stands, and what the next run does</caption>
 * <tr><th>step</th><th>by</th><th>after a kill there, the next run</th></tr>
 * <tr><td>(waits)</td><td></td><td>begins with the first step; or a consumer takes it</td></tr>
 * <tr><td>taken: {@code SOURCE/spool-import.KEY/}</td><td>one rename, which no consumer can win any
 * more</td><td>goes on with it</td></tr>
 * <tr><td>staged: {@code SPOOL/import/KEY/}</td><td>one rename; or, on another file system, a copy
 * to {@code .part}, fsync, rename, fsync, and only then the taken file is deleted, fsync</td><td>
 * makes {@code .part} anew; of one that is both staged and taken, the copy is whole: deletes the
 * taken one</td></tr>
 * <tr><td>in: {@code SPOOL/new/}</td><td>one rename, when no taken file is left</td><td>finds
 * nothing of it. The job may be completed by then: nobody has to remember it</td></tr>
 * </table>
 *
 * <p>The staged file may be the only one, so it stands where nothing is swept. {@code KEY} is made
 * of both places: what one run leaves is found by the next from there to there, and by no other.
 * Two runs at once could copy one file twice; so a run holds a lock of the system's, which ends
 * with the process. Jobs and workers have nothing to do with that lock.
 */
final class Passage implements Closeable {

  /** One import into a spool at a time holds a lock on it. */
  private static final String LOCK = "lock";

  private static final String PART = ".part";

  private final Path taken;
  private final Path staged;
  private final FileChannel lock;

  private Passage(Path taken, Path staged, FileChannel lock) {
    this.taken = taken;
    this.staged = staged;
    this.lock = lock;
  }

  /**
   * What the way from here to there is called, in both places.
   *
   * @param source the real path
   * @param spool the real path
   */
  static String name(Path source, Path spool) {
    try {
      String ends = source.toUri() + "\n" + spool.toUri();
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(ends.getBytes(UTF_8));
      return "spool-import." + HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has it", e);
    }
  }

  /**
   * Opens the way, and makes it if need be.
   *
   * @param source the real path
   * @param spool the real path
   * @return null if another import into this spool is under way
   */
  static @Nullable Passage open(Path source, Path spool) throws IOException {
    Path imports = make(spool, "import");
    FileChannel lock = WholeFile.lock(imports.resolve(LOCK));
    if (lock == null) {
      return null;
    }
    String name = name(source, spool);
    return new Passage(make(source, name), make(imports, name), lock);
  }

  /** Makes a directory that is there after a power cut, as what will be in it has to be. */
  private static Path make(Path parent, String name) throws IOException {
    Path directory = parent.resolve(name);
    try {
      Files.createDirectory(directory, WholeFile.mode("rwx------"));
    } catch (FileAlreadyExistsException e) {
      // of an earlier run
    }
    WholeFile.force(parent);
    return directory;
  }

  /** Where a job of this name is taken to. */
  Path taken(Path name) {
    return taken.resolve(name);
  }

  /** The names of the jobs that are on their way. */
  SortedSet<Path> onTheirWay(Comparator<Path> order) throws IOException {
    return names(order, taken, staged);
  }

  /** The same, of a way that nobody has opened. */
  static SortedSet<Path> onTheirWay(Path source, Path spool, Comparator<Path> order)
      throws IOException {
    String name = name(source, spool);
    return names(order, source.resolve(name), spool.resolve("import").resolve(name));
  }

  private static SortedSet<Path> names(Comparator<Path> order, Path... directories)
      throws IOException {
    SortedSet<Path> names = new TreeSet<>(order);
    for (Path directory : directories) {
      if (!Files.exists(directory)) {
        continue; // nothing was left there
      }
      for (Path file : ImportSource.list(directory)) {
        Path name = file.getFileName();
        if (name != null && !name.toString().equals(PART)) {
          names.add(name);
        }
      }
    }
    return names;
  }

  /**
   * Brings taken jobs as far as the spool.
   *
   * @return the files, to be moved in now: nothing but them is left of these jobs
   */
  List<Path> stage(Collection<Path> names) throws IOException {
    List<Path> files = new ArrayList<>();
    List<Path> copied = new ArrayList<>();
    for (Path name : names) {
      Path from = taken.resolve(name);
      Path to = staged.resolve(name);
      if (Files.exists(to, NOFOLLOW_LINKS)) { // an earlier run came so far, perhaps no farther
        copied.add(from);
      } else if (!rename(from, to)) {
        copy(from, to);
        copied.add(from);
      }
      files.add(to);
    }
    WholeFile.force(staged);
    for (Path from : copied) {
      Files.deleteIfExists(from);
    }
    WholeFile.force(taken);
    return files;
  }

  /** Whether it could be done: not onto another file system. */
  private static boolean rename(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
      return true;
    } catch (AtomicMoveNotSupportedException e) {
      return false;
    }
  }

  private void copy(Path from, Path to) throws IOException {
    try (InputStream in = Files.newInputStream(from, NOFOLLOW_LINKS)) {
      WholeFile.write(in, staged.resolve(PART), to);
    }
  }

  /** Takes away what is empty, and lets the next import go on. */
  @Override
  public void close() throws IOException {
    try (lock) {
      Files.deleteIfExists(staged.resolve(PART));
      for (Path directory : List.of(taken, staged)) {
        try {
          Files.deleteIfExists(directory);
        } catch (DirectoryNotEmptyException e) {
          // the next run goes on with it
        }
      }
    }
  }
}
