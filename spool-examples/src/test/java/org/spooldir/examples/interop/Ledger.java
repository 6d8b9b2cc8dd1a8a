package org.spooldir.examples.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.base.Splitter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What all actors said, held against what is left in the spool. */
final class Ledger {

  private static final Pattern PID = Pattern.compile("\\d{10}\\.M\\d{6}P(\\d+)Q.*");

  /** What the exit code is after a SIGTERM that nobody was there yet to hear. */
  private static final int TERMINATED = 128 + 15;

  private final Set<String> acknowledged = new TreeSet<>();
  private final Set<Long> killedProducers = new HashSet<>();
  private final List<String> complaints = new ArrayList<>();
  private final List<String> completed = new ArrayList<>();
  private final Set<String> lastWords = new TreeSet<>();
  private final Map<String, Integer> claims = new TreeMap<>();
  private final Map<String, Integer> explained = new TreeMap<>();

  /** A producer has ended, or was killed; what it printed are ids. */
  void producer(Actor producer) {
    acknowledged.addAll(producer.lines());
    if (producer.wasKilled()) {
      killedProducers.add(producer.pid());
    } else if (producer.exitCode() != 0) {
      complaints.add(producer + " ended with " + producer.exitCode());
    }
  }

  /** A worker has ended, or was killed. */
  void worker(Actor worker) {
    boolean neverBegan = worker.exitCode() == TERMINATED && worker.lines().isEmpty();
    if (!worker.wasKilled() && worker.exitCode() != 0 && !neverBegan) {
      complaints.add(worker + " ended with " + worker.exitCode());
    }
    String held = "";
    boolean ending = false;
    for (String line : worker.lines()) {
      List<String> words = Splitter.on(' ').splitToList(line);
      String id = words.size() > 1 ? words.get(1) : "";
      switch (words.get(0)) {
        case "claimed" -> {
          claims.merge(id, 1, Integer::sum);
          held = id;
        }
        case "completing" -> ending = true;
        case "completed" -> completed.add(id);
        case "retried", "released" -> explained.merge(id, 1, Integer::sum);
        case "lost" -> {
          explained.merge(id, 1, Integer::sum);
          if (!worker.wasStopped()) {
            complaints.add(worker + " lived, and lost " + id);
          }
        }
        default -> complaints.add(worker + ": " + line);
      }
      if (!Set.of("claimed", "completing").contains(words.get(0))) {
        held = "";
        ending = false;
      }
    }
    if (!held.isEmpty()) {
      explained.merge(held, 1, Integer::sum);
      if (!worker.wasKilled()) {
        complaints.add(worker + " ended with " + held + " in its hands");
      } else if (ending) {
        lastWords.add(held);
      }
    }
  }

  /**
   * Acknowledged = completed + present, and nothing twice or torn; returns the figures.
   *
   * @param present the ids of all jobs that are left
   */
  String requireBalance(Set<String> present) {
    assertEquals(List.of(), complaints, "what should not happen");
    Set<String> done = new TreeSet<>(completed);
    assertEquals(List.copyOf(done), completed.stream().sorted().toList(), "completed twice");

    Set<String> all = new TreeSet<>(acknowledged);
    all.addAll(claims.keySet());
    all.addAll(present);
    Set<String> unasked = new TreeSet<>(all);
    unasked.removeAll(acknowledged);
    unasked.removeIf(id -> killedProducers.contains(pidIn(id)));
    assertEquals(Set.of(), unasked, "there, though no producer was killed while it handed it in");

    Set<String> silent = new TreeSet<>(lastWords); // done by who was killed before saying so
    silent.removeAll(done);
    silent.removeAll(present);
    Set<String> lost = new TreeSet<>(all);
    lost.removeAll(done);
    lost.removeAll(silent);
    lost.removeAll(present);
    assertEquals(Set.of(), lost, "lost");
    Set<String> undead = new TreeSet<>(done);
    undead.retainAll(present);
    assertEquals(Set.of(), undead, "completed, and there in spite of it");
    requireRepetitionsExplained(done);
    return ("%d acknowledged + %d not, as their producer was killed first = %d completed"
            + " + %d ended by a worker that was killed before it could say so"
            + " + %d present; %d handled again")
        .formatted(
            acknowledged.size(),
            all.size() - acknowledged.size(),
            done.size(),
            silent.size(),
            present.size(),
            claims.values().stream().filter(times -> times > 1).count());
  }

  /** Each claim but the last was given back, or its holder was killed or stopped. */
  private void requireRepetitionsExplained(Set<String> done) {
    Map<String, String> unexplained = new TreeMap<>();
    claims.forEach(
        (id, times) -> {
          int ended = done.contains(id) ? 1 : 0;
          if (times != ended + explained.getOrDefault(id, 0)) {
            unexplained.put(id, times + " claims, " + explained.getOrDefault(id, 0) + " explained");
          }
        });
    assertEquals(Map.of(), unexplained, "handled again, and nobody knows why");
  }

  private static long pidIn(String id) {
    Matcher matcher = PID.matcher(id);
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
  }
}
