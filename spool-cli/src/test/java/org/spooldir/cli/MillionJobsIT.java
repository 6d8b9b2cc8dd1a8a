package org.spooldir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.spooldir.cli.SpoolCommand.shell;
import static org.spooldir.cli.SpoolCommand.spool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Looks at a spool of a million jobs, with a heap of 64 MB. */
@Tag("slow")
class MillionJobsIT {

  private static final int JOBS = 1_000_000;
  private static final int HOSTS = 5_000;
  private static final int SIZE = 7;
  private static final Path MEMORY = Path.of("/dev/shm");

  private static Path directory;
  private static Path root;

  @BeforeAll
  static void make() throws Exception {
    directory =
        Files.isWritable(MEMORY)
            ? Files.createTempDirectory(MEMORY, "spool-million")
            : Files.createTempDirectory("spool-million");
    root = HandmadeSpool.in(directory.resolve("spool")).root();
    long hourAgo = Instant.now().getEpochSecond() - 3600;
    for (int i = 0; i < JOBS; i++) {
      String host = i % 2 == 0 ? "busy" : "host" + i / 2 % HOSTS;
      String name =
          "%010d.M%06dP7Q%dR%016x.%s,S=%d,C=00000000"
              .formatted(hourAgo + i / 1000, i % 1000, i, i, host, SIZE);
      Files.createFile(root.resolve("new").resolve(name));
    }
  }

  @AfterAll
  static void remove() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      files
          .sorted((a, b) -> b.getNameCount() - a.getNameCount())
          .forEach(
              file -> {
                try {
                  Files.delete(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }

  @Test
  void statTakesLittleMemoryAndNotMuchLongerThanLs() throws Exception {
    FileTime before = Files.getLastModifiedTime(root.resolve("new"));
    double ls = Double.MAX_VALUE;
    double stat = Double.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      long start = System.nanoTime();
      assertEquals(
          "" + JOBS, shell("ls -U spool/new | wc -l").in(directory).run().ok().out().strip());
      long middle = System.nanoTime();
      String json =
          spool("stat", "--json", root).with("SPOOL_JAVA_OPTS", "-Xmx64m").run().ok().out();
      stat = Math.min(stat, (System.nanoTime() - middle) / 1e9);
      ls = Math.min(ls, (middle - start) / 1e9);
      assertTrue(
          json.contains("\"ready\":{\"jobs\":" + JOBS + ",\"bytes\":" + SIZE * JOBS + "}"), json);
    }
    System.out.printf(
        "%d jobs: ls %.2f s, spool stat %.2f s, ratio %.2f%n", JOBS, ls, stat, stat / ls);
    assertEquals(before, Files.getLastModifiedTime(root.resolve("new")));
  }

  @Test
  void ageTakesLittleMemoryHoweverManyHostsThereAre() {
    long start = System.nanoTime();
    List<String> lines =
        spool("age", "--by", "host", root).with("SPOOL_JAVA_OPTS", "-Xmx64m").run().ok().lines();
    System.out.printf("%d jobs: spool age %.2f s%n", JOBS, (System.nanoTime() - start) / 1e9);
    assertEquals(1 + 20 + 2, lines.size());
    assertTrue(lines.get(1).matches("busy +" + JOBS / 2 + " .*"), lines.get(1));
    assertTrue(lines.get(21).matches("\\(others\\) +[0-9]+ .*"), lines.get(21));
    assertTrue(lines.get(22).matches("total +" + JOBS + " .*"), lines.get(22));
  }
}
