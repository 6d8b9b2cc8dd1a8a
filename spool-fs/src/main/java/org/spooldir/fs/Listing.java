package org.spooldir.fs;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** Goes through a directory that is checked. */
final class Listing {

  private Listing() {}

  /** What to look at. */
  interface Look {
    /** A {@link NoSuchFileException} means that it has moved on, which is no finding. */
    void at(Path file, FileOps.Lstat facts) throws IOException;
  }

  /**
   * Looks at each file of a directory but hidden ones, of which it tells; what cannot be looked at
   * is told and keeps nobody from the next.
   */
  static void each(FileOps ops, Path directory, Findings findings, Look look) throws IOException {
    try {
      ops.forEach(directory, file -> one(ops, file, findings, look));
    } catch (NoSuchFileException | NotDirectoryException e) {
      // told already: StructureCheck
    } catch (AccessDeniedException e) {
      findings.tell(Finding.Kind.CANNOT_LOOK, directory, "permission denied");
    }
  }

  private static boolean one(FileOps ops, Path file, Findings findings, Look look)
      throws IOException {
    try {
      if (FileNames.textOf(file).startsWith(".")) {
        findings.tell(Finding.Kind.HIDDEN, file, "is hidden");
      } else {
        look.at(file, ops.lstat(file));
      }
    } catch (NoSuchFileException e) {
      return false; // RACE: it has moved on
    } catch (AccessDeniedException e) {
      findings.tell(Finding.Kind.CANNOT_LOOK, file, "permission denied");
    } catch (IOException e) {
      findings.tellMissing(Finding.Kind.READ_FAILED, file, Findings.reason(e));
    }
    return true;
  }
}
