package org.spooldir.fs.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.spooldir.fs.Evidence;
import org.spooldir.fs.Evidence.Section;

/**
 * Eleven processes on one spool, killed, stopped and let go on at random moments for a minute:
 * producers, workers, operators and recoverers.
 */
final class Soak {

  /** How long; {@code -Dspool.soak=PT10M} makes it ten minutes. */
  private static final Duration LENGTH =
      Duration.parse(System.getProperty("spool.soak", Duration.ofSeconds(60).toString()));

  private static final Duration LENGTH_FOR_MUTANTS = Duration.ofSeconds(20);
  private static final int ROUNDS = 5;
  private static final int KEYS = 300;

  /** No living child of a busy machine is silent for so long, unless it was stopped. */
  private static final Duration LEASE = Duration.ofSeconds(5);

  private final Processes processes;
  private final String place;
  private Set<String> present = Set.of();

  /** One on the spool of these processes. */
  Soak(Processes processes, String place) {
    this.processes = processes;
    this.place = place;
  }

  /** It goes on for as long as it should, and the ledger is right. */
  void survives() throws IOException {
    Mayhem mayhem = rage(LENGTH, "durability=ENQUEUE", "linger=100");
    Ledger ledger = judge(mayhem);
    try (Heir heir = new Heir(processes.root())) {
      heir.doAll();
    }
    processes.files().requireNoJobs();
    assertTrue(mayhem.kills() > 20 && mayhem.stops() > 2, "hardly anybody died");
    String figures =
        "%s; %d jobs handled again; %d claims lost, each by a worker that was stopped for a lease"
            .formatted(ledger.balance(present), ledger.handledAgain(), ledger.lost());
    assertTrue(ledger.discarded() > 0 && ledger.handledAgain() > 0, figures);
    Evidence.of(Section.KILLS, "soak of 11 processes " + place)
        .row(
            "%d kills (%s) and %d stops in %d s"
                .formatted(mayhem.kills(), mayhem.victims(), mayhem.stops(), LENGTH.toSeconds()),
            "acknowledged = completed + discarded + present, to the last job, but for the one that a"
                + " process was about to end or enqueue when it was killed; again only what a kill,"
                + " a stop for a lease or its holder gave back; none torn; never two holders",
            figures);
  }

  /** A broken build does not come through: not for long. */
  void findsOut(String mutant) throws IOException {
    int kills = 0;
    for (int round = 1; round <= ROUNDS; round++) {
      Mayhem mayhem =
          rage(LENGTH_FOR_MUTANTS, "mutant=" + mutant, "linger=" + LEASE.toMillis() * 2);
      kills += mayhem.kills();
      try {
        judge(mayhem);
      } catch (AssertionError judgement) {
        Evidence.of(Section.MUTANTS, "the soak with " + mutant)
            .row(kills + " kills", "found out", Ledger.headline(judgement));
        return;
      }
    }
    fail(mutant + " is not found out");
  }

  private Ledger judge(Mayhem mayhem) throws IOException {
    mayhem.end();
    Ledger ledger = new Ledger(processes.children(), LEASE);
    try (Heir heir = new Heir(processes.root())) {
      present = heir.undoneJobs();
      ledger.requireKept(present);
      List<String> keys =
          heir.undone().stream()
              .filter(name -> name.contains("."))
              .map(Telltale::keyOf)
              .sorted()
              .toList();
      assertEquals(keys.stream().distinct().toList(), keys, "keys of living jobs");
    }
    return ledger;
  }

  private Mayhem rage(Duration length, String... more) throws IOException {
    List<String> settings =
        new ArrayList<>(List.of("poll=200", "mixed=true", "rejects=true", "pause=40", "hold=4"));
    settings.addAll(List.of(more));
    Mayhem mayhem = new Mayhem(processes, LEASE, settings.toArray(String[]::new));
    mayhem.begin(2, ProducerMain.class);
    mayhem.begin(1, ProducerMain.class, "keys=" + KEYS);
    mayhem.begin(4, WorkerMain.class);
    mayhem.begin(2, OperatorMain.class);
    mayhem.begin(2, RecovererMain.class);
    long end = System.nanoTime() + length.toNanos();
    while (System.nanoTime() - end < 0) {
      mayhem.strike();
    }
    return mayhem;
  }
}
