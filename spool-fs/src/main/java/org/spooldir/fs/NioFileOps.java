package org.spooldir.fs;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;

/**
 * The file system of the machine. The only class that creates, forces, renames, links or deletes
 * anything.
 */
final class NioFileOps implements FileOps {

  private static final Set<OpenOption> NEW = Set.of(CREATE_NEW, WRITE, NOFOLLOW_LINKS);

  private final FileAttribute<?>[] fileMode;
  private final FileAttribute<?>[] directoryMode;

  NioFileOps(boolean posix) {
    fileMode = mode(posix, "rw-------");
    directoryMode = mode(posix, "rwx------");
  }

  /** For the file system that this path is on. */
  static NioFileOps on(Path path) {
    return new NioFileOps(path.getFileSystem().supportedFileAttributeViews().contains("posix"));
  }

  private static FileAttribute<?>[] mode(boolean posix, String permissions) {
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  @Override
  public NewFile create(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, NEW, fileMode);
    return new NewFile() {
      @Override
      public void write(ByteBuffer bytes) throws IOException {
        uninterrupted(
            () -> {
              while (bytes.hasRemaining()) {
                channel.write(bytes);
              }
            });
      }

      @Override
      public void force() throws IOException {
        uninterrupted(() -> channel.force(true));
      }

      @Override
      public void close() throws IOException {
        channel.close();
      }
    };
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void link(Path existing, Path link) throws IOException {
    try {
      Files.createLink(link, existing);
    } catch (UnsupportedOperationException e) {
      throw new FileSystemException(
          link.toString(), existing.toString(), "no hard links on this file system");
    }
  }

  @Override
  public void delete(Path file) throws IOException {
    Files.delete(file);
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    Files.createDirectory(directory, directoryMode);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        try (FileChannel channel = FileChannel.open(directory, READ)) {
          channel.force(true);
          return;
        } catch (ClosedByInterruptException e) {
          // The fsync was cut off, it did not fail: names have no dirty pages of their own that a
          // first failure could have
          // dropped, so asking again through a new descriptor is honest. For a file it would not
          // be.
          interrupted = true;
          Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, READ)) {
      uninterrupted(() -> channel.force(true));
    }
  }

  @Override
  @SuppressWarnings("StreamResourceLeak") // the caller closes it
  public DirectoryStream<Path> list(Path directory) throws IOException {
    return Files.newDirectoryStream(directory);
  }

  @Override
  public Stat stat(Path file) throws IOException {
    BasicFileAttributes facts =
        Files.readAttributes(file, BasicFileAttributes.class, NOFOLLOW_LINKS);
    return new Stat(facts.isRegularFile(), facts.size(), facts.lastModifiedTime().toInstant());
  }

  @Override
  public Inode inode(Path file) throws IOException {
    Map<String, Object> facts;
    try {
      facts = Files.readAttributes(file, "unix:dev,ino,nlink,ctime,uid", NOFOLLOW_LINKS);
    } catch (IllegalArgumentException e) {
      throw new UnsupportedOperationException("no inodes on this system", e);
    }
    return new Inode(
        facts.get("dev") + ":" + facts.get("ino"),
        (int) requireNonNull(facts.get("nlink")),
        ((FileTime) requireNonNull(facts.get("ctime"))).toInstant(),
        (int) requireNonNull(facts.get("uid")));
  }

  @Override
  public InputStream read(Path file) throws IOException {
    return Files.newInputStream(file, NOFOLLOW_LINKS);
  }

  @Override
  public void overwrite(Path file, byte[] bytes) throws IOException {
    write(file, bytes, WRITE, NOFOLLOW_LINKS);
  }

  @Override
  public void append(Path file, byte[] bytes) throws IOException {
    write(file, bytes, CREATE, APPEND, NOFOLLOW_LINKS);
  }

  private void write(Path file, byte[] bytes, OpenOption... options) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    try (FileChannel channel = FileChannel.open(file, Set.of(options), fileMode)) {
      uninterrupted(
          () -> {
            while (buffer.hasRemaining()) {
              channel.write(buffer);
            }
          });
    }
  }

  @Override
  public long usableSpace(Path directory) throws IOException {
    return Files.getFileStore(directory).getUsableSpace();
  }

  private interface Action {
    void run() throws IOException;
  }

  /**
   * Runs a channel operation of a thread that may be interrupted. A pending interrupt is put aside
   * first, because it would close the channel. One that arrives in the middle closes it all the
   * same: the outcome is then unknown, which is a failure.
   */
  private static void uninterrupted(Action action) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      action.run();
    } catch (ClosedByInterruptException e) {
      interrupted = true;
      throw new IOException("interrupted in the middle of a write", e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
