package org.spooldir.fs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.spooldir.SpoolException;
import org.spooldir.SpoolException.InSpool;

/** Makes a spool directory, out of nothing or out of a Maildir. */
final class SpoolCreation {

  /** Of a drop box itself: its group may pass, but not list. */
  private static final int PASSAGE = 0710;

  /**
   * Of {@code tmp/} and {@code new/} in a drop box. Setgid: what is written belongs to the group,
   * so that the owner can read it as a member; sticky: nobody moves or replaces a file of others.
   */
  private static final int DROP = 03730;

  /** Of the other directories, which may have been there before. */
  private static final int CLOSED = 0700;

  private SpoolCreation() {}

  /** Refuses what is no plain Maildir. */
  static void requireMaildir(FileOps ops, Path root) throws SpoolException {
    if (SpoolLayout.exists(ops, root)) {
      throw SpoolLayout.malformed(root, "is a spool already: open it", null);
    }
    for (String name : SpoolLayout.MAILDIR) {
      try {
        ops.list(root.resolve(name)).close();
      } catch (NoSuchFileException e) {
        throw SpoolLayout.malformed(
            root, "is neither a spool nor a Maildir: it has no directory " + name, e);
      } catch (IOException e) {
        throw Diagnosis.of("open", root.resolve(name), null, InSpool.NO, e);
      }
    }
  }

  /**
   * Refuses to make a spool out of a directory that holds anything but what a creation that was cut
   * off left.
   */
  static void requireUnused(FileOps ops, Path root) throws SpoolException {
    if (SpoolLayout.exists(ops, root)) {
      throw SpoolLayout.malformed(root, "is a spool already: open it", null);
    }
    try (DirectoryStream<Path> listing = ops.list(root)) {
      for (Path child : listing) {
        String name = FileNames.textOf(child);
        if (!SpoolLayout.DIRECTORIES.contains(name) && !name.equals("lost+found")) {
          throw SpoolLayout.malformed(
              root,
              "is not empty (" + FileNames.escape(name) + "): choose another directory",
              null);
        }
      }
      for (String name : List.of("delayed", "held", "failed", "done")) {
        requireEmpty(
            ops,
            root.resolve(name),
            "has jobs, but the spool lost its spool.format: write it again, it is one line");
      }
      for (String name : List.of("new", "cur")) {
        requireEmpty(
            ops,
            root.resolve(name),
            "has mail in it: if this is a Maildir, adopt it (spool init --maildir, DirectorySpool.adopt); if it was a spool, write its spool.format again");
      }
    } catch (NoSuchFileException e) {
      return; // nothing there: the best place
    } catch (SpoolException e) {
      throw e;
    } catch (IOException e) {
      throw Diagnosis.of("create", root, null, InSpool.NO, e);
    }
  }

  private static void requireEmpty(FileOps ops, Path directory, String problem) throws IOException {
    try (DirectoryStream<Path> listing = ops.list(directory)) {
      if (listing.iterator().hasNext()) {
        throw SpoolLayout.malformed(directory, problem, null);
      }
    } catch (NoSuchFileException e) {
      return; // not even begun
    }
  }

  /**
   * Makes what is missing; the marker last, so that a half-made spool is recognised. Several
   * processes may do so at once.
   *
   * @param format what the spool remembers
   */
  static SpoolLayout create(FileOps ops, Path root, SpoolFormat format) throws SpoolException {
    SpoolLayout layout = new SpoolLayout(root, format);
    try {
      ensureDirectory(ops, root);
      for (String name : SpoolLayout.DIRECTORIES) {
        ensureDirectory(ops, root.resolve(name));
        if (layout.isDropBox()) {
          boolean drop = name.equals("tmp") || name.equals("new");
          ops.setMode(root.resolve(name), drop ? DROP : CLOSED);
        }
        ops.forceDirectory(root.resolve(name));
      }
      if (layout.isDropBox()) {
        ops.setMode(root, PASSAGE);
      }
      writeMarker(ops, layout);
      ops.forceDirectory(root);
      Path parent = root.toAbsolutePath().getParent();
      if (parent != null) {
        forceParent(ops, parent);
      }
    } catch (IOException e) {
      throw Diagnosis.of("create", root, null, InSpool.NO, e);
    }
    return layout;
  }

  private static void ensureDirectory(FileOps ops, Path directory) throws IOException {
    try {
      ops.createDirectory(directory);
    } catch (FileAlreadyExistsException e) {
      ops.list(directory).close(); // it must be a directory that we may read
    }
  }

  private static void forceParent(FileOps ops, Path parent) throws IOException {
    try {
      ops.forceDirectory(parent);
    } catch (AccessDeniedException e) {
      // The parent may be searched but not read: the spool itself is all that we can promise.
    }
  }

  private static void writeMarker(FileOps ops, SpoolLayout layout) throws IOException {
    String line = layout.format().line() + "\n";
    Path draft = layout.tmp().resolve(UniqueNames.OF_THIS_PROCESS.next());
    try (FileOps.NewFile file = ops.create(draft)) {
      if (layout.isDropBox()) {
        ops.setMode(draft, SpoolLayout.GROUP_READS);
      }
      file.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII)));
      file.force();
    }
    ops.rename(draft, layout.marker());
  }
}
