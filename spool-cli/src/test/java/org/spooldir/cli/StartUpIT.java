package org.spooldir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spooldir.JobState;
import org.spooldir.fs.DirectorySpool;
import org.spooldir.fs.SpoolOptions;

/**
 * How long {@code spool put} of 1 KB takes as a whole process, as a multiple of the shortest
 * program that Java has. Prints it; nothing is asserted of time.
 */
@Tag("slow")
class StartUpIT {

  private static final int ROUNDS = 31;

  @TempDir Path directory;

  @Test
  void putAgainstHelloWorld() throws Exception {
    Path memory = Path.of("/dev/shm");
    Path spool =
        Files.createTempDirectory(Files.isWritable(memory) ? memory : directory, "start-up");
    try {
      measure(spool.resolve("spool"));
    } finally {
      SpoolCommand.shell("rm -rf " + spool).run().ok();
    }
  }

  private void measure(Path spool) throws Exception {
    DirectorySpool.create(spool, SpoolOptions.DEFAULTS).close();
    Path job = Files.write(directory.resolve("job"), new byte[1024]);
    Path source =
        Files.writeString(
            directory.resolve("Hello.java"),
            "class Hello { public static void main(String[] a) { System.out.println(\"hello\"); } }");
    Path home = Path.of(System.getProperty("java.home"));
    SpoolCommand.shell("'" + home.resolve("bin/javac") + "' -d . " + source)
        .in(directory)
        .run()
        .ok();

    List<String> hello =
        List.of(home.resolve("bin/java").toString(), "-cp", directory.toString(), "Hello");
    List<String> put =
        List.of(SpoolCommand.LAUNCHER.toString(), "put", spool.toString(), job.toString());
    List<Long> helloTimes = new ArrayList<>();
    List<Long> putTimes = new ArrayList<>();
    millionthsOfASecond(put); // makes the archive
    for (int i = 0; i < ROUNDS; i++) {
      helloTimes.add(millionthsOfASecond(hello));
      putTimes.add(millionthsOfASecond(put));
    }
    System.out.printf(
        "start-up on Java %s: hello %.1f ms, spool put %.1f ms, %.2f times (medians of %d)%n",
        System.getProperty("java.version"),
        median(helloTimes) / 1000.0,
        median(putTimes) / 1000.0,
        (double) median(putTimes) / median(helloTimes),
        ROUNDS);
    assertEquals(ROUNDS + 1, DirectorySpool.inspect(spool).stats().jobs(JobState.READY));
  }

  private long millionthsOfASecond(List<String> command) throws Exception {
    long start = System.nanoTime();
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.redirectOutput(directory.resolve("out").toFile()).start();
    assertEquals(0, process.waitFor(), () -> "failed: " + command);
    return (System.nanoTime() - start) / 1000;
  }

  private static long median(List<Long> times) {
    Collections.sort(times);
    return times.get(times.size() / 2);
  }
}
