package org.spooldir.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Where the archive is.
 *
 * @param root of all of it, absolute
 */
record Output(Path root) {

  /** The compressed files, in a tree like the one they came from. */
  Path files() {
    return root.resolve("files");
  }

  /** Being written; nobody but its writer looks here. */
  Path drafts() {
    return root.resolve("drafts");
  }

  /** What should be there. */
  Path manifest() {
    return root.resolve("manifest");
  }

  /** Where a file of this path goes. */
  Path of(TreePath path) {
    return path.in(files(), TreeWalk.SUFFIX);
  }

  /**
   * Makes the directories.
   *
   * @throws UsageException if there is something already: it would hide what gets lost
   */
  void create() throws IOException {
    Files.createDirectories(root);
    try (Stream<Path> there = Files.list(root)) {
      if (there.findAny().isPresent()) {
        throw new UsageException("the output is not empty: " + root);
      }
    }
    Files.createDirectory(files());
    Files.createDirectory(drafts());
  }

  /** Clears away what workers that were killed had begun; nobody may be at work any more. */
  void removeDrafts() throws IOException {
    try (Stream<Path> left = Files.list(drafts())) {
      for (Path draft : (Iterable<Path>) left::iterator) {
        Files.delete(draft);
      }
    }
    Files.delete(drafts());
  }
}
