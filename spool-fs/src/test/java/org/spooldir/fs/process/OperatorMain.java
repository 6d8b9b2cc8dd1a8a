package org.spooldir.fs.process;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.spooldir.JobId;
import org.spooldir.JobRecord;
import org.spooldir.JobSnapshot;
import org.spooldir.JobState;
import org.spooldir.SpoolException;
import org.spooldir.SpoolInspector;
import org.spooldir.SpoolMaintenance;

/**
 * A child that looks at jobs and moves them along: holds, unholds, requeues, makes ready, and now
 * and then discards one, which it writes down before and after.
 */
final class OperatorMain {

  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final Set<JobState> WAITING =
      EnumSet.of(JobState.READY, JobState.DELAYED, JobState.HELD, JobState.FAILED);
  private static final int SOME = 5;

  private final Child child;
  private final SplittableRandom random;
  private final SpoolInspector inspector;
  private final SpoolMaintenance maintenance;

  private OperatorMain(Child child) {
    this.child = child;
    this.random = child.random();
    this.inspector = child.spool().inspector();
    this.maintenance = child.spool().maintenance();
  }

  public static void main(String[] args) throws SpoolException {
    Child.live(
        args,
        child -> {
          child.heedParent();
          OperatorMain operator = new OperatorMain(child);
          while (child.goesOnAfter(PAUSE)) {
            operator.act();
          }
        });
  }

  private void act() throws IOException {
    switch (random.nextInt(8)) {
      case 0 -> look();
      case 1, 2 -> tell("hold", maintenance.hold(some(JobState.READY)).changed());
      case 3, 4 -> tell("unhold", maintenance.unhold(some(JobState.HELD)).changed());
      case 5 ->
          tell(
              "requeue",
              maintenance.requeue(some(JobState.FAILED), Set.of(JobState.FAILED)).changed());
      case 6 -> tell("retryNow", maintenance.retryNow(some(JobState.DELAYED)).changed());
      default -> discard();
    }
  }

  private void tell(String what, List<JobId> jobs) {
    child.write(Act.MOVED, what, jobs.size());
  }

  private void look() throws IOException {
    inspector.stats();
    for (JobId id : some(JobState.READY)) {
      Optional<JobRecord> record = inspector.read(id);
      if (record.isPresent()) {
        inspector.failures(id);
      }
    }
  }

  private void discard() throws SpoolException {
    for (JobId id : some(random.nextInt(3) == 0 ? JobState.FAILED : JobState.HELD)) {
      child.write(Act.DISCARDING, id);
      boolean gone = maintenance.discard(List.of(id), WAITING).changed().contains(id);
      child.write(gone ? Act.DISCARDED : Act.SPARED, id);
    }
  }

  /** Up to a few jobs in a state, drawn from all of them. */
  private List<JobId> some(JobState state) throws SpoolException {
    List<JobId> all;
    try (Stream<JobSnapshot> jobs = inspector.list(Set.of(state))) {
      all = new ArrayList<>(jobs.map(JobSnapshot::id).limit(200).toList());
    }
    List<JobId> drawn = new ArrayList<>();
    while (!all.isEmpty() && drawn.size() < SOME) {
      drawn.add(all.remove(random.nextInt(all.size())));
    }
    return drawn;
  }
}
