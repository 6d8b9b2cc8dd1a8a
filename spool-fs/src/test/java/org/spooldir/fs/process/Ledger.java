package org.spooldir.fs.process;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.spooldir.fs.process.ChildProcess.Line;

/** What all children together wrote down, and whether that keeps the promise. */
final class Ledger {

  private final Map<String, List<Line>> jobs = new LinkedHashMap<>();
  private final List<Line> complaints = new ArrayList<>();

  /** Reads the journals of children that have ended. */
  Ledger(Collection<ChildProcess> children) {
    for (ChildProcess child : children) {
      for (Line line : child.journal()) {
        switch (line.act()) {
          case TORN, OVERLAP, TROUBLE, FAILED -> complaints.add(line);
          case READY, NOTHING, RECOVERED, ENDED -> {}
          default -> jobs.computeIfAbsent(line.id(), id -> new ArrayList<>()).add(line);
        }
      }
    }
  }

  private static Stream<Line> of(List<Line> lines, Act act) {
    return lines.stream().filter(line -> line.act() == act);
  }

  private static Stream<Line> completions(List<Line> lines, Act act) {
    return of(lines, act).filter(line -> line.words().get(2).equals("COMPLETED"));
  }

  private Set<String> jobsWhere(Predicate<List<Line>> test) {
    return jobs.entrySet().stream()
        .filter(job -> test.test(job.getValue()))
        .map(Map.Entry::getKey)
        .collect(toCollection(TreeSet::new));
  }

  // ---- what happened ----

  /** Jobs whose enqueue returned. */
  int acknowledged() {
    return jobsWhere(lines -> of(lines, Act.ENQUEUED).findAny().isPresent()).size();
  }

  /** Jobs whose completion returned. */
  int completed() {
    return jobsWhere(lines -> completions(lines, Act.SETTLED).findAny().isPresent()).size();
  }

  /** Jobs that are done, though the child that completed them was killed before it could say so. */
  int completedInSilence() {
    return jobsWhere(
            lines ->
                completions(lines, Act.SETTLED).findAny().isEmpty()
                    && completions(lines, Act.SETTLING).anyMatch(line -> line.child().wasKilled()))
        .size();
  }

  /** Jobs that were handled more than once. */
  int handledAgain() {
    return jobsWhere(lines -> of(lines, Act.VERIFIED).count() > 1).size();
  }

  /** The names of all payloads that were found whole. */
  Set<String> verifiedPayloads() {
    return jobs.values().stream()
        .flatMap(lines -> of(lines, Act.VERIFIED))
        .map(line -> line.words().get(1))
        .collect(toCollection(TreeSet::new));
  }

  /** Claims that were found lost by children of this kind. */
  long lost(Predicate<ChildProcess> kind) {
    return jobs.values().stream()
        .flatMap(lines -> of(lines, Act.LOST))
        .filter(line -> kind.test(line.child()))
        .count();
  }

  // ---- what was promised ----

  /** No child met a torn payload, an overlap of keys, or anything else that should not happen. */
  void requireNoComplaints() {
    assertEquals(List.of(), complaints);
  }

  /**
   * Every acknowledged job was completed. To be asked when the spool is empty: then a job whose
   * last words are those of a child that was killed while it completed it is done as well.
   */
  void requireNothingLost() {
    assertEquals(
        Set.of(),
        jobsWhere(
            lines ->
                of(lines, Act.ENQUEUED).findAny().isPresent()
                    && completions(lines, Act.SETTLED).findAny().isEmpty()
                    && completions(lines, Act.SETTLING).noneMatch(l -> l.child().wasKilled())),
        "acknowledged and never completed");
  }

  /** No completion returned twice: whoever is late is told. */
  void requireNothingCompletedTwice() {
    assertEquals(
        Set.of(),
        jobsWhere(lines -> completions(lines, Act.SETTLED).count() > 1),
        "completed more than once");
  }

  /** A job was handled again only after a claim that ended without completing it. */
  void requireRepetitionsExplained() {
    assertEquals(
        Set.of(), jobsWhere(lines -> !isExplained(lines)), "handled again, and nobody knows why");
  }

  /** All claims but one ended: given back, found lost, or with the life of their child. */
  private static boolean isExplained(List<Line> job) {
    Map<ChildProcess, List<Line>> byChild = job.stream().collect(groupingBy(Line::child));
    long open = 0;
    for (Map.Entry<ChildProcess, List<Line>> entry : byChild.entrySet()) {
      List<Line> lines = entry.getValue();
      long givenBack = of(lines, Act.SETTLED).count() - completions(lines, Act.SETTLED).count();
      long ended = givenBack + of(lines, Act.LOST).count() + (entry.getKey().wasKilled() ? 1 : 0);
      open += Math.max(0, of(lines, Act.CLAIMED).count() - ended);
    }
    return open <= 1;
  }

  /** Every job was claimed once. */
  void requireEachClaimedOnce() {
    assertEquals(
        Set.of(),
        jobsWhere(lines -> of(lines, Act.CLAIMED).count() != 1),
        "not claimed exactly once");
  }
}
