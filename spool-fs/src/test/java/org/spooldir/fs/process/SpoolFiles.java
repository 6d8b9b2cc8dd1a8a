package org.spooldir.fs.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What {@code ls} tells of a spool, without the help of the code under test. */
record SpoolFiles(Path root) {

  private static final Pattern WORKER = Pattern.compile("[^:]+:2,.*,w=([^,]+)\\.\\d+");

  /** The names in one directory of the spool. */
  List<String> in(String directory) throws IOException {
    try (Stream<Path> files = Files.list(root.resolve(directory))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** The names of all files below one directory of the spool. */
  List<String> below(String directory) throws IOException {
    try (Stream<Path> files = Files.walk(root.resolve(directory))) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> root.resolve(directory).relativize(file).toString())
          .toList();
    }
  }

  /**
   * The id of the worker that has this job, as its name in {@code cur/} tells; empty if none has.
   */
  Optional<String> worker(String id) throws IOException {
    for (String name : in("cur")) {
      Matcher matcher = WORKER.matcher(name);
      if (name.startsWith(id) && matcher.matches()) {
        return Optional.of(matcher.group(1));
      }
    }
    return Optional.empty();
  }

  /** When a worker gave its last sign of life. */
  Instant lastBeat(String worker) throws IOException {
    return Files.getLastModifiedTime(root.resolve("workers").resolve(worker)).toInstant();
  }

  /** Nothing waits, nothing is claimed, nothing failed. */
  void requireNoJobs() throws IOException {
    List<String> left = new ArrayList<>();
    for (String directory : List.of("new", "cur", "delayed", "held", "failed", "done")) {
      in(directory).forEach(name -> left.add(directory + "/" + name));
    }
    assertEquals(List.of(), left, "jobs left in the spool");
  }
}
