package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.JobState;
import org.spooldir.SpoolMaintenance;
import org.spooldir.fs.Evidence.Section;

/** An operator comes to a disk that is full, and makes room. Needs root. */
@Tag("privileged")
final class FullForOperatorsTest extends MountedImage {

  private static final int JOBS = 50;

  @ParameterizedTest
  @ValueSource(strings = {"bytes", "inodes"})
  void onAFullDiskOperatorsRecoverHoldDiscardAndPurge(String what) throws Exception {
    if (what.equals("bytes")) {
      mount("mkfs.ext4", "-q", "-F");
    } else {
      mount("mkfs.ext4", "-q", "-F", "-N", "2000");
    }
    Path root = mount.resolve("spool");
    try (DirectorySpool spool = DirectorySpool.create(root, SpoolOptions.DEFAULTS)) {
      for (int i = 0; i < JOBS; i++) {
        spool.enqueue(Job.of("job " + i));
      }
      spool.claim().orElseThrow().reject("never");
      spool.claim().orElseThrow().reject("never");
    }
    Path ready = root.resolve("new");
    Path claimed;
    try (var listing = Files.list(ready)) {
      claimed = listing.sorted().findFirst().orElseThrow();
    }
    Files.move(
        claimed, root.resolve("cur/" + claimed.getFileName() + ":2,,a=1,t=1767225600000,w=dead.1"));
    Ballast ballast = Ballast.on(mount);
    if (what.equals("bytes")) {
      ballast.ofBytes();
    } else {
      ballast.ofInodes();
    }
    try (DirectorySpool spool = DirectorySpool.open(root)) {
      SpoolMaintenance operator = spool.maintenance();
      assertEquals(1, operator.recover().recovered());
      List<JobId> jobs = Aftermath.ids(spool, JobState.READY);
      assertEquals(JOBS - 2, jobs.size());
      assertEquals(jobs, operator.hold(jobs).changed());
      List<JobId> dead = Aftermath.ids(spool, JobState.FAILED).subList(0, 1);
      assertEquals(dead, operator.discard(dead).changed());
      assertEquals(1, operator.purge(JobState.FAILED, Duration.ZERO));
    }
    Evidence.of(Section.FULL_AND_FAILING, "an operator comes to a full disk, no " + what + " free")
        .row(
            "recover, hold of " + (JOBS - 2) + " jobs, discard, purge",
            "each is done; they may take the reserve",
            "each was done");
  }
}
