package org.spooldir.fs;

import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One call to the file system.
 *
 * @param to the second path, of a call that has two
 */
record ModelCall(String kind, Path path, @Nullable Path to) {

  private static final Set<String> OF_ITS_OWN = Set.of("create", "write", "force");

  static ModelCall of(String kind, Path path) {
    return new ModelCall(kind, path, null);
  }

  static ModelCall of(String kind, Path path, Path to) {
    return new ModelCall(kind, path, to);
  }

  /**
   * Whether it makes a difference to others when it is made: what a process does to its own file in
   * {@code tmp/}, under a name that nobody else knows, does not.
   */
  boolean concernsOthers() {
    return !OF_ITS_OWN.contains(kind) || !path.getParent().endsWith("tmp");
  }

  /** As {@code "rename tmp/X new/Y"}. */
  @Override
  public String toString() {
    return kind + " " + relative(path) + (to == null ? "" : " " + relative(to));
  }

  private static String relative(Path path) {
    return path.startsWith(Model.ROOT)
        ? path.equals(Model.ROOT) ? "." : FileNames.escape(Model.ROOT.relativize(path))
        : path.toString();
  }
}
