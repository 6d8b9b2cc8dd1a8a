package org.spooldir.fs.process;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.spooldir.fs.process.ChildProcess.Line;
import org.spooldir.fs.process.ChildProcess.Stop;

/** A job in the hands of a child: one claim and what became of it, as far as anybody can tell. */
final class Holding {

  private final Line claimed;
  private final long notBefore;
  private Optional<Line> settling = Optional.empty();
  private Optional<Line> settled = Optional.empty();
  private boolean lost;

  private Holding(Line claimed, long notBefore) {
    this.claimed = claimed;
    this.notBefore = notBefore;
  }

  /** All claims of a child, in their order. */
  static List<Holding> of(ChildProcess child) {
    List<Holding> all = new ArrayList<>();
    Map<String, Holding> current = new HashMap<>();
    Set<List<String>> lostAtOnce = new HashSet<>();
    long before = 0;
    for (Line line : child.journal()) {
      Optional<Holding> holding =
          line.words().isEmpty() ? Optional.empty() : Optional.ofNullable(current.get(line.id()));
      switch (line.act()) {
        case CLAIMED -> {
          Holding made = new Holding(line, before);
          made.lost = lostAtOnce.remove(line.words());
          current.put(line.id(), made);
          all.add(made);
        }
        case SETTLING -> holding.ifPresent(each -> each.settling = Optional.of(line));
        case SETTLED -> holding.ifPresent(each -> each.settled = Optional.of(line));
        case LATE -> holding.ifPresent(each -> each.lost = true);
        case LOST -> {
          // The listener may be told before the claim is in the hands of whoever made it.
          if (holding.isEmpty() || holding.get().isOver()) {
            lostAtOnce.add(line.words());
          }
          holding.ifPresent(each -> each.lost = true);
        }
        default -> {}
      }
      if (line.act() != Act.LOST && line.act() != Act.TROUBLE) { // they come from the background
        before = line.at();
      }
    }
    return all;
  }

  private boolean isOver() {
    return settled.isPresent() || lost;
  }

  String id() {
    return claimed.id();
  }

  /** The claim was made after this. */
  long notBefore() {
    return notBefore;
  }

  /** The job was held for certain from then on, if at all. */
  long from() {
    return claimed.at();
  }

  /**
   * Until when it was held for certain: until its settlement began; or until the child was killed;
   * or until a stop had lasted so long that it may have been believed dead. Before {@link #from} if
   * nothing is certain.
   */
  long until(Duration lease) {
    long until = settling.map(Line::at).orElse(child().wasKilled() ? child().killedAt() : from());
    if (settled.isEmpty()) {
      for (Stop stop : child().stops()) {
        if (outlasts(stop, lease) && stop.to() + mostlyOver(lease) >= notBefore) {
          until = Math.min(until, stop.from() + mostlyOver(lease));
        }
      }
    }
    return until;
  }

  /** Whether it ended, or will, without a reason for anybody to claim the job again. */
  boolean isFinal() {
    return settled.isPresent()
        ? settled.get().words().get(2).equals("COMPLETED")
        : !lost && !child().wasKilled();
  }

  private ChildProcess child() {
    return claimed.child();
  }

  /** Whether a child that writes this had been stopped for so long that it lost its claims. */
  static boolean followsLongStop(Line lost, Duration lease) {
    return lost.child().stops().stream()
        .anyMatch(
            stop ->
                outlasts(stop, lease)
                    && stop.from() + mostlyOver(lease) <= lost.at()
                    // It learns of it with its next beat, a third of the lease later at most.
                    && lost.at() <= stop.to() + lease.toNanos());
  }

  private static boolean outlasts(Stop stop, Duration lease) {
    return stop.to() - stop.from() >= mostlyOver(lease);
  }

  /**
   * A child is believed dead a lease after its last beat, and that was up to a third of the lease
   * before it was stopped, or a little more on a busy machine.
   */
  private static long mostlyOver(Duration lease) {
    return lease.toNanos() / 2;
  }
}
