package org.spooldir.fs;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.ClosedDirectoryStreamException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A directory that stays open while its files are named again and again: to find the way to it for
 * each call takes the kernel a twentieth of a claim. Whatever does not succeed there is tried once
 * more by the whole path, which leads to the directory that has the name now, and tells where it
 * was. So who looks for a file that is in another directory by now finds it at once; only what is
 * still in the old one is found there until the next review.
 *
 * <p>Only changes open it and keep it open. A disk that failed goes on telling what it remembers,
 * and whoever still has claims there asks it again and again; who mends it must be able to unmount
 * it.
 */
final class OpenDirectory implements FileOps.BusyDirectory {

  private final FileOps ops;
  private final Path directory;
  private volatile @Nullable SecureDirectoryStream<Path> stream;
  private volatile boolean untried = true; // to open it, since the last review
  private volatile boolean used; // to change a file, since then
  private boolean closed;

  OpenDirectory(FileOps ops, Path directory) {
    this.ops = ops;
    this.directory = directory;
  }

  @Override
  public FileOps.NamedFile file(String name) {
    Path alone = FileNames.alone(directory, name);
    return alone == null
        ? new FileOps.FileByPath(ops, FileNames.in(directory, name))
        : new Named(alone);
  }

  /** Not before a file was changed by its whole path: a disk that refuses that is left alone. */
  @SuppressWarnings("StreamResourceLeak") // closed by who reviews it
  private synchronized void open() {
    if (untried && stream == null) {
      untried = false;
      try {
        DirectoryStream<Path> opened = ops.list(directory);
        if (opened instanceof SecureDirectoryStream<Path> secure) {
          stream = secure;
          used = true;
        } else {
          opened.close();
        }
      } catch (IOException | RuntimeException | Error e) {
        // The change is done, whatever is wrong with the next; for that the whole path will do.
      }
    }
  }

  @Override
  public synchronized void review() {
    SecureDirectoryStream<Path> open = stream;
    if (open != null && !(used && hasItsName(open))) {
      letGo(open);
    }
    used = false;
    untried = !closed;
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
    untried = false;
    SecureDirectoryStream<Path> open = stream;
    if (open != null) {
      letGo(open);
    }
  }

  /** Waits for who is in the middle of a call, which may be for ever where a disk hangs. */
  private void letGo(SecureDirectoryStream<Path> open) {
    stream = null;
    try {
      open.close();
    } catch (IOException e) {
      // nothing was written through it
    }
  }

  /** Does something with a file where the directory is open. */
  private interface Near<T> {
    T in(SecureDirectoryStream<Path> open) throws IOException;
  }

  /** Changes a file there. */
  private interface Change {
    void in(SecureDirectoryStream<Path> open) throws IOException;
  }

  private final class Named implements FileOps.NamedFile {
    private final Path alone;
    private @Nullable Path path; // made when it is asked for

    Named(Path alone) {
      this.alone = alone;
    }

    @Override
    public Path path() {
      Path known = path;
      if (known == null) {
        known = directory.resolve(alone);
        path = known;
      }
      return known;
    }

    /** Null if it did not succeed: the whole path knows better. */
    private <T> @Nullable T near(Near<T> step) throws IOException {
      SecureDirectoryStream<Path> open = stream;
      try {
        return open == null ? null : step.in(open);
      } catch (FileSystemException | ClosedDirectoryStreamException e) {
        return null;
      }
    }

    private void change(Change step, Reserve.Step byWholePath) throws IOException {
      Boolean done =
          near(
              open -> {
                step.in(open);
                return true;
              });
      if (done == null) {
        byWholePath.run();
        if (untried) {
          open();
        }
      } else if (!used) {
        used = true;
      }
    }

    /** The target is named by its whole path: what is claimed is in the directory of claims. */
    @Override
    public void rename(Path to) throws IOException {
      change(open -> open.move(alone, open, to.toAbsolutePath()), () -> ops.rename(path(), to));
    }

    @Override
    public void delete() throws IOException {
      change(open -> open.deleteFile(alone), () -> ops.delete(path()));
    }

    @Override
    public FileOps.Stat stat() throws IOException {
      FileOps.Stat stat =
          near(
              open ->
                  NioFileOps.stat(
                      open.getFileAttributeView(alone, BasicFileAttributeView.class, NOFOLLOW_LINKS)
                          .readAttributes()));
      return stat == null ? ops.stat(path()) : stat;
    }

    @Override
    public byte[] readRegular(int most) throws IOException {
      return ContentReader.read(this::channel, most);
    }

    private SeekableByteChannel channel(Set<OpenOption> options) throws IOException {
      SeekableByteChannel channel = near(open -> open.newByteChannel(alone, options));
      return channel == null ? FileChannel.open(path(), options) : channel;
    }
  }
}
