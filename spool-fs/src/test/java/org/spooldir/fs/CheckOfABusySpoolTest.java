package org.spooldir.fs;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spooldir.Job;
import org.spooldir.Spool;
import org.spooldir.worker.RetryPolicy;
import org.spooldir.worker.Worker;

/** What moves while one looks is no finding. */
class CheckOfABusySpoolTest {

  private static final int RUNS = 20;

  @TempDir(factory = SafeDirectory.class)
  Path directory;

  @Test
  @SuppressWarnings("try") // the worker works by itself
  void aBusySpoolHasNoFindings() throws Exception {
    Path root = directory.resolve("spool");
    DirectorySpool.create(root, SpoolOptions.DEFAULTS).close();
    AtomicBoolean stop = new AtomicBoolean();
    AtomicLong handled = new AtomicLong();
    ExecutorService producer = Executors.newSingleThreadExecutor();
    try (Spool in = DirectorySpool.open(root);
        Spool out = DirectorySpool.open(root);
        Worker ignored =
            Worker.on(out)
                .concurrency(2)
                .retry(RetryPolicy.fixed(Duration.ofMillis(5)).attempts(3))
                .start(
                    claim -> {
                      if (handled.incrementAndGet() % 3 == 0) {
                        throw new IllegalStateException("fails at times");
                      }
                    })) {
      Future<?> producing =
          producer.submit(
              () -> {
                for (int i = 0; !stop.get(); i++) {
                  Job job = Job.of("payload " + i);
                  in.enqueue(i % 2 == 0 ? job.key("key " + i % 7) : job.attribute("n", "x"));
                }
                return null;
              });
      for (int run = 0; run < RUNS; run++) {
        long before = handled.get();
        await().until(() -> handled.get() > before + 20);
        List<Finding> findings = new ArrayList<>();
        if (run % 4 == 3) {
          SpoolCheck.of(root).repair(findings::add);
          findings.removeIf(finding -> finding.kind() == Finding.Kind.RECOVERED);
        } else {
          SpoolCheck.of(root).check(findings::add);
        }
        assertEquals(List.of(), findings, "run " + run);
      }
      assertTrue(handled.get() > RUNS);
      stop.set(true);
      producing.get(10, TimeUnit.SECONDS); // while its spool is open
    } finally {
      stop.set(true);
      producer.shutdown();
    }
  }
}
