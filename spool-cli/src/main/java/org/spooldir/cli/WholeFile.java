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
import java.util.Set;
import org.spooldir.SpoolException;
import org.spooldir.SpoolException.InSpool;
import org.spooldir.SpoolException.Where;
import org.spooldir.SpoolFullException;

/** Files that are whole and durable from the moment at which they can be seen. */
final class WholeFile {

  private static final Set<OpenOption> OLD_OR_NEW =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);

  /** Less than this is no room at all. */
  private static final long ROOM = 64 << 10;

  private WholeFile() {}

  /** For the owner alone, as everything in a spool is. */
  static FileAttribute<?> mode(String permissions) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
  }

  /**
   * Writes a file. The caller {@linkplain #force forces} the directory when it is time.
   *
   * @param part where it is written, in the same directory; what a writer has left there that was
   *     killed is written over
   * @param file must not be there
   * @throws FileAlreadyExistsException if it is
   * @throws SpoolFullException if there is no room
   */
  static void write(InputStream bytes, Path part, Path file) throws IOException {
    try (FileChannel out = FileChannel.open(part, OLD_OR_NEW, mode("rw-------"))) {
      if (out.tryLock() == null) {
        throw new FileSystemException(file.toString(), null, "another process is writing it");
      }
      write(bytes, out, part, file);
    }
  }

  private static void write(InputStream bytes, FileChannel out, Path part, Path file)
      throws IOException {
    try {
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) { // RACE: what is open may be this file
        throw new FileAlreadyExistsException(file.toString());
      }
      out.truncate(0);
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

  /** fsync of a directory. */
  static void force(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
