package org.spooldir.cli;

import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A command of the user's, found before it is needed.
 *
 * @param file the program
 * @param words its name, as it was given, and its arguments
 */
record Program(Path file, List<String> words) {

  /**
   * Finds the program, as a shell does: on the {@code PATH} unless its name has a slash.
   *
   * @throws NoSuchFileException if it is not there, or no program; says which
   */
  static Program find(List<String> words) throws NoSuchFileException {
    String name = words.get(0);
    if (name.indexOf('/') >= 0) {
      Program program = new Program(Arguments.path("COMMAND", name), words);
      program.check();
      return program;
    }
    return onPath(name)
        .map(file -> new Program(file, words))
        .orElseThrow(
            () -> new NoSuchFileException(name, null, "there is no such command on the PATH"));
  }

  /** Finds a program on the {@code PATH}. */
  static Optional<Path> onPath(String name) {
    String path = System.getenv("PATH");
    if (path == null || name.isEmpty()) {
      return Optional.empty();
    }
    for (String directory : path.split(":", -1)) {
      // POSIX: an empty element is the current directory.
      Path at = directory.isEmpty() ? Path.of("") : Arguments.path("PATH", directory);
      Path file = at.resolve(Arguments.path("COMMAND", name));
      if (isProgram(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  private static boolean isProgram(Path file) {
    return Files.isRegularFile(file) && Files.isExecutable(file);
  }

  /**
   * Makes sure that it is there still.
   *
   * @throws NoSuchFileException if not
   */
  void check() throws NoSuchFileException {
    if (!isProgram(file)) {
      throw new NoSuchFileException(
          file.toString(),
          null,
          Files.exists(file) ? "this is no program: chmod +x?" : "there is no such command");
    }
  }
}
