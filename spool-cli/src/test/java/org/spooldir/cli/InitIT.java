package org.spooldir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.spooldir.cli.SpoolCommand.shell;
import static org.spooldir.cli.SpoolCommand.spool;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.JobState;
import org.spooldir.fs.DirectorySpool;
import org.spooldir.fs.SpoolOptions;

/** {@code spool init}. */
class InitIT {

  @TempDir Path directory;
  private Path spool;

  @BeforeEach
  void nameTheSpool() {
    spool = directory.resolve("spool");
  }

  private String format() throws Exception {
    return Files.readString(spool.resolve("spool.format"));
  }

  @Test
  void makesASpoolAndRefusesToMakeItTwice() throws Exception {
    assertEquals("", spool("init", spool, "--access", "private").run().ok().out());
    assertEquals("spool 1\n", format());
    assertTrue(spool("init", spool).run().failsWith(ExitCode.CONFIG).err().contains("already"));
  }

  @Test
  void reserveAndRetentionAreRememberedForEveryWorker() throws Exception {
    spool("init", spool, "--reserve", "64K", "--retain", "7d").run().ok();
    assertEquals("spool 1 retain=604800 reserve=65536\n", format());
    Path reserve = spool.resolve("spool.reserve");
    assertEquals(65_536, Files.size(reserve));
    Files.delete(reserve);
    try (DirectorySpool opened = DirectorySpool.open(spool, SpoolOptions.DEFAULTS)) {
      opened.enqueue(Job.of("x"));
      opened.claim().orElseThrow().complete();
      opened.maintenance().recover();
      assertEquals(1, opened.inspector().stats().jobs(JobState.DONE));
      assertEquals(65_536, Files.size(reserve));
    }
  }

  @Test
  void theSeparatorIsThatOfAllNames() throws Exception {
    spool("init", spool, "--separator", ";").run().ok();
    assertEquals("spool 1 separator=;\n", format());
    shell("echo x | spool put " + spool + " --delay 1h").run().ok();
    String delayed = shell("ls " + spool + "/delayed").run().ok().out();
    assertTrue(delayed.contains(";2,,u=") && !delayed.contains(":"), delayed);
  }

  @Test
  void aMaildirIsAdoptedWithItsMailAndWhatItIsToRemember() throws Exception {
    shell("mkdir -p spool/tmp spool/new spool/cur && echo hello > spool/new/1795000000.M1P1.mx")
        .in(directory)
        .run()
        .ok();
    assertTrue(
        spool("init", spool).run().failsWith(ExitCode.CONFIG).err().contains("init --maildir"));
    spool("init", spool, "--maildir", "--separator=!", "--reserve", "0").run().ok();
    assertEquals("spool 1 separator=! reserve=0\n", format());
    try (DirectorySpool opened = DirectorySpool.open(spool)) {
      Claim claim = opened.claim().orElseThrow();
      assertEquals("hello\n", claim.payload().text());
      claim.complete();
    }
  }

  @Test
  void whatIsNoMaildirIsNotAdopted() throws Exception {
    Files.createDirectory(spool);
    String err = spool("init", "--maildir", spool).run().failsWith(ExitCode.CONFIG).err();
    assertTrue(err.contains("neither a spool nor a Maildir"), err);
    assertFalse(Files.exists(spool.resolve("tmp")));
  }

  @Test
  void whatCannotBeSetIsSaidBeforeAnythingIsMade() {
    for (String wrong :
        new String[] {
          "--separator=/",
          "--separator=",
          "--separator=;;",
          "--access=public",
          "--retain=week",
          "--retain=-1s",
          "--reserve=lots"
        }) {
      String err = spool("init", spool, wrong).run().failsWith(ExitCode.USAGE).err();
      assertTrue(err.contains(wrong.substring(0, wrong.indexOf('='))), err);
      assertFalse(Files.exists(spool));
    }
  }
}
