package org.spooldir.fs;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Instant;
import java.util.Set;

/**
 * The one door to the operating system: what the protocol asks of a file system, and nothing more.
 * Tests stand behind it to make calls fail, to lose what was never forced, and to stop between two
 * steps.
 *
 * <p>A missing file is a {@link java.nio.file.NoSuchFileException}, always. No call follows a
 * symbolic link in its last step, but for those that ask about a directory. An interrupt leaves the
 * outcome of a call as it is and stays pending.
 */
interface FileOps {

  /** A file that is being written, by the one who made it. */
  interface NewFile extends Closeable {
    /** Writes all of it, behind what was written before. */
    void write(ByteBuffer bytes) throws IOException;

    /**
     * fsync. After a failure the file is worth nothing: a second fsync would say yes for pages that
     * are gone.
     */
    void force() throws IOException;

    /**
     * The directories beside its own into which others have moved this open file under a name that
     * begins with its own, be it removed by now or not. Empty as well where the system does not
     * tell.
     */
    default Set<Path> movedTo() throws IOException {
      return Set.of();
    }
  }

  /** A directory that is forced again and again. */
  interface ForcedDirectory extends AutoCloseable {
    /** fsync of the directory that has the name now. */
    void force() throws IOException;

    /** fsync of the one that has the name, or had it a tenth of a second ago: for less. */
    default void forceRecent() throws IOException {
      force();
    }

    /** Does not stay open any more; it may be forced all the same. Never waits. */
    @Override
    default void close() {}
  }

  /** A directory whose files are named again and again, and that may stay open for that. */
  interface BusyDirectory {
    /** A file of this name, whether it is there or not. */
    NamedFile file(String name);

    /**
     * To be called now and then: does not stay open if none of its files was changed since the last
     * time, or another directory has its name by now.
     */
    default void review() {}

    /** Does not stay open any more; its files may be named all the same. */
    default void close() {}
  }

  /** A file of a {@link BusyDirectory}: each call does what that of {@link FileOps} does. */
  interface NamedFile {
    Path path();

    void rename(Path to) throws IOException;

    Stat stat() throws IOException;

    byte[] readRegular(int most) throws IOException;

    void delete() throws IOException;
  }

  /** A file that is found by its whole path each time. */
  record FileByPath(FileOps ops, Path path) implements NamedFile {
    @Override
    public void rename(Path to) throws IOException {
      ops.rename(path, to);
    }

    @Override
    public Stat stat() throws IOException {
      return ops.stat(path);
    }

    @Override
    public byte[] readRegular(int most) throws IOException {
      return ops.readRegular(path, most);
    }

    @Override
    public void delete() throws IOException {
      ops.delete(path);
    }
  }

  /** What lstat tells of a name. */
  record Stat(boolean regular, long size, Instant modified) {}

  /**
   * What lstat tells of the inode behind a name, where the system has inodes; changed is the ctime.
   */
  record Inode(Object key, int links, Instant changed, int owner) {}

  /**
   * All that lstat tells, where the system has inodes.
   *
   * @param mode kind and permissions, as in {@code st_mode}
   * @param key equal for two names of one inode
   * @param changed the ctime
   */
  record Lstat(
      int mode,
      int owner,
      int group,
      Object key,
      int links,
      long size,
      Instant modified,
      Instant changed) {

    boolean isRegular() {
      return kind() == 0100000;
    }

    boolean isDirectory() {
      return kind() == 0040000;
    }

    boolean isLink() {
      return kind() == 0120000;
    }

    /** What it is, for people. */
    String what() {
      return switch (kind()) {
        case 0100000 -> "a file";
        case 0040000 -> "a directory";
        case 0120000 -> "a symbolic link";
        case 0010000 -> "a FIFO";
        case 0140000 -> "a socket";
        default -> "a device";
      };
    }

    /** The twelve bits that chmod sets. */
    int permissions() {
      return mode & 07777;
    }

    private int kind() {
      return mode & 0170000;
    }
  }

  /** open(O_CREAT | O_EXCL), mode 0600. */
  NewFile create(Path file) throws IOException;

  /**
   * rename(2): atomic; replaces a file of the target name, and an empty directory by a directory.
   */
  void rename(Path from, Path to) throws IOException;

  /** link(2). */
  void link(Path existing, Path link) throws IOException;

  /** unlink(2), or rmdir(2) of an empty directory. */
  void delete(Path file) throws IOException;

