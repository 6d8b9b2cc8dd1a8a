package org.spooldir.fs;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** Takes permissions away, never gives any. */
final class Modes {

  private Modes() {}

  /**
   * Takes these permissions from a file of this user.
   *
   * @param seen what the file was when it was found too open
   * @throws FileSystemException if it is another user's
   */
  static void restrict(FileOps ops, Path file, FileOps.Lstat seen, int bits) throws IOException {
    if (seen.owner() != Machine.user()) {
      throw new FileSystemException(file.toString(), null, "it belongs to user " + seen.owner());
    }
    ops.setPermissions(file, seen.permissions() & ~bits);
  }
}
