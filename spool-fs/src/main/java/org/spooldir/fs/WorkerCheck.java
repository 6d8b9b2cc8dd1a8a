package org.spooldir.fs;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;

/** Checks {@code workers/}: presences without a living process, and silent ones. */
final class WorkerCheck {

  private final FileOps ops;
  private final SpoolLayout layout;
  private final InstantSource clock;
  private final Findings findings;
  private final DeadWorkers deadWorkers;
  private final Set<String> provenGone = new HashSet<>();

  WorkerCheck(Site site, Findings findings, WorkerIdentity self) {
    this.ops = site.ops();
    this.layout = site.layout();
    this.clock = site.clock();
    this.findings = findings;
    this.deadWorkers = new DeadWorkers(site, self, new Presence(site, self));
  }

  void check() throws IOException {
    Listing.each(ops, layout.workers(), findings, this::check);
  }

  private void check(Path presence, FileOps.Lstat facts) throws IOException {
    if (!facts.isRegular()) {
      findings.tell(Finding.Kind.STRANGER, presence, "is " + facts.what());
      return;
    }
    Instant now = clock.instant();
    if (deadWorkers.isProvenGone(presence)) {
      provenGone.add(FileNames.textOf(presence));
      findings.tell(Finding.Kind.DEAD_WORKER, presence, "its process is gone");
    } else if (deadWorkers.believedUntil(presence).isBefore(now)) {
      findings.tell(
          Finding.Kind.SILENT_WORKER,
          presence,
          "no sign of life for %s s"
              .formatted(Duration.between(facts.modified(), now).toSeconds()));
    }
  }

  /**
   * Whether a worker is dead for certain: declared dead, or its process is gone.
   *
   * @param worker as the name of an entry says
   */
  boolean isDead(String worker) throws IOException {
    if (provenGone.contains(worker)) {
      return true;
    }
    try {
      ops.lstat(FileNames.in(layout.workers(), worker));
      return false;
    } catch (NoSuchFileException | IllegalArgumentException e) {
      return true; // the latter: a name that no presence can have
    }
  }
}