  /** mkdir(2), mode 0700. */
  void createDirectory(Path directory) throws IOException;

  /**
   * chmod(2), whatever the umask; fails if the mode is not what was asked for afterwards, as where
   * a user sets the group bits of a group that he is not in.
   */
  void setMode(Path file, int mode) throws IOException;

  /** fsync of a directory: the names in it become durable. */
  void forceDirectory(Path directory) throws IOException;

  /** The same for a directory that is forced again and again, and may stay open for that. */
  default ForcedDirectory forced(Path directory) {
    return () -> forceDirectory(directory);
  }

  /** A directory whose files are named again and again. */
  default BusyDirectory busyDirectory(Path directory) {
    return name -> new FileByPath(this, FileNames.in(directory, name));
  }

  /** fsync of an existing file, no FIFO. */
  void force(Path file) throws IOException;

  /**
   * The names in a directory, as a stream in no order, with names that are no valid text as well;
   * fails on a FIFO, which would block.
   */
  DirectoryStream<Path> list(Path directory) throws IOException;

  /** lstat(2). */
  Stat stat(Path file) throws IOException;

  /**
   * lstat(2).
   *
   * @throws UnsupportedOperationException where there are no inodes
   */
  Inode inode(Path file) throws IOException;

  /**
   * lstat(2).
   *
   * @throws UnsupportedOperationException where there are no inodes
   */
  Lstat lstat(Path file) throws IOException;

  /** Whose file it is, by lstat(2), and what the system calls him. */
  UserPrincipal owner(Path file) throws IOException;

  /** chmod(2). */
  void setPermissions(Path file, int permissions) throws IOException;

  /**
   * Fails unless this is a directory, or a symbolic link to one, that may be listed. Costs less
   * than listing it.
   */
  void requireDirectory(Path directory) throws IOException;

  /**
   * On which file system a directory is; of a symbolic link, what it leads to.
   *
   * @throws UnsupportedOperationException where there are no inodes
   */
  Object device(Path directory) throws IOException;

  /** Opens a file to read; fails on a symbolic link, and on a FIFO, which would block. */
  InputStream read(Path file) throws IOException;

  /**
   * The first bytes of a file that the caller has just seen to be regular, without looking again;
   * fails on a symbolic link.
   *
   * @param most so many, or less if the file is shorter
   */
  default byte[] readRegular(Path file, int most) throws IOException {
    try (InputStream in = read(file)) {
      return in.readNBytes(most);
    }
  }

  /** Writes over the first bytes of an existing file, no FIFO; never creates one. */
  void overwrite(Path file, byte[] bytes) throws IOException;

  /** Appends one write to a file, no FIFO, made if need be. */
  void append(Path file, byte[] bytes) throws IOException;

  /** Bytes that this user may still write on the file system of this directory. */
  long usableSpace(Path directory) throws IOException;

  /** Whether a directory, or a symbolic link to one, is there. */
  default boolean isDirectory(Path directory) throws IOException {
    try {
      requireDirectory(directory);
      return true;
    } catch (NoSuchFileException | NotDirectoryException e) {
      return false;
    } catch (AccessDeniedException e) {
      return true; // but may not be listed
    }
  }

  /** Whether something of this name is there. */
  default boolean exists(Path file) throws IOException {
    try {
      stat(file);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /**
   * Takes away what a failed step of ours has left. If that fails as well, the cause says so, and
   * it is swept later: R5.
   */
  default void discard(Path file, Throwable cause) {
    try {
      delete(file);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /** What to do with each file of a directory. */
  interface Each {
    /**
     * Says whether it was done; a {@link NoSuchFileException} means that somebody else was faster.
     */
    boolean take(Path file) throws IOException;
  }

  /**
   * Does something with each file of a directory; what fails with one keeps nobody from the next.
   *
   * @return with how many it was done
   * @throws IOException the first failure, after all had their turn
   */
  default long forEach(Path directory, Each each) throws IOException {
    long taken = 0;
    IOException failure = null;
    try (DirectoryStream<Path> listing = list(directory)) {
      for (Path file : listing) {
        try {
          taken += each.take(file) ? 1 : 0;
        } catch (NoSuchFileException | DirectoryNotEmptyException e) {
          // RACE: gone already, or in use again.
        } catch (IOException e) {
          failure = failure == null ? e : failure;
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    if (failure != null) {
      throw failure;
    }
    return taken;
  }
}
