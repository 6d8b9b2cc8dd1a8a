package org.spooldir.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.spooldir.cli.SpoolCommand.shell;
import static org.spooldir.cli.SpoolCommand.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.spooldir.Claim;
import org.spooldir.fs.DirectorySpool;
import org.spooldir.fs.SpoolOptions;

/** A spool, other queues beside it, and a place for them on another file system. */
abstract class ImportScene {

  @TempDir Path directory;
  Path spool;
  private Path memory;

  @BeforeEach
  final void makeSpool() throws IOException {
    spool = directory.resolve("spool");
    makeSpoolAnew();
  }

  final void makeSpoolAnew() throws IOException {
    shell("rm -rf " + spool).run().ok();
    DirectorySpool.create(spool, SpoolOptions.DEFAULTS.reserve(0)).close();
  }

  @AfterEach
  final void emptyMemory() {
    if (memory != null) {
      shell("rm -rf " + memory).run().ok();
    }
  }

  /** A directory on another file system than the spool. */
  final Path elsewhere() throws IOException {
    Path shared = Path.of("/dev/shm");
    assumeTrue(
        Files.isWritable(shared)
            && !Files.getFileStore(shared).equals(Files.getFileStore(directory)),
        "there is no /dev/shm on another file system than " + directory);
    memory = memory == null ? Files.createTempDirectory(shared, "import") : memory;
    return memory;
  }

  static Path maildir(Path at) throws IOException {
    for (String each : List.of("tmp", "new", "cur")) {
      Files.createDirectories(at.resolve(each));
    }
    return at;
  }

  /** A dirq queue as the libraries leave it, with these elements. */
  static Path dirq(Path at, String... elements) throws IOException {
    for (int i = 0; i < elements.length; i++) {
      Path between = Files.createDirectories(at.resolve("%08x".formatted(0x65000000 + i / 2 * 60)));
      Path element = between.resolve("%08x%05x7".formatted(0x65000000 + i / 2 * 60, i));
      Files.writeString(element, elements[i]);
    }
    return at;
  }

  final SpoolCommand importing(String kind, Path source, Object... more) {
    List<Object> words = new ArrayList<>(List.of("import", kind, source, spool));
    words.addAll(List.of(more));
    return spool(words.toArray());
  }

  /** What to put in front of a command so that a call on this file fails. */
  static String[] failing(String call, String error, Path file) {
    SpoolCommand.needs("strace");
    String inject = "inject=" + call + ":error=" + error;
    return new String[] {
      "strace",
      "-f",
      "-qq",
      "-o",
      "/dev/null",
      "-P",
      file.toString(),
      "-e",
      "trace=" + call,
      "-e",
      inject
    };
  }

  /** Works on all jobs, as a worker that runs meanwhile; tells their payloads in that order. */
  final List<String> work() throws IOException {
    List<String> payloads = new ArrayList<>();
    try (DirectorySpool worker = DirectorySpool.open(spool)) {
      for (Optional<Claim> next = worker.claim(); next.isPresent(); next = worker.claim()) {
        payloads.add(next.get().payload().text());
        next.get().complete();
      }
    }
    return payloads;
  }

  /** Everything below, but for what is not part of a queue. */
  static List<String> tree(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return List.copyOf(
          new TreeSet<>(
              all.map(file -> root.relativize(file).toString())
                  .filter(name -> !name.isEmpty())
                  .toList()));
    }
  }
}
