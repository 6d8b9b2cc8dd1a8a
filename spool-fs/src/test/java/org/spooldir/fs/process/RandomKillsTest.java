package org.spooldir.fs.process;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * kill -9 anywhere: producers, workers and recoverers die at random moments, some are stopped for
 * longer than their lease, and nothing that was promised is lost. {@link SoakTest} is the long run.
 */
class RandomKillsTest {

  private static final int KILLS = 20;
  private static final Duration LEASE = Duration.ofSeconds(5);

  @RegisterExtension final Processes processes = Processes.onDisk();

  @Test
  @Timeout(120)
  void twentyKillsLoseNothing() throws IOException {
    Mayhem mayhem =
        new Mayhem(
            processes, LEASE, "durability=ENQUEUE", "poll=200", "mixed=true", "pause=10", "hold=4");
    mayhem.begin(4, ProducerMain.class);
    mayhem.begin(4, WorkerMain.class);
    mayhem.begin(1, RecovererMain.class);
    while (mayhem.kills() < KILLS) {
      mayhem.strike();
    }
    mayhem.end();

    Ledger ledger = new Ledger(processes.children(), LEASE);
    Set<String> present;
    try (Heir heir = new Heir(processes.root())) {
      present = heir.undoneJobs();
      ledger.requireKept(present);
      heir.doAll();
    }
    processes.files().requireNoJobs();
    processes.print(
        "%d kills, %d stops; %s"
            .formatted(mayhem.kills(), mayhem.stops(), ledger.balance(present)));
    assertTrue(ledger.acknowledged() > KILLS, "producers had a life before their death");
  }
}
