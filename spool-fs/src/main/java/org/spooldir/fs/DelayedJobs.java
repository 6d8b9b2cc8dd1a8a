package org.spooldir.fs;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * R4: due entries of {@code delayed/} become ready. Remembers when the next one is due, so that a
 * million entries are listed only when one of them is, or now and then because a hint may have been
 * missed.
 */
final class DelayedJobs {

  /** Half a percent of the time: the collector beside a long listing takes as much again. */
  private static final int COST = 200;

  private final FileOps ops;
  private final SpoolLayout layout;
  private final Syncs syncs;
  private final Reserve reserve;
  private final UniqueNames names;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final Pace pace;
  private long nextDue = Long.MAX_VALUE;

  DelayedJobs(Site site) {
    this.ops = site.ops();
    this.layout = site.layout();
    this.syncs = site.syncs();
    this.reserve = site.reserve();
    this.names = site.names();
    this.clock = site.clock();
    this.nanoTime = site.nanoTime();
    this.pace = new Pace(nanoTime, site.options().poll(), COST);
  }

  /** An entry arrived in {@code delayed/}. */
  synchronized void arrived(EntryName name) {
    nextDue = Math.min(nextDue, Math.max(name.due(), 0));
  }

  /** How long until the next one is due, as far as is known; never longer than asked. */
  synchronized Duration untilDue(Duration atMost) {
    long millis = Math.max(nextDue - clock.millis(), 0);
    return millis < atMost.toMillis() ? Duration.ofMillis(millis) : atMost;
  }

  /** The next call looks at all of them. */
  synchronized void hasten() {
    pace.hasten();
  }

  /** Makes ready what is due, if anything is or may be. */
  synchronized long promoteDue() throws IOException {
    if (!isAnyDue() && !pace.isDue()) {
      return 0;
    }
    long start = nanoTime.getAsLong();
    long now = clock.millis();
    nextDue = Long.MAX_VALUE;
    long promoted;
    try {
      promoted = ops.forEach(layout.delayed(), file -> promote(file, now));
    } finally {
      pace.done(start);
    }
    if (promoted > 0) {
      syncs.moved(layout.ready(), layout.delayed());
    }
    return promoted;
  }

  private boolean isAnyDue() {
    return nextDue < Long.MAX_VALUE && nextDue <= clock.millis(); // a clock is not free
  }

  private boolean promote(Path file, long now) throws IOException {
    EntryName name = layout.nameOf(file);
    if (name.isHidden()) {
      return false;
    }
    if (name.due() > now) {
      nextDue = Math.min(nextDue, name.due());
      return false;
    }
    EntryName ready = name.adopted(names.next()).unclaimed();
    // RACE: if another worker promoted it first, it is gone, and that is as good.
    reserve.spend(() -> ops.rename(file, FileNames.in(layout.ready(), ready.text())));
    return true;
  }
}
