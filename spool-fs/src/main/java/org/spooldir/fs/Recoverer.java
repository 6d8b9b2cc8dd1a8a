package org.spooldir.fs;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.spooldir.RecoveryReport;

/**
 * R0 to R5: brings back what dead workers had, and keeps house. Any number of recoverers may be at
 * work; each step is one rename or unlink of an exact name, and whoever is late finds nothing to
 * do.
 */
final class Recoverer {

  /** Looking through {@code cur/} may take this part of the time: one percent. */
  private static final int COST = 100;

  private static final Duration SWEEP = Duration.ofHours(1);

  private final FileOps ops;
  private final SpoolLayout layout;
  private final Syncs syncs;
  private final Reserve reserve;
  private final UniqueNames names;
  private final Copies copies;
  private final DeadWorkers deadWorkers;
  private final DelayedJobs delayed;
  private final Sweeper sweeper;
  private final LongSupplier nanoTime;
  private final Duration lease;
  private final boolean thorough;
  private final Pace claimedPace;
  private final Pace sweepPace;

  Recoverer(
      Site site, DeadWorkers deadWorkers, DelayedJobs delayed, Sweeper sweeper, boolean thorough) {
    this.ops = site.ops();
    this.layout = site.layout();
    this.syncs = site.syncs();
    this.reserve = site.reserve();
    this.names = site.names();
    this.copies = new Copies(site);
    this.deadWorkers = deadWorkers;
    this.delayed = delayed;
    this.sweeper = sweeper;
    this.nanoTime = site.nanoTime();
    this.lease = site.options().lease();
    this.thorough = thorough;
    this.claimedPace = new Pace(nanoTime, lease.dividedBy(3), COST);
    this.sweepPace = new Pace(nanoTime, SWEEP, COST);
  }

  /** Does all of it, now. */
  synchronized RecoveryReport recover(Presence.Beat beat) throws IOException {
    claimedPace.hasten();
    sweepPace.hasten();
    delayed.hasten();
    return recoverWhatIsDue(beat, beat::time, true);
  }

  /**
   * Does what is due: R1 each time, the rest now and then.
   *
   * @param beat when this process gave its own sign of life, if it did so a moment ago: by that
   *     clock others are found silent (R2)
   * @param time the clock of the file system, as well as is known
   */
  synchronized RecoveryReport recoverWhatIsDue(
      Presence.@Nullable Beat beat, FileSystemClock.Reading time) throws IOException {
    return recoverWhatIsDue(beat, time, false);
  }

  private RecoveryReport recoverWhatIsDue(
      Presence.@Nullable Beat beat, FileSystemClock.Reading time, boolean asked)
      throws IOException {
    Tally tally = new Tally();
    List<Part> parts =
        List.of(
            () -> tally.dead.addAll(deadWorkers.declareGone()),
            () ->
                tally.dead.addAll(
                    beat == null ? List.of() : deadWorkers.declareSilent(beat, asked)),
            // First, because a rename onto a second name of the same file does nothing.
            () -> sweep(tally, time, asked || thorough), // R3, R5
            () -> bringBack(tally, time),
            () -> tally.promoted += delayed.promoteDue());
    IOException failure = null;
    for (Part part : parts) {
      try {
        part.run();
      } catch (IOException e) {
        failure = failure == null ? e : failure; // what fails in one keeps the others from nothing
      }
    }
    if (failure != null) {
      throw failure;
    }
    return tally.report();
  }

  private interface Part {
    void run() throws IOException;
  }

  /** What was done so far. */
  private static final class Tally {
    final List<String> dead = new ArrayList<>();
    long recovered;
    long returned;
    long promoted;
    long swept;

    RecoveryReport report() {
      return new RecoveryReport(dead, recovered, returned, promoted, swept);
    }
  }

  /** Brings back the claims without a living worker. */
  private void bringBack(Tally tally, FileSystemClock.Reading time) throws IOException {
    if (tally.dead.isEmpty() && !claimedPace.isDue()) {
      return;
    }
    long start = nanoTime.getAsLong();
    Map<String, Boolean> present = new HashMap<>();
    long back;
    try {
      back = ops.forEach(layout.claimed(), file -> bringBack(file, present, tally, time));
    } finally {
      claimedPace.done(start);
    }
    if (back > 0) {
      syncs.moved(layout.ready(), layout.claimed());
    }
  }

  private boolean bringBack(
      Path file, Map<String, Boolean> present, Tally tally, FileSystemClock.Reading time)
      throws IOException {
    EntryName name = layout.nameOf(file);
    String worker = name.worker();
    boolean stays = worker == null ? !isForgotten(file, time) : isPresent(worker, present);
    if (stays || name.isHidden()) {
      return false;
    }
    EntryName back = name.adopted(names.next()).unclaimed(); // never over a delivery of its name
    // RACE: if it was settled, or another recoverer was faster, it is gone, and that is as good.
    reserve.spend(() -> ops.rename(file, FileNames.in(layout.ready(), back.text())));
    if (worker == null) {
      tally.returned++;
    } else {
      tally.recovered++;
      copies.remove(name);
    }
    return true;
  }

  private void sweep(Tally tally, FileSystemClock.Reading time, boolean thorough)
      throws IOException {
    if (!sweepPace.isDue()) {
      return;
    }
    long start = nanoTime.getAsLong();
    try {
      tally.swept += sweeper.sweep(thorough, time.now());
    } finally {
      sweepPace.done(start);
    }
  }

  /**
   * A worker writes its presence before its first claim, and never again under the same id. So
   * looking for it after a claim of its was seen tells the truth, and "gone" stays true.
   */
  private boolean isPresent(String worker, Map<String, Boolean> known) throws IOException {
    Boolean present = known.get(worker);
    if (present == null) {
      present = exists(worker);
      known.put(worker, present);
    }
    return present;
  }

  private boolean exists(String worker) throws IOException {
    try {
      // What is no regular file was put there by hand, and nobody's beat will ever end it.
      return ops.stat(FileNames.in(layout.workers(), worker)).regular();
    } catch (NoSuchFileException e) {
      return false;
    } catch (IllegalArgumentException e) {
      return false; // a name that no presence can have, so an entry name made by hand
    }
  }

  /**
   * R3: an entry that a mail reader moved to {@code cur/} comes back after a lease; rename sets the
   * ctime, never the mtime.
   */
  private boolean isForgotten(Path file, FileSystemClock.Reading time) throws IOException {
    try {
      return ops.stat(file).regular() && ops.inode(file).changed().plus(lease).isBefore(time.now());
    } catch (NoSuchFileException | UnsupportedOperationException e) {
      return false; // gone, or no way to tell: leave it
    }
  }
}
