package org.spooldir.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.spooldir.SpoolException;
import org.spooldir.SpoolException.InSpool;
import org.spooldir.SpoolException.Where;
import org.spooldir.SpoolFullException;

/** Files that are whole and durable from the moment at which they can be seen. */
final class WholeFile {

  /** Never through a link, never a file that somebody else may have open. */
  private static final Set<OpenOption> NEW =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

  /** Also to be read, so that a FIFO in its place does not make us wait. */
  private static final Set<OpenOption> OLD_OR_NEW =
      Set.of(
          StandardOpenOption.CREATE,
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          LinkOption.NOFOLLOW_LINKS);

  /** Less than this is no room at all. */
  private static final long ROOM = 64 << 10;

  private static final int BLOCK = 64 << 10;

  private WholeFile() {}

  /** For the owner alone, as everything in a spool is. */
  static FileAttribute<?> mode(String permissions) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
  }

  /**
   * Takes a lock of the system's, which ends with the process. The file stays.
   *
   * @return to be closed; null if another process holds it
   */
  static @Nullable FileChannel lock(Path file) throws IOException {
    FileChannel lock = FileChannel.open(file, OLD_OR_NEW, mode("rw-------"));
    if (lock.tryLock() == null) {
      lock.close();
      return null;
    }
    return lock;
  }

  /**
   * Writes a file. The caller {@linkplain #force forces} the directory when it is time, and sees to
   * it that nobody else writes the same one.
   *
   * @param part where it is written, in the same directory; what stands there is removed: a writer
   *     has left it that was killed
   * @param file must not be there
   * @throws FileAlreadyExistsException if it is, or what stands at {@code part} cannot be removed
   * @throws SpoolFullException if there is no room
   */
  static void write(InputStream bytes, Path part, Path file) throws IOException {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(file.toString());
    }
    try {
      Files.deleteIfExists(part);
    } catch (FileSystemException e) {
      throw new FileAlreadyExistsException(part.toString(), null, e.getReason());
    }
    try (FileChannel out = FileChannel.open(part, NEW, mode("rw-------"))) {
      write(bytes, out, part, file);
    }
  }

  private static void write(InputStream bytes, FileChannel out, Path part, Path file)
      throws IOException {
    try {
      bytes.transferTo(Channels.newOutputStream(out));
      out.force(true);
      Files.move(part, file);
    } catch (IOException e) {
      boolean full = part.toFile().getUsableSpace() < ROOM;
      Files.deleteIfExists(part);
      throw full && !(e instanceof SpoolException) ? full(file, e) : e;
    }
  }

  private static SpoolException full(Path file, IOException cause) {
    return new SpoolFullException(
        new Where("write", Printable.of(file.toString()), null, InSpool.NO),
        "no room on the disk: make room, then try again",
        cause);
  }

  /** Whether the file has these bytes, and no more. */
  static boolean holds(Path file, InputStream bytes) throws IOException {
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      byte[] block;
      do {
        block = bytes.readNBytes(BLOCK);
        if (!Arrays.equals(block, in.readNBytes(BLOCK))) {
          return false;
        }
      } while (block.length == BLOCK);
      return true;
    }
  }

  /** Whether it is a regular file that begins so. */
  static boolean begins(Path file, byte[] bytes) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      return Arrays.equals(bytes, in.readNBytes(bytes.length));
    }
  }

  /** fsync of a directory. */
  static void force(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
