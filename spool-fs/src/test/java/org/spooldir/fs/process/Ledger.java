package org.spooldir.fs.process;

import static java.util.Comparator.comparingLong;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.spooldir.fs.process.ChildProcess.Line;

/** What all children together wrote down, and whether that keeps the promise. */
final class Ledger {

  /** What a child's is unless it is told another. */
  private static final Duration LEASE = Duration.ofMinutes(1);

  private static final Pattern PID = Pattern.compile("\\d+\\.M\\d+P(\\d+)Q.*");

  private final Duration lease;
  private final List<ChildProcess> children;
  private final Map<String, List<Line>> jobs = new LinkedHashMap<>();
  private final Map<String, List<Holding>> holdings;
  private final List<Line> complaints = new ArrayList<>();

  /** Of children that were killed when they were about to end a job. */
  private final List<Line> lastWords;

  /** Reads the journals of children that have ended, and were not stopped for long. */
  Ledger(Collection<ChildProcess> children) {
    this(children, LEASE);
  }

  /** Reads the journals of children with this lease that have ended. */
  Ledger(Collection<ChildProcess> all, Duration lease) {
    this.lease = lease;
    this.children = List.copyOf(all);
    this.holdings =
        children.stream()
            .flatMap(child -> Holding.of(child).stream())
            .collect(groupingBy(Holding::id));
    this.lastWords =
        children.stream()
            .filter(ChildProcess::wasKilled)
            .flatMap(child -> child.lastWords().stream())
            .filter(Ledger::beginsAnEnd)
            .toList();
    for (ChildProcess child : children) {
      for (Line line : child.journal()) {
        switch (line.act()) {
          case TORN, OVERLAP, TROUBLE, FAILED -> complaints.add(line);
          case READY, REHEARSED, NOTHING, MOVED, TIME, RECOVERED, ENDED -> {}
          default -> jobs.computeIfAbsent(line.id(), id -> new ArrayList<>()).add(line);
        }
      }
    }
  }

  private static boolean beginsAnEnd(Line line) {
    return line.act() == Act.DISCARDING
        || completions(List.of(line), Act.SETTLING).findAny().isPresent();
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
    return jobsWhere(Ledger::isAcknowledged).size();
  }

  private static boolean isAcknowledged(List<Line> lines) {
    return of(lines, Act.ENQUEUED).findAny().isPresent();
  }

  /** Jobs whose completion returned. */
  int completed() {
    return jobsWhere(lines -> completions(lines, Act.SETTLED).findAny().isPresent()).size();
  }

  /** Jobs whose discard returned. */
  int discarded() {
    return jobsWhere(lines -> of(lines, Act.DISCARDED).findAny().isPresent()).size();
  }

  /**
   * Jobs that were ended, but by a child that was killed before it could say so: they are gone, its
   * very last words are that it is about to end them, and nobody had them after that.
   */
  private Set<String> endedInSilence(Set<String> present) {
    return jobsWhere(
        lines ->
            ends(lines).findAny().isEmpty()
                && lastWords.stream()
                    .anyMatch(words -> words.id().equals(lines.get(0).id()) && isTheEnd(words))
                && !present.contains(lines.get(0).id()));
  }

  private boolean isTheEnd(Line words) {
    return holdings.getOrDefault(words.id(), List.of()).stream()
        .noneMatch(holding -> holding.notBefore() > words.at());
  }

  /** Jobs that somebody met, though their enqueue never returned. */
  private Set<String> neverAcknowledged(Set<String> present) {
    Set<String> met = new TreeSet<>(present);
    met.addAll(jobs.keySet());
    met.removeAll(jobsWhere(Ledger::isAcknowledged));
    return met;
  }

  /** The equation that must come out even, in words. */
  String balance(Set<String> present) {
    return ("%d acknowledged + %d not, as their producer was killed first = %d completed"
            + " + %d discarded + %d ended by a child that was killed before it could say so"
            + " + %d present")
        .formatted(
            acknowledged(),
            neverAcknowledged(present).size(),
            completed(),
            discarded(),
            endedInSilence(present).size(),
            present.size());
  }

  /** Jobs that were handled more than once. */
  int handledAgain() {
    return jobsWhere(lines -> of(lines, Act.VERIFIED).count() > 1).size();
  }

  /** How many claims were found lost. */
  long lost() {
    return jobs.values().stream().flatMap(lines -> of(lines, Act.LOST)).count();
  }

  // ---- what was promised ----

  /** No child met a torn payload, an overlap of keys, or anything else that should not happen. */
  void requireNoComplaints() {
    assertEquals(List.of(), complaints, "what should not happen");
  }

  /** All that follows, when these jobs are what is left. */
  void requireKept(Set<String> present) {
    requireNoComplaints();
    requireAllEndedInOrderOrByAKill();
    requireOnlyTheStoppedLost();
    requireNothingLost(present);
    requireNothingEndedTwice(present);
    requireNothingFromNobody(present);
    requireBalance(present);
    requireOneHolderAtATime();
    requireRepetitionsExplained();
  }

  private void requireAllEndedInOrderOrByAKill() {
    assertEquals(
        List.of(),
        children.stream()
            .filter(child -> !child.wasKilled() && !child.endedInOrder())
            .map(ChildProcess::name)
            .toList(),
        "ended neither in order nor by a kill");
  }

  /** Every acknowledged job was ended. To be asked when the spool is empty. */
  void requireNothingLost() {
    requireNothingLost(Set.of());
  }

