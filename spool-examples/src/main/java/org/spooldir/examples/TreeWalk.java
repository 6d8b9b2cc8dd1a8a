package org.spooldir.examples;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * Goes through the regular files of a tree that can be archived; links are not followed. The order
 * is that of the file system, and the same for everyone who walks while nothing changes.
 */
final class TreeWalk extends SimpleFileVisitor<Path> {

  /** What the name of a compressed file ends with. */
  static final String SUFFIX = ".gz";

  private static final int LONGEST_NAME = 255 - SUFFIX.length();

  /** Gets what is found. */
  interface Visitor {
    /** A file to archive. */
    void found(TreePath path, Path file, BasicFileAttributes attributes) throws IOException;

    /** Something that cannot be archived. */
    void skipped(TreePath path, String reason);
  }

  private final Path root;
  private final Visitor visitor;
  private long left;

  private TreeWalk(Path root, long limit, Visitor visitor) {
    this.root = root;
    this.visitor = visitor;
    this.left = limit;
  }

  /**
   * Walks.
   *
   * @param root absolute, without links
   * @param limit ends after so many files and directories that were found or skipped
   */
  static void walk(Path root, long limit, Visitor visitor) throws IOException {
    Files.walkFileTree(root, new TreeWalk(root, limit, visitor));
  }

  /** How many files a walk finds or skips. */
  static long count(Path root, long limit) throws IOException {
    TreeWalk counting = new TreeWalk(root, limit, NOBODY);
    Files.walkFileTree(root, counting);
    return limit - counting.left;
  }

  private static final Visitor NOBODY =
      new Visitor() {
        @Override
        public void found(TreePath path, Path file, BasicFileAttributes attributes) {}

        @Override
        public void skipped(TreePath path, String reason) {}
      };

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
    if (!attributes.isRegularFile()) {
      return FileVisitResult.CONTINUE;
    }
    return counted(
        () -> {
          TreePath path = TreePath.of(root, file);
          Optional<String> obstacle = obstacle(path);
          if (obstacle.isPresent()) {
            visitor.skipped(path, obstacle.get());
          } else {
            visitor.found(path, file, attributes);
          }
        });
  }

  private Optional<String> obstacle(TreePath path) {
    if (path.nameLength() > LONGEST_NAME) {
      return Optional.of("no room for " + SUFFIX + " in its name");
    }
    return Files.isDirectory(path.in(root, SUFFIX))
        ? Optional.of("a directory has the name of its output")
        : Optional.empty();
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
    return counted(() -> visitor.skipped(TreePath.of(root, file), reason(failure)));
  }

  private interface Step {
    void run() throws IOException;
  }

  private FileVisitResult counted(Step step) throws IOException {
    if (left == 0) {
      return FileVisitResult.TERMINATE;
    }
    left--;
    step.run();
    return FileVisitResult.CONTINUE;
  }

  /** Why a file cannot be read, in few words, to count by. */
  static String reason(IOException failure) {
    if (failure instanceof AccessDeniedException) {
      return "no permission";
    }
    return failure instanceof NoSuchFileException
        ? "it is gone"
        : failure.getClass().getSimpleName();
  }
}
