package org.spooldir.fs;

import java.io.IOException;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import org.spooldir.Failure;
import org.spooldir.JobState;

/** D4 without a claim: makes dead letters of damaged jobs that nobody holds. */
final class DamagedJobs {

  private final Site site;
  private final FailureLog log;

  DamagedJobs(Site site) {
    this.site = site;
    this.log = new FailureLog(site.ops(), site.layout());
  }

  /**
   * Notes why, and moves the entry to {@code failed/}, by its exact name.
   *
   * @throws java.nio.file.NoSuchFileException if somebody else was faster
   */
  void moveToFailed(Path file, EntryName name, JobState state, String reason) throws IOException {
    FileOps ops = site.ops();
    SpoolLayout layout = site.layout();
    ops.stat(file); // no note for a job that is gone
    log.append(
        name.id(),
        new Failure(
            site.clock().instant().truncatedTo(ChronoUnit.MILLIS), name.attempts(), "", reason));
    EntryName dead = name.adopted(site.names().next()).unclaimed();
    site.reserve().spend(() -> ops.rename(file, FileNames.in(layout.failed(), dead.text())));
    if (site.options().durability() != Durability.PROCESS) {
      log.force(name.id());
    }
    site.syncs().kept(layout.failed(), layout.of(state));
  }
}
