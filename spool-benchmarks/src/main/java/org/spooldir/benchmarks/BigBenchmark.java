package org.spooldir.benchmarks;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;

/** One big payload, in and out, against what copies a file. */
final class BigBenchmark implements Benchmark {

  private static final int MEGABYTES = 1024;

  @Override
  public void run(Disk disk, Scale scale, Report report) throws Exception {
    report.section(
        "A payload of a gigabyte",
        "`enqueue`, claim with its verification, and reading it, with a heap of 64 MB;"
            + " against `cp`, `sync` and `dd`. A ratio of the times; both have done it once before.");
    int megabytes = scale.quick() ? 64 : MEGABYTES;
    Path file = Files.createTempFile(Path.of("/dev/shm"), "spool-bench", ".payload");
    file.toFile().deleteOnExit(); // it is memory
    try {
      fill(file, megabytes);
      Contest contest =
          Contest.of(
              disk,
              scale.rounds(),
              new Contender("cp", directory -> copies(file, directory)),
              new Contender(
                  "spool",
                  directory ->
                      Programs.figures(Programs.java("64m", BigRun.class, directory, file))));
      report.bar(
          "1 GB in and out: %s s, cp %s s"
              .formatted(
                  Figure.text(contest.figure("spool", "seconds").median()),
                  Figure.text(contest.figure("cp", "seconds").median())),
          contest.ratio("cp", "seconds", "spool"),
          "",
          true,
          0.8,
          "0.95");
    } finally {
      Files.delete(file);
    }
  }

  private static void fill(Path file, int megabytes) throws Exception {
    byte[] block = new byte[1 << 20];
    Random random = new Random(1);
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int i = 0; i < megabytes; i++) {
        random.nextBytes(block);
        out.write(block);
      }
    }
  }

  private static Map<String, Double> copies(Path file, Path directory) throws Exception {
    copy(file, directory);
    Programs.sync(directory); // as in BigRun
    return Map.of("seconds", copy(file, directory));
  }

  private static double copy(Path file, Path directory) throws Exception {
    String copy = directory.resolve("copy").toString();
    long start = System.nanoTime();
    Programs.run("cp", file.toString(), copy);
    Programs.run("sync", copy);
    Programs.run(
        "dd", "status=none", "bs=64K", "if=" + copy, "of=/dev/null"); // cat does not read for it
    double seconds = (System.nanoTime() - start) / 1e9;
    Files.delete(Path.of(copy));
    return seconds;
  }
}
