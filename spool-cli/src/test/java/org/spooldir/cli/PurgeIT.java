package org.spooldir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.spooldir.cli.SpoolCommand.spool;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.spooldir.JobState;

/** {@code spool purge} and {@code spool recover}: house-keeping. */
class PurgeIT extends JobsScene {

  @Test
  void purgeDeletesWhatHasBeenInThatStateForSoLong() throws Exception {
    jobs.files("failed", LONG_AGO, 2); // handed in long ago, failed just now
    jobs.files("done", LONG_AGO, 3);
    assertEquals("0 purged\n", purge("failed", "1h").run().ok().out());
    assertEquals("0 purged\n", purge("failed", "999999999999w").run().ok().out());
    assertEquals("2 purged\n", purge("failed", "0s").run().ok().out());
    assertEquals(0, jobs.count(JobState.FAILED));
    assertEquals(3, jobs.count(JobState.DONE));
    assertEquals("3 purged\n", purge("done", "0s").run().ok().out());
  }

  private SpoolCommand purge(String state, String olderThan) {
    return spool("purge", directory, "--state", state, "--older-than", olderThan);
  }

  @Test
  void purgeWantsToKnowWhatAndHowOld() throws Exception {
    jobs.files("failed", LONG_AGO, 1);
    String err = spool("purge", directory, "--state", "failed").run().failsWith(64).err();
    assertTrue(err.contains("--older-than is missing"), err);
    err = spool("purge", directory, "--older-than", "0s").run().failsWith(64).err();
    assertTrue(err.contains("--state is missing"), err);
    err = purge("held", "0s").run().failsWith(64).err();
    assertTrue(err.contains("failed or done"), err);
    purge("failed", "soon").run().failsWith(64);
    assertEquals(1, jobs.count(JobState.FAILED));
  }

  @Test
  void recoverBringsBackAndSaysWhatItDid() throws Exception {
    assertEquals("nothing to recover\n", spool("recover", directory).run().ok().out());
    String claimed = jobs.files("tmp", LONG_AGO, 1).get(0);
    Files.move(
        directory.resolve("tmp").resolve(claimed + ",S=0"),
        directory.resolve("cur").resolve(claimed + ",S=0:2,,a=1,t=1,w=web1.7.x.1"));
    jobs.file("delayed", "1763679600.M000009P7Q9R0000000000000009.host,S=0:2,,u=1");
    Path presence = Files.createFile(directory.resolve("workers/web1.7.x"));
    Path log = Files.createFile(directory.resolve("errors/nobody.log"));
    for (Path old : List.of(presence, log)) {
      Files.setLastModifiedTime(old, FileTime.from(LONG_AGO));
    }
    assertEquals(
        List.of(
            "declared dead: worker web1.7.x",
            "1 job of dead workers made ready again",
            "1 job whose time has come made ready",
            "1 file that nothing needs any more cleared away"),
        spool("recover", directory).run().ok().lines());
    assertEquals(2, jobs.count(JobState.READY));
    assertFalse(Files.exists(presence) || Files.exists(log));
  }
}
