package org.spooldir.fs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spooldir.JobState;
import org.spooldir.SpoolException;
import org.spooldir.SpoolException.InSpool;
import org.spooldir.SpoolException.Where;
import org.spooldir.SpoolFormatException;

/**
 * Where everything in a spool directory is, each path made once and not for each job; checks it at
 * opening.
 */
final class SpoolLayout {

  /** The mode of what the group may read in a drop box. */
  static final int GROUP_READS = 0640;

  /** More than a line that is understood can have. */
  private static final int MAX_FORMAT_BYTES = 256;

  static final List<String> MAILDIR = List.of("tmp", "new", "cur");
  static final List<String> DIRECTORIES =
      List.of(
          "tmp", "new", "cur", "delayed", "held", "failed", "done", "errors", "workers", "keys");

  private final Path root;
  private final SpoolFormat format;
  private final boolean readable;
  private final Path tmp;
  private final Path ready;
  private final Path claimed;
  private final Path delayed;
  private final Path held;
  private final Path failed;
  private final Path done;
  private final Path errors;
  private final Path workers;
  private final Path keys;

  private SpoolLayout(Path root, SpoolFormat format, boolean readable) {
    this.root = root;
    this.format = format;
    this.readable = readable;
    tmp = root.resolve("tmp");
    ready = root.resolve("new");
    claimed = root.resolve("cur");
    delayed = root.resolve("delayed");
    held = root.resolve("held");
    failed = root.resolve("failed");
    done = root.resolve("done");
    errors = root.resolve("errors");
    workers = root.resolve("workers");
    keys = root.resolve("keys");
  }

  /** A spool that this process may look into. */
  SpoolLayout(Path root, SpoolFormat format) {
    this(root, format, true);
  }

  /** The spool. */
  Path root() {
    return root;
  }

  /** The settings that it was made with. */
  SpoolFormat format() {
    return format;
  }

  /**
   * Whether this process may look into all directories; a producer of another user may not, he only
   * drops jobs.
   */
  boolean readable() {
    return readable;
  }

  /** Whether other users may hand in jobs. */
  boolean isDropBox() {
    return format.access() == Access.DROPBOX;
  }

  /**
   * Whether a name alone tells that this is a regular file. What other programs named may be
   * anything, and in a drop box whatever looks as if we had named it, too.
   */
  boolean vouchesFor(EntryName name) {
    return !name.isForeign() && !isDropBox();
  }

  /** Stands between base and state of an entry name. */
  char separator() {
    return format.separator();
  }

  // ---- where things are ----

  /** Being written; nobody but its writer looks here. */
  Path tmp() {
    return tmp;
  }

  /** Ready. */
  Path ready() {
    return ready;
  }

  /** Claimed. */
  Path claimed() {
    return claimed;
  }

  /** Waits for its time. */
  Path delayed() {
    return delayed;
  }

  /** Dead letters. */
  Path failed() {
    return failed;
  }

  /** Completed, while they are retained. */
  Path done() {
    return done;
  }

  /** One log per job that failed. */
  Path errors() {
    return errors;
  }

  /** One file per worker process. */
  Path workers() {
    return workers;
  }

  /** One link per living job that has a dedup key. */
  Path keys() {
    return keys;
  }

  /** Set aside for a full disk. */
  Path reserve() {
    return root.resolve("spool.reserve");
  }

  /** The marker, {@link SpoolFormat}. */
  Path marker() {
    return root.resolve("spool.format");
  }

  /** The directory of a state. */
  Path of(JobState state) {
    return switch (state) {
      case READY -> ready;
      case CLAIMED -> claimed;
      case DELAYED -> delayed;
      case HELD -> held;
      case FAILED -> failed;
      case DONE -> done;
    };
  }

  /** What the name of this file says. */
  EntryName nameOf(Path file) {
    return EntryName.parse(FileNames.textOf(file), separator());
  }

  // ---- opening ----

  /** Opens what is there, whole; of a drop box, what this process may look at. */
  static SpoolLayout open(FileOps ops, Path root) throws SpoolException {
    SpoolLayout layout = new SpoolLayout(root, readFormat(ops, root));
    boolean readable = true;
    for (String name : DIRECTORIES) {
      Path directory = root.resolve(name);
      try {
        ops.requireDirectory(directory);
      } catch (NoSuchFileException e) {
        throw malformed(
            directory,
            "is missing; if nobody removed its jobs on purpose, make it again with mkdir -m 700",
            e);
      } catch (IOException e) {
        readable = false;
        if (!layout.isDropBox() || !(e instanceof AccessDeniedException)) {
          throw Diagnosis.of("open", directory, null, InSpool.NO, e);
        }
      }
    }
    FileSystemCheck.requireOneFileSystem(ops, root, DIRECTORIES);
    return readable ? layout : new SpoolLayout(root, layout.format(), false);
  }

  /** Refuses those who may only hand in jobs. */
  void requireReadable(String operation) throws SpoolException {
    if (!readable) {
      throw onlyHandsIn(operation, root, "workers and operators run as the owner of this drop box");
    }
  }

  /** What to throw at those who may only hand in jobs, and want more. */
  static SpoolException onlyHandsIn(String operation, Path path, String problem) {
    return new SpoolException(
        new Where(operation, FileNames.escape(path), null, InSpool.NO),
        "permission denied: " + problem,
        false,
        new AccessDeniedException(path.toString()));
  }

  private static SpoolFormat readFormat(FileOps ops, Path root) throws SpoolException {
    Path format = root.resolve("spool.format");
    String text;
    try (InputStream in = ops.read(format)) {
      text = new String(in.readNBytes(MAX_FORMAT_BYTES), StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      throw malformed(root, absent(ops, root), e);
    } catch (IOException e) {
      throw Diagnosis.of("open", format, null, InSpool.NO, e);
    }
    return SpoolFormat.parse(format, text);
  }

  private static String absent(FileOps ops, Path root) {
    try {
      ops.stat(root);
      for (String name : MAILDIR) {
        ops.stat(root.resolve(name));
      }
      return "has no spool.format: if it is a plain Maildir, adopt it (spool init --maildir, DirectorySpool.adopt); if a creation was cut off, finish it (spool init, DirectorySpool.openOrCreate)";
    } catch (NoSuchFileException e) {
      return "is no spool: make one (spool init, DirectorySpool.create)";
    } catch (IOException e) {
      return "is no spool that can be read: " + e;
    }
  }

  static SpoolFormatException malformed(Path path, String problem, @Nullable IOException cause) {
    return new SpoolFormatException(
        new Where("open", FileNames.escape(path), null, InSpool.NO), problem, cause);
  }

  /** What is there to look at: a spool, or a plain Maildir. */
  static SpoolLayout look(FileOps ops, Path root) throws SpoolException {
    if (exists(ops, root)) {
      return new SpoolLayout(root, readFormat(ops, root));
    }
    SpoolCreation.requireMaildir(ops, root);
    return new SpoolLayout(root, SpoolFormat.PLAIN);
  }

  /** Whether a spool's marker stands there. */
  static boolean exists(FileOps ops, Path root) throws SpoolException {
    Path format = root.resolve("spool.format");
    try {
      ops.stat(format);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw Diagnosis.of("open", format, null, InSpool.NO, e);
    }
  }
}
