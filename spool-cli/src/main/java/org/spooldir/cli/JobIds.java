package org.spooldir.cli;

import org.jspecify.annotations.Nullable;
import org.spooldir.JobId;
import org.spooldir.fs.DirectorySpool;

/** Jobs as users name them. */
final class JobIds {

  private static final String EXPECTED =
      "the id of a job, the name of its file, or a path that ends with one of them";

  private JobIds() {}

  /**
   * Reads an id, an entry name as {@code ls} shows it, or a path that ends with one of them.
   *
   * @throws UsageException if it can be none
   */
  static JobId parse(String word) {
    JobId id = find(lastOf(word));
    if (id == null) {
      throw Arguments.bad("ID", word, EXPECTED);
    }
    return id;
  }

  /** The last element of a path: the name of an entry, or an id. */
  static String lastOf(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** The id in this name; null if no entry can have such a name. */
  static @Nullable JobId find(String name) {
    try {
      return DirectorySpool.idOf(name);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
