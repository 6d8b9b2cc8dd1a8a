package org.spooldir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.spooldir.cli.SpoolCommand.spool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.fs.DirectorySpool;
import org.spooldir.fs.SpoolOptions;

/** What looks at a spool while it is at work. */
class MovingJobsIT {

  private static final int JOBS = 200;

  @TempDir Path directory;

  @Test
  void looksGoOnWhileJobsMoveAndLoseNone() throws Exception {
    Path root = directory.resolve("spool");
    AtomicBoolean stop = new AtomicBoolean();
    try (DirectorySpool spool = DirectorySpool.create(root, SpoolOptions.DEFAULTS.reserve(0))) {
      spool.enqueueAll(IntStream.range(0, JOBS).mapToObj(i -> Job.of("x")).toList());
      CompletableFuture<Integer> moves = CompletableFuture.supplyAsync(() -> move(spool, stop));
      try {
        for (int i = 0; i < 3; i++) {
          for (List<String> look :
              List.of(
                  List.of("stat"),
                  List.of("stat", "--json"),
                  List.of("stat", "--check"),
                  List.of("age"),
                  List.of("age", "--by", "host"))) {
            Object[] command = new Object[look.size() + 1];
            look.toArray(command);
            command[look.size()] = root;
            spool(command).run().ok();
          }
        }
      } finally {
        stop.set(true);
      }
      assertTrue(moves.get() > 0, "jobs moved");
      String json = spool("stat", "--json", root).run().ok().out();
      assertTrue(json.contains("\"ready\":{\"jobs\":" + JOBS + ","), json);
      assertEquals(1, json.lines().count());
    }
  }

  private static int move(DirectorySpool spool, AtomicBoolean stop) {
    int moves = 0;
    try {
      while (!stop.get()) {
        Claim claim = spool.claim(Patience.LIMIT).orElseThrow();
        claim.release();
        moves++;
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return moves;
  }
}
