package org.spooldir.fs;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Takes what the checks find, looks at it again, mends it if asked to, and tells it. */
final class Findings {

  /** How to put something right: by one step of an exact name. */
  interface Mending {
    /**
     * Throws {@link NoSuchFileException} if somebody else was faster, or a directory is missing.
     */
    void mend() throws IOException;
  }

  private final FileOps ops;
  private final Path root;
  private final boolean repair;
  private final Consumer<Finding> listener;

  Findings(FileOps ops, Path root, boolean repair, Consumer<Finding> listener) {
    this.ops = ops;
    this.root = root;
    this.repair = repair;
    this.listener = listener;
  }

  /** Tells of something that is there and that only the operator, or recovery, can put right. */
  void tell(Finding.Kind kind, Path where, String what) throws IOException {
    if (ops.exists(where)) { // RACE: or else it has moved on, and that explains it
      listener.accept(new Finding(kind, name(where), what, false));
    }
  }

  /** Tells of something that is there, and puts it right if asked to. */
  void tell(Finding.Kind kind, Path where, String what, Mending mending) throws IOException {
    if (ops.exists(where)) {
      mendAndTell(kind, where, what, mending, true);
    }
  }

  /** Tells of something that is not there, and puts it right if asked to. */
  void tellMissing(Finding.Kind kind, Path where, String what, Mending mending) throws IOException {
    if (!ops.exists(where)) {
      mendAndTell(kind, where, what, mending, false);
    }
  }

  /** Tells of something that is not there, and that only the operator can put right. */
  void tellMissing(Finding.Kind kind, Path where, String what) {
    listener.accept(new Finding(kind, name(where), what, false));
  }

  /** Tells what was done. */
  void tellMended(Finding.Kind kind, Path where, String what) {
    listener.accept(new Finding(kind, name(where), what, true));
  }

  /**
   * Mends it if asked to, and tells it.
   *
   * @param there whether it is the presence or the absence of the file that is told
   */
  private void mendAndTell(
      Finding.Kind kind, Path where, String what, Mending mending, boolean there)
      throws IOException {
    boolean mended = false;
    String told = what;
    if (repair) {
      try {
        mending.mend();
        mended = true;
      } catch (NoSuchFileException e) {
        if (ops.exists(where) != there) {
          return; // RACE: a worker or another operator was faster
        }
        told = what + "; not mended: " + reason(e);
      } catch (IOException e) {
        told = what + "; not mended: " + reason(e);
      }
    }
    listener.accept(new Finding(kind, name(where), told, mended));
  }

  /** What a system call said, as printable ASCII. */
  static String reason(IOException e) {
    String text =
        e instanceof AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage());
    if (e instanceof NoSuchFileException) {
      text = "no such file or directory: " + text;
    }
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      plain.append(text.charAt(i) >= ' ' && text.charAt(i) <= '~' ? text.charAt(i) : '?');
    }
    return plain.toString();
  }

  /** The path from the spool on, as printable ASCII. */
  String name(Path where) {
    return where.equals(root) ? "." : FileNames.escape(root.relativize(where));
  }
}
