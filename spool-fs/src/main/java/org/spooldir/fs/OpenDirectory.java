package org.spooldir.fs;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.ClosedDirectoryStreamException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * A directory that is open while many of its files are named: to find the way to it again for each
 * call takes the kernel a twentieth of a claim. Whatever does not succeed there is asked for once
 * more by the whole path, which leads to the directory that has the name now, and tells where it
 * was. So an old directory is found out at once by who looks for a file that is in the new one; and
 * who finds one in the old directory has it until the next review.
 */
final class OpenDirectory implements FileOps.WorkDirectory {

  /** So many calls between two reviews are worth to open it. */
  static final int MANY = 16;

  private final FileOps ops;
  private final Path directory;
  private volatile @Nullable SecureDirectoryStream<Path> stream;
  private volatile boolean used;
  private int calls; // while it is not open; that some are not counted does no harm
  private boolean closed;

  OpenDirectory(FileOps ops, Path directory) {
    this.ops = ops;
    this.directory = directory;
  }

  @Override
  public FileOps.NamedFile file(String name) {
    return new Named(name);
  }

  /** Null if it is not open. */
  private @Nullable SecureDirectoryStream<Path> stream() {
    SecureDirectoryStream<Path> open = stream;
    if (open == null && ++calls == MANY) {
      open();
    }
    if (!used) {
      used = true;
    }
    return open;
  }

  @SuppressWarnings("StreamResourceLeak") // closed by who reviews it
  private synchronized void open() {
    if (closed || stream != null) {
      return;
    }
    try {
      DirectoryStream<Path> opened = ops.list(directory);
      if (opened instanceof SecureDirectoryStream<Path> secure) {
        stream = secure;
      } else {
        opened.close();
      }
    } catch (IOException e) {
      // The whole path will do, or tell better what is wrong.
    }
  }

  @Override
  public synchronized void review() {
    SecureDirectoryStream<Path> open = stream;
    if (open != null && !(used && hasItsName(open))) {
      letGo(open);
    }
    used = false;
    calls = 0;
  }

  private boolean hasItsName(SecureDirectoryStream<Path> open) {
    try {
      Object named = Files.readAttributes(directory, BasicFileAttributes.class).fileKey();
      BasicFileAttributes own =
          open.getFileAttributeView(BasicFileAttributeView.class).readAttributes();
      return named != null && named.equals(own.fileKey());
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    SecureDirectoryStream<Path> open = stream;
    if (open != null) {
      letGo(open);
    }
  }

  /** Waits for who is in the middle of a call. */
  private void letGo(SecureDirectoryStream<Path> open) {
    stream = null;
    try {
      open.close();
    } catch (IOException e) {
      // nothing was written through it
    }
  }

  /** Does something where the directory is open. */
  private interface Near<T> {
    T in(SecureDirectoryStream<Path> open, Path name) throws IOException;
  }

  private interface Far<T> {
    T byPath() throws IOException;
  }

  private final class Named implements FileOps.NamedFile {
    private final String name;
    private final @Nullable Path alone;
    private @Nullable Path path; // made when it is asked for

    Named(String name) {
      this.name = name;
      this.alone = FileNames.alone(directory, name);
    }

    @Override
    public Path path() {
      Path known = path;
      if (known == null) {
        known = alone == null ? FileNames.in(directory, name) : directory.resolve(alone);
        path = known;
      }
      return known;
    }

    private <T> T call(Near<T> near, Far<T> far) throws IOException {
      SecureDirectoryStream<Path> open = alone == null ? null : stream();
      if (open != null && alone != null) {
        try {
          return near.in(open, alone);
        } catch (FileSystemException | ClosedDirectoryStreamException e) {
          // the whole path knows better
        }
      }
      return far.byPath();
    }

    /** The target is named by its whole path: what is claimed is in the directory of claims. */
    @Override
    public void rename(Path to) throws IOException {
      call(
          (open, alone) -> {
            open.move(alone, open, to.toAbsolutePath());
            return to;
          },
          () -> {
            ops.rename(path(), to);
            return to;
          });
    }

    @Override
    public FileOps.Stat stat() throws IOException {
      return call(
          (open, alone) ->
              NioFileOps.stat(
                  open.getFileAttributeView(alone, BasicFileAttributeView.class, NOFOLLOW_LINKS)
                      .readAttributes()),
          () -> ops.stat(path()));
    }

    @Override
    public byte[] readRegular(int most) throws IOException {
      return ContentReader.read(
          options ->
              call(
                  (open, alone) -> open.newByteChannel(alone, options),
                  () -> FileChannel.open(path(), options)),
          most);
    }

    @Override
    public void delete() throws IOException {
      call(
          (open, alone) -> {
            open.deleteFile(alone);
            return alone;
          },
          () -> {
            ops.delete(path());
            return path();
          });
    }
  }
}
