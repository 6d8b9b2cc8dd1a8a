package org.spooldir.benchmarks;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteQueueTest {

  private static final int SIDES = 8;
  private static final int ROUNDS = 100;

  @TempDir private Path directory;

  /** As producers and workers of a crowd do; of a thousand that open it eight found it locked. */
  @Test
  void manyThatOpenANewQueueAtOnceAllOpenIt() throws Exception {
    ExecutorService sides = Executors.newFixedThreadPool(SIDES);
    try {
      CyclicBarrier together = new CyclicBarrier(SIDES);
      for (int round = 0; round < ROUNDS; round++) {
        Path fresh = Files.createDirectory(directory.resolve("round" + round));
        Callable<Boolean> open =
            () -> {
              together.await();
              try (Queue queue = new SqliteQueue(fresh, Queue.Level.FULL)) {
                return queue.take();
              }
            };
        for (Future<Boolean> taken : sides.invokeAll(Collections.nCopies(SIDES, open))) {
          assertFalse(taken.get(), "a new queue is empty");
        }
      }
    } finally {
      sides.shutdownNow();
    }
  }

  @Test
  void whatIsPutIsTakenOnce() throws Exception {
    try (Queue queue = new SqliteQueue(directory, Queue.Level.FULL)) {
      queue.putAll(new byte[1], 2);
      assertTrue(queue.take());
      assertTrue(queue.take());
      assertFalse(queue.take());
    }
  }
}
