package org.spooldir.fs;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.spooldir.Claim;
import org.spooldir.ClaimLostException;
import org.spooldir.Job;
import org.spooldir.SettleContract;
import org.spooldir.SettleContract.Settle;
import org.spooldir.SpoolException;
import org.spooldir.worker.Worker;

/** Storage that fails for longer than a worker tries to settle. */
class OutlastedWorkerTest extends SpoolTest {

  /** Five tries to complete, and one to release. */
  private static final int TRIES = 6;

  @Test
  void aJobThatCouldNeitherBeSettledNorGivenBackIsOfferedAgainOnceTheStorageWorks()
      throws Exception {
    DirectorySpool spool = lab.openWorker(Lab.OPTIONS.poll(Duration.ofMillis(20)));
    spool.enqueue(Job.of("x"));
    lab.faults.on("(delete|rename) cur/.*").fails(Faults.broken());
    AtomicInteger runs = new AtomicInteger();
    Worker worker =
        Worker.on(spool).listener(lab.events::add).start(claim -> runs.incrementAndGet());
    try {
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> lab.faults.count("(delete|rename) cur/.*") >= TRIES);
      lab.faults.clear();
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertEquals(List.of(), lab.names("cur")));
      await().atMost(Duration.ofSeconds(30)).until(() -> lab.names("new").isEmpty());
    } finally {
      worker.close();
    }
    assertEquals(2, runs.get());
  }

  @Test
  void aClaimIsNotLostBecauseItsDirectoryIsAwayForAWhile() throws Exception {
    DirectorySpool spool = lab.openWorker();
    spool.enqueue(Job.of("x"));
    Claim claim = Lab.claim(spool);
    Path aside = Files.move(lab.root.resolve("cur"), directory.resolve("aside"));
    for (Settle way : SettleContract.everyWay()) {
      SpoolException thrown = assertThrows(SpoolException.class, () -> way.settle(claim));
      assertFalse(thrown instanceof ClaimLostException, thrown::toString);
      assertTrue(thrown.getMessage().contains("is gone"), thrown::toString);
      assertTrue(claim.isHeld());
    }
    Files.move(aside, lab.root.resolve("cur"));
    claim.complete();
    assertEquals(List.of(), lab.names("cur"));
  }
}
