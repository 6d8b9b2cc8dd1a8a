package org.spooldir.fs;

import static java.util.Objects.requireNonNullElse;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.spooldir.JobState;
import org.spooldir.SpoolException;
import org.spooldir.SpoolException.InSpool;
import org.spooldir.SpoolException.Where;
import org.spooldir.SpoolFullException;

/** Turns what the operating system says into an exception that says what to do. */
final class Diagnosis {

  /**
   * What a full disk is called here: the text is the C library's, in the language of the process.
   */
  private static final String FULL = textOfFullDisk();

  private Diagnosis() {}

  /** The exception for a failure of this operation. */
  static SpoolException of(
      String operation, Path path, @Nullable JobState state, InSpool jobIn, IOException cause) {
    Where where = new Where(operation, FileNames.escape(path), state, jobIn);
    if (cause instanceof SpoolException known) {
      return known;
    }
    if (isFull(cause)) {
      return new SpoolFullException(
          where,
          "no room on the disk, in its inodes or in the quota: make room, then try again",
          cause);
    }
    String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    if (cause instanceof AccessDeniedException) {
      return new SpoolException(
          where,
          "permission denied: look at owner and mode of the directories of the spool",
          false,
          cause);
    }
    if (text.contains("read-only file system")) {
      return new SpoolException(
          where, "the file system is read-only: remount it, look for disk errors", true, cause);
    }
    if (text.contains("too many open files")) {
      return new SpoolException(
          where, "too many open files: raise the limit of this process", true, cause);
    }
    if (isAcross(cause)) {
      return new SpoolException(
          where,
          "a directory of the spool is on another file system: is something mounted there?",
          false,
          cause);
    }
    if (cause instanceof NotDirectoryException || text.contains("not a directory")) {
      return new SpoolException(
          where, "there is a file where a directory should be: choose another path", false, cause);
    }
    if (cause instanceof NoSuchFileException && operation.equals("create")) {
      return new SpoolException(
          where, "its parent directory does not exist: make it first", false, cause);
    }
    if (cause instanceof NoSuchFileException) {
      return new SpoolException(
          where, "a directory of the spool is gone: was it moved or deleted?", false, cause);
    }
    return new SpoolException(where, reason(cause), true, cause);
  }

  /** Whether two names are not on one file system. */
  static boolean isAcross(IOException e) {
    return String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("cross-device link");
  }

  /** What went wrong, without the path, which can be any bytes. */
  static String reason(IOException cause) {
    return cause instanceof FileSystemException failure
        ? requireNonNullElse(failure.getReason(), failure.getClass().getSimpleName())
        : cause.toString();
  }

  /** Whether this means that there is no room: neither Java nor the text carry the error number. */
  static boolean isFull(IOException e) {
    String text = String.valueOf(e.getMessage());
    return e instanceof SpoolFullException
        || text.contains(FULL)
        || text.contains("No space left on device")
        || text.contains("Disk quota exceeded");
  }

  /** A device that is always full tells its text. */
  private static String textOfFullDisk() {
    String text = "No space left on device";
    File device = new File("/dev/full");
    if (!device.exists()) { // root would make a file of that name
      return text;
    }
    try (FileOutputStream full = new FileOutputStream(device)) {
      full.write(0);
    } catch (IOException e) {
      String said = String.valueOf(e.getMessage());
      return said.contains(device.getPath()) ? text : said; // it may not be opened
    }
    return text;
  }
}
