package org.spooldir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code spool import}, killed and run again, while a worker completes at once whatever is in: each
 * job is done exactly once, in order.
 */
class ImportKillIT extends ImportScene {

  /** By which an import changes files and names. */
  private static final List<String> CALLS =
      List.of("mkdir", "rmdir", "rename", "symlink", "unlink", "fsync", "ftruncate", "write");

  private static final int KILLED = 137;

  /** In memory, where an fsync takes no time. */
  @BeforeEach
  void makeSpoolInMemory() throws IOException {
    spool = elsewhere().resolve("spool");
    makeSpoolAnew();
  }

  private Path queue(String kind, boolean onAnotherFileSystem, int jobs) throws IOException {
    Path at = (onAnotherFileSystem ? directory : elsewhere()).resolve("source");
    SpoolCommand.shell("rm -rf " + at).run().ok();
    if (kind.equals("dirq")) {
      return dirq(at, payloads(jobs).toArray(String[]::new));
    }
    maildir(at);
    for (int i = 0; i < jobs; i++) {
      Files.writeString(at.resolve("new/17000000%02d.M%dP1.host".formatted(i / 8, i)), "job " + i);
    }
    return at;
  }

  private static List<String> payloads(int jobs) {
    return IntStream.range(0, jobs).mapToObj(i -> "job " + i).toList();
  }

  private void assertNothingIsLeft(Path queue) throws IOException {
    assertEquals(List.of("lock"), tree(spool.resolve("import")));
    assertTrue(
        tree(queue).stream().allMatch(name -> name.matches("tmp|new|cur|[0-9a-f]{8}")),
        () -> "left in the source");
  }

  @ParameterizedTest
  @CsvSource({"maildir,false", "maildir,true", "dirq,false", "dirq,true"})
  void killedAtRandom(String kind, boolean onAnotherFileSystem) throws Exception {
    long seed = System.nanoTime();
    System.out.println("import killed at random: " + kind + ", seed " + seed);
    Random random = new Random(seed);
    Path queue = queue(kind, onAnotherFileSystem, 150);
    List<String> done = new ArrayList<>();
    for (int kill = 0; kill < 2; kill++) {
      Process process = importing(kind, queue).start();
      try (BufferedReader lines = process.inputReader()) {
        for (int left = random.nextInt(100); left > 0; left--) {
          lines.readLine();
        }
        process.destroyForcibly().waitFor();
      }
      done.addAll(work());
    }
    importing(kind, queue).run().ok();
    done.addAll(work());
    assertEquals(payloads(150), done);
    assertNothingIsLeft(queue);
  }

  @Tag("slow")
  @ParameterizedTest
  @CsvSource({"maildir,true", "dirq,false"})
  void killedAtEveryCall(String kind, boolean onAnotherFileSystem) throws Exception {
    SpoolCommand.needs("strace");
    int kills = 0;
    for (String call : CALLS) {
      for (int n = 1; isKilledAt(call, n, kind, onAnotherFileSystem); n++) {
        kills++;
      }
    }
    System.out.println("import killed at every call: " + kind + ", " + kills + " kills");
    assertTrue(kills > 20, "only " + kills + " kills: strace kills nothing");
  }

  /** Whether there was such a call, at which it was killed. */
  private boolean isKilledAt(String call, int n, String kind, boolean onAnotherFileSystem)
      throws Exception {
    makeSpoolAnew();
    Path queue = queue(kind, onAnotherFileSystem, 2);
    String kill = "inject=?" + call + ":signal=SIGKILL:when=" + n;
    SpoolCommand.Result result =
        importing(kind, queue)
            .under("strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=?" + call, "-e", kill)
            .run();
    List<String> done = new ArrayList<>(work());
    importing(kind, queue).run().ok();
    done.addAll(work());
    assertEquals(payloads(2), done, () -> "killed at " + call + " " + n);
    assertNothingIsLeft(queue);
    if (result.code() == KILLED) {
      return true;
    }
    result.ok();
    return false;
  }
}
