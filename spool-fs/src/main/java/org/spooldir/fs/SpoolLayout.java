package org.spooldir.fs;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
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
 * Where everything in a spool directory is; checks it at opening.
 *
 * @param root the spool
 * @param separator stands between base and state of an entry name
 */
record SpoolLayout(Path root, char separator) {

  static final String FORMAT = "spool 1";
  private static final int MAX_FORMAT_BYTES = 256;
  static final List<String> MAILDIR = List.of("tmp", "new", "cur");
  static final List<String> DIRECTORIES =
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

  /** The marker; what stands in it says which format the spool has. */
  Path format() {
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
      return "has no spool.format: if it is a plain Maildir, adopt it with DirectorySpool.adopt; if a creation was cut off, finish it with DirectorySpool.openOrCreate";
    } catch (NoSuchFileException e) {
      return "is no spool: create one with DirectorySpool.create";
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
    return new SpoolLayout(root, ':');
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
