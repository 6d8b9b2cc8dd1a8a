package org.spooldir.examples.interop;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.spooldir.Spool;
import org.spooldir.fs.DirectorySpool;
import org.spooldir.worker.Worker;

/** Producers in shell, Python, C and Java, workers in Python and Java, one spool. */
@Timeout(180)
class LanguagesTest {

  private static final Duration LENGTH =
      Duration.parse(System.getProperty("spool.soak", Duration.ofSeconds(30).toString()));
  private static final Pattern THREE_LINES =
      Pattern.compile("(?s)Three lines of shell.*?```sh\n(.*?)```");

  @BeforeAll
  static void lookForTools() throws IOException {
    Program.assumeThereAre("cc", "python3");
  }

  private void print(String what) {
    System.out.println("LanguagesTest: " + what);
  }

  private static Path inMemory() throws IOException {
    Path memory = Path.of("/dev/shm");
    return Files.createTempDirectory(
        Files.isWritable(memory) ? memory : Path.of("target").toAbsolutePath(), "spool-languages-");
  }

  @Test
  void eachDoesWhatTheOthersHandIn(@TempDir Path scratch) throws Exception {
    try (Soak soak = new Soak(scratch, 42)) {
      soak.begin(1);
      soak.beginLanes(4, 0);
      soak.awaitAllDone();
      String figures = soak.end();
      print(figures);
      assertTrue(figures.contains(" + 0 present;"), figures);
    }
  }

  @Test
  @Tag("slow")
  void killsAndStopsLoseNothing() throws Exception {
    long seed = Long.getLong("spool.seed", System.nanoTime());
    Path scratch = inMemory();
    print("-Dspool.seed=" + seed + ", " + scratch);
    try (Soak soak = new Soak(scratch, seed)) {
      soak.begin(2);
      soak.beginLanes(Integer.MAX_VALUE, 25);
      long end = System.nanoTime() + LENGTH.toNanos();
      while (System.nanoTime() - end < 0) {
        soak.strike();
      }
      print(soak.end());
      assertTrue(soak.victims() > 5, "hardly anybody died");
    } finally {
      Program.run(new byte[0], List.of("rm", "-r", scratch.toString()));
    }
  }

  @Test
  void threeLinesOfShellFeedARunningWorker(@TempDir Path scratch) throws Exception {
    Matcher block = THREE_LINES.matcher(Files.readString(Path.of("../README.md")));
    assertTrue(block.find(), "README.md has them");
    String lines = block.group(1);
    assertEquals(3, lines.lines().count(), lines);

    Path directory = scratch.resolve("thumbnails");
    Queue<String> done = new ConcurrentLinkedQueue<>();
    try (Spool spool = DirectorySpool.openOrCreate(directory);
        Worker worker = Worker.on(spool).start(claim -> done.add(claim.payload().text()))) {
      String script = "cd \"$0\"\n" + lines;
      assertEquals(
          0, Program.run(new byte[0], List.of("sh", "-c", script, scratch.toString())).exitCode());
      await("the worker should have it")
          .atMost(Duration.ofSeconds(30))
          .until(() -> !done.isEmpty());
      assertEquals(List.of("43.png\n"), List.copyOf(done));
      worker.stop();
    }
  }
}
