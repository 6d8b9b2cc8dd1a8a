package org.spooldir.fs;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import org.jspecify.annotations.Nullable;

/**
 * Deletes a file with one system call. {@link Files#delete} makes two: it asks first whether it is
 * a directory.
 */
final class Unlinker {

  private static final FileSystem OF_THE_MACHINE = FileSystems.getDefault();

  /**
   * It deletes by the whole path, so any directory would do; this one is in nobody's way for as
   * long as the process lives. Null where there is no such thing.
   */
  private static final @Nullable SecureDirectoryStream<Path> ROOT = root();

  private Unlinker() {}

  @SuppressWarnings("StreamResourceLeak") // never closed: it is shared by all spools
  private static @Nullable SecureDirectoryStream<Path> root() {
    try {
      DirectoryStream<Path> stream = Files.newDirectoryStream(Path.of("/"));
      if (stream instanceof SecureDirectoryStream<Path> secure) {
        return secure;
      }
      stream.close();
    } catch (IOException e) {
      // It may not be read, or no descriptor is left: two system calls do it as well.
    }
    return null;
  }

  /** Deletes a file, or an empty directory. */
  static void delete(Path file) throws IOException {
    if (ROOT == null || !file.isAbsolute() || file.getFileSystem() != OF_THE_MACHINE) {
      Files.delete(file);
      return;
    }
    try {
      ROOT.deleteFile(file);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (FileSystemException e) {
      // A directory; or one that is gone by now, or a file that never was on a file system that is
      // read-only: this tells them apart.
      Files.delete(file);
    }
  }
}
