package org.spooldir.fs;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.io.IOUtils;
import org.jspecify.annotations.Nullable;
import org.spooldir.JobState;
import org.spooldir.SpoolException;
import org.spooldir.SpoolException.InSpool;
import org.spooldir.SpoolException.Where;
import org.spooldir.SpoolFormatException;

/**
 * Where everything in a spool directory is; makes it, and checks it at opening.
 *
 * @param root the spool
 * @param separator stands between base and state of an entry name
 */
record SpoolLayout(Path root, char separator) {

  private static final String FORMAT = "spool 1";
  private static final int MAX_FORMAT_BYTES = 256;
  private static final List<String> MAILDIR = List.of("tmp", "new", "cur");
  private static final List<String> DIRECTORIES =
      List.of(
          "tmp", "new", "cur", "delayed", "held", "failed", "done", "errors", "workers", "keys");

  // ---- where things are ----

  /** Being written; nobody but its writer looks here. */
  Path tmp() {
    return root.resolve("tmp");
  }

  /** Ready. */
  Path ready() {
    return root.resolve("new");
  }

  /** Claimed. */
  Path claimed() {
    return root.resolve("cur");
  }

  /** Waits for its time. */
  Path delayed() {
    return root.resolve("delayed");
  }

  /** Dead letters. */
  Path failed() {
    return root.resolve("failed");
  }

  /** Completed, while they are retained. */
  Path done() {
    return root.resolve("done");
  }

  /** One log per job that failed. */
  Path errors() {
    return root.resolve("errors");
  }

  /** One file per worker process. */
  Path workers() {
    return root.resolve("workers");
  }

  /** One link per living job that has a dedup key. */
  Path keys() {
    return root.resolve("keys");
  }

  /** Set aside for a full disk. */
  Path reserve() {
    return root.resolve("spool.reserve");
  }

  private Path format() {
    return root.resolve("spool.format");
  }

  /** The directory of a state. */
  Path of(JobState state) {
    return switch (state) {
      case READY -> ready();
      case CLAIMED -> claimed();
      case DELAYED -> delayed();
      case HELD -> root.resolve("held");
      case FAILED -> failed();
      case DONE -> done();
    };
  }

  /** What the name of this file says. */
  EntryName nameOf(Path file) {
    return EntryName.parse(FileNames.textOf(file), separator);
  }

  // ---- opening ----

  /** Opens what is there, whole. */
  static SpoolLayout open(FileOps ops, Path root) throws SpoolException {
    SpoolLayout layout = new SpoolLayout(root, readFormat(ops, root));
    for (String name : DIRECTORIES) {
      Path directory = root.resolve(name);
      try {
        ops.list(directory).close();
      } catch (NoSuchFileException e) {
        throw malformed(
            directory,
            "is missing; if nobody removed its jobs on purpose, make it again with mkdir -m 700",
            e);
      } catch (IOException e) {
        throw Diagnosis.of("open", directory, null, InSpool.NO, e);
      }
    }
    FileSystemCheck.requireOneFileSystem(ops, root, DIRECTORIES);
    return layout;
  }

  private static char readFormat(FileOps ops, Path root) throws SpoolException {
    Path format = root.resolve("spool.format");
    String line;
    try (InputStream in = ops.read(format)) {
      line = new String(in.readNBytes(MAX_FORMAT_BYTES), StandardCharsets.ISO_8859_1).strip();
    } catch (NoSuchFileException e) {
      throw malformed(root, absent(ops, root), e);
    } catch (IOException e) {
      throw Diagnosis.of("open", format, null, InSpool.NO, e);
    }
    List<String> words = Splitter.on(' ').splitToList(line);
    if (!line.equals(FORMAT) && !line.startsWith(FORMAT + " ")) {
      throw malformed(
          format,
          line.matches("spool [0-9]+.*")
              ? "is of a newer format (" + FileNames.escape(line) + "): use a newer version"
              : "does not say \"" + FORMAT + "\": this is no spool, or it is damaged",
          null);
    }
    if (words.size() == 2) {
      return ':';
    }
    String setting = words.get(2);
    if (words.size() > 3 || !setting.matches("separator=[" + SpoolOptions.SEPARATORS + "]")) {
      throw malformed(
          format, "has a setting that this version does not know: use a newer version", null);
    }
    return setting.charAt(setting.length() - 1);
  }