  /** Every acknowledged job was completed, was discarded, ended in silence, or is there. */
  private void requireNothingLost(Set<String> present) {
    Set<String> silent = endedInSilence(present);
    assertEquals(
        Set.of(),
        jobsWhere(
            lines ->
                isAcknowledged(lines)
                    && ends(lines).findAny().isEmpty()
                    && !silent.contains(lines.get(0).id())
                    && !present.contains(lines.get(0).id())),
        "lost: acknowledged, never ended, and not there");
  }

  /** No completion and no discard returned after another one: whoever is late is told. */
  void requireNothingEndedTwice() {
    requireNothingEndedTwice(Set.of());
  }

  private void requireNothingEndedTwice(Set<String> present) {
    assertEquals(
        Set.of(),
        jobsWhere(lines -> ends(lines).count() + (present.contains(lines.get(0).id()) ? 1 : 0) > 1),
        "ended more than once, or there in spite of it");
  }

  private static Stream<Line> ends(List<Line> lines) {
    return Stream.concat(completions(lines, Act.SETTLED), of(lines, Act.DISCARDED));
  }

  /** A job that nobody acknowledged is of the last call of a producer that was killed in it. */
  private void requireNothingFromNobody(Set<String> present) {
    assertEquals(
        Set.of(),
        neverAcknowledged(present).stream()
            .filter(id -> children.stream().noneMatch(child -> diedEnqueueing(child, id)))
            .collect(toCollection(TreeSet::new)),
        "there, though no producer was killed while it enqueued it");
  }

  private static boolean diedEnqueueing(ChildProcess child, String id) {
    String own = Long.toString(child.pid());
    return child.wasKilled()
        && own.equals(pidIn(id))
        && of(child.journal(), Act.ENQUEUED)
            .map(Line::id)
            .noneMatch(other -> own.equals(pidIn(other)) && other.compareTo(id) > 0);
  }

  /** Whose process gave the id; ids of one process sort as they were given. */
  private static String pidIn(String id) {
    return PID.matcher(id).replaceFirst("$1");
  }

  /** What came in is what went out and what is there, to the last job. */
  private void requireBalance(Set<String> present) {
    assertEquals(
        acknowledged() + neverAcknowledged(present).size(),
        completed() + discarded() + endedInSilence(present).size() + present.size(),
        () -> "does not come out even: " + balance(present));
  }

  /**
   * Fences hold, and nobody takes a job from the living: of two claims of one job, one was over, or
   * its holder dead or silent for long, before the other was made.
   */
  private void requireOneHolderAtATime() {
    assertEquals(Set.of(), claimedWhere(this::haveOverlap), "two holders at the same time");
  }

  private Set<String> claimedWhere(Predicate<List<Holding>> test) {
    return holdings.entrySet().stream()
        .filter(job -> test.test(job.getValue()))
        .map(Map.Entry::getKey)
        .collect(toCollection(TreeSet::new));
  }

  private boolean haveOverlap(List<Holding> job) {
    List<Holding> sorted =
        job.stream()
            .filter(holding -> holding.until(lease) > holding.from())
            .sorted(comparingLong(Holding::from))
            .toList();
    for (int i = 1; i < sorted.size(); i++) {
      if (sorted.get(i).from() < sorted.get(i - 1).until(lease)) {
        return true;
      }
    }
    return false;
  }

  /**
   * A job was handled again only after a claim that was given back, or whose holder was killed or
   * stopped for long; and never after it was ended.
   */
  void requireRepetitionsExplained() {
    assertEquals(
        Set.of(),
        claimedWhere(job -> job.stream().filter(Holding::isFinal).count() > 1),
        "handled again, and nobody knows why");
    assertEquals(
        Set.of(), claimedWhere(this::wereMadeAfterItsEnd), "claimed after it had been ended");
  }

  /** A claim counts as another attempt only after one that ended with a retry. */
  void requireNoNeedlessAttempts() {
    assertEquals(
        Set.of(),
        jobsWhere(
            lines ->
                !of(lines, Act.SETTLED)
                    .filter(line -> line.words().get(2).equals("RETRIED"))
                    .map(line -> line.attempt() + 1)
                    .collect(toCollection(() -> new TreeSet<>(Set.of(1))))
                    .containsAll(of(lines, Act.CLAIMED).map(Line::attempt).toList())),
        "an attempt was counted without need");
  }

  private boolean wereMadeAfterItsEnd(List<Holding> job) {
    return ends(jobs.getOrDefault(job.get(0).id(), List.of()))
        .anyMatch(end -> job.stream().anyMatch(holding -> holding.notBefore() > end.at()));
  }

  /** No claim was lost but by a child that had been stopped for about a lease. */
  private void requireOnlyTheStoppedLost() {
    assertEquals(
        Set.of(),
        jobsWhere(
            lines -> of(lines, Act.LOST).anyMatch(line -> !Holding.followsLongStop(line, lease))),
        "claims lost by workers that lived");
  }

  /** Every job was claimed once. */
  void requireEachClaimedOnce() {
    assertEquals(
        Set.of(),
        jobsWhere(lines -> of(lines, Act.CLAIMED).count() != 1),
        "not claimed exactly once");
  }

  /** What is wrong, without the jobs for which it is. */
  static String headline(AssertionError judgement) {
    return String.valueOf(judgement.getMessage()).replaceFirst("(?s) ==> .*", "");
  }
}
