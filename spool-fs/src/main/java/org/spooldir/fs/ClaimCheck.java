package org.spooldir.fs;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/** Checks whether an entry of {@code cur/} is in somebody's hands. */
final class ClaimCheck {

  private final SpoolLayout layout;
  private final InstantSource clock;
  private final Findings findings;
  private final WorkerCheck workers;
  private final Duration lease;

  ClaimCheck(Site site, Findings findings, WorkerCheck workers) {
    this.layout = site.layout();
    this.clock = site.clock();
    this.findings = findings;
    this.workers = workers;
    this.lease = site.options().lease();
  }

  void check(Path file, FileOps.Lstat facts) throws IOException {
    String worker = layout.nameOf(file).worker();
    if (worker == null) {
      // A worker gives no name without w=; a mail reader may be about to put it back.
      if (facts.changed().plus(lease).isBefore(clock.instant())) {
        findings.tell(Finding.Kind.NO_CLAIM, file, "its name has no w=");
      }
    } else if (workers.isDead(worker)) {
      // The name is unique per claim: if it is still there after its worker was gone, nobody holds
      // it.
      findings.tell(
          Finding.Kind.DEAD_CLAIM, file, "its worker " + FileNames.escape(worker) + " is dead");
    }
  }
}