  private static String absent(FileOps ops, Path root) {
    try {
      ops.stat(root);
      for (String name : MAILDIR) {
        ops.stat(root.resolve(name));
      }
      return "is a plain Maildir, or a spool whose creation was cut off: adopt it with DirectorySpool.adopt";
    } catch (NoSuchFileException e) {
      return "is no spool: create one with DirectorySpool.create";
    } catch (IOException e) {
      return "is no spool that can be read: " + e;
    }
  }

  private static SpoolFormatException malformed(
      Path path, String problem, @Nullable IOException cause) {
    return new SpoolFormatException(
        new Where("open", FileNames.escape(path), null, InSpool.NO), problem, cause);
  }

  /** What is there to look at: a spool, or a plain Maildir. */
  static SpoolLayout look(FileOps ops, Path root) throws SpoolException {
    if (exists(ops, root)) {
      return new SpoolLayout(root, readFormat(ops, root));
    }
    requireMaildir(ops, root);
    return new SpoolLayout(root, ':');
  }

  /** Refuses what is no plain Maildir. */
  static void requireMaildir(FileOps ops, Path root) throws SpoolException {
    if (exists(ops, root)) {
      throw malformed(root, "is a spool already: open it with DirectorySpool.open", null);
    }
    for (String name : MAILDIR) {
      try {
        ops.list(root.resolve(name)).close();
      } catch (NoSuchFileException e) {
        throw malformed(root, "is neither a spool nor a Maildir: it has no directory " + name, e);
      } catch (IOException e) {
        throw Diagnosis.of("open", root.resolve(name), null, InSpool.NO, e);
      }
    }
  }

  // ---- creation ----

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

  /**
   * Refuses to make a spool out of a directory that holds anything but what a creation that was cut
   * off left.
   */
  static void requireUnused(FileOps ops, Path root) throws SpoolException {
    try (DirectoryStream<Path> listing = ops.list(root)) {
      for (Path child : listing) {
        String name = FileNames.textOf(child);
        if (!DIRECTORIES.contains(name) && !name.equals("lost+found")) {
          throw malformed(
              root,
              "is not empty (" + FileNames.escape(name) + "): choose another directory",
              null);
        }
      }
      for (String name : List.of("new", "cur")) {
        requireEmpty(ops, root, root.resolve(name));
      }
    } catch (NoSuchFileException e) {
      return; // nothing there: the best place
    } catch (SpoolException e) {
      throw e;
    } catch (IOException e) {
      throw Diagnosis.of("create", root, null, InSpool.NO, e);
    }
  }

  private static void requireEmpty(FileOps ops, Path root, Path directory) throws IOException {
    try (DirectoryStream<Path> listing = ops.list(directory)) {
      if (listing.iterator().hasNext()) {
        throw malformed(
            root, "is a Maildir with mail in it: adopt it with DirectorySpool.adopt", null);
      }
    } catch (NoSuchFileException e) {
      return; // not even begun
    }
  }

  /**
   * Makes what is missing; the marker last, so that a half-made spool is recognised. Several
   * processes may do so at once.
   *
   * @param separator for the names
   */
  static SpoolLayout create(FileOps ops, Path root, char separator) throws SpoolException {
    SpoolLayout layout = new SpoolLayout(root, separator);
    try {
      ensureDirectory(ops, root);
      for (String name : DIRECTORIES) {
        ensureDirectory(ops, root.resolve(name));
        ops.forceDirectory(root.resolve(name));
      }
      layout.writeFormat(ops);
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

  private void writeFormat(FileOps ops) throws IOException {
    String line = FORMAT + (separator == ':' ? "" : " separator=" + separator) + "\n";
    Path draft = tmp().resolve(UniqueNames.OF_THIS_PROCESS.next());
    try (FileOps.NewFile file = ops.create(draft)) {
      file.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII)));
      file.force();
    }
    ops.rename(draft, format());
  }

  /** Reads the first bytes of an entry. */
  static byte[] head(FileOps ops, Path file, int bytes) throws IOException {
    try (InputStream in = ops.read(file)) {
      return IOUtils.toByteArray(in, bytes);
    }
  }
}
