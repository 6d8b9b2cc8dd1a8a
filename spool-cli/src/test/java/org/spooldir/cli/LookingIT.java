package org.spooldir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.spooldir.cli.SpoolCommand.shell;
import static org.spooldir.cli.SpoolCommand.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.spooldir.JobState;

/** Looking changes nothing, needs little permission, and goes on while jobs move. */
class LookingIT extends SampleScene {

  @Test
  void lookingChangesNothing() {
    String state = "cd " + root + " && find . -printf '%p %i %s %m %n %T@ %C@\\n' | sort";
    String before = shell(state).run().ok().out();
    String failed = sample.id(JobState.FAILED);
    spool("ls", root).run().ok();
    spool("ls", root, "--failed-with", "x", "--json").run().ok();
    for (String part : List.of("--json", "--payload", "--headers", "--errors")) {
      spool("show", root, failed, part).run().ok();
    }
    spool("show", root, failed).run().ok();
    assertEquals(before, shell(state).run().ok().out());
  }

  /** Lets others read what stands in these directories; returns how to be one of them. */
  private String[] open(String... directories) {
    StringBuilder line = new StringBuilder("cd " + root + " && chmod o+rx .. .");
    for (String each : directories) {
      line.append(" && chmod -R o+rX ").append(each);
    }
    shell(line.toString()).run().ok();
    return OtherUser.nobody();
  }

  @Test
  void whoMayReadMayLook() {
    String[] nobody = open("spool.format", "new", "cur", "delayed", "held", "failed", "errors");
    assertEquals(6, spool("ls", root).under(nobody).run().ok().lines().size());
    String failed = sample.id(JobState.FAILED);
    String out = spool("show", root, failed).under(nobody).run().ok().out();
    assertTrue(out.contains("thumbnail-42") && out.contains("connection refused"), out);
    assertEquals(
        "one\ntwo\n", spool("show", root, failed, "--payload").under(nobody).run().ok().out());
  }

  @Test
  void whatMayNotBeReadIsSaidAndTheRestIsShown() {
    String[] nobody = open("spool.format", "new", "cur", "delayed", "failed");
    shell("chmod o-r " + root + "/new/*").run().ok();
    SpoolCommand.Result listed = spool("ls", root).under(nobody).run();
    assertEquals(5, listed.failsWith(ExitCode.NO_PERMISSION).lines().size());
    assertTrue(listed.err().contains("/held: permission denied"), listed.err());
    assertTrue(listed.err().contains("no failures are shown"), listed.err());
    spool("ls", root, "failed").under(nobody).run().ok();
    spool("ls", root, "failed", "--failed-with", "x")
        .under(nobody)
        .run()
        .failsWith(ExitCode.NO_PERMISSION);
    String failed = sample.id(JobState.FAILED);
    SpoolCommand.Result shown = spool("show", root, failed).under(nobody).run().ok();
    assertTrue(shown.out().contains("thumbnail-42"), shown.out());
    assertTrue(shown.err().contains("no failures"), shown.err());
    spool("show", root, failed, "--errors").under(nobody).run().failsWith(ExitCode.NO_PERMISSION);
    String ready = sample.id(JobState.READY);
    shown = spool("show", root, ready, "--json").under(nobody).run().ok();
    assertTrue(shown.out().contains("\"priority\":7"), shown.out());
    assertTrue(shown.err().contains("no attributes"), shown.err());
    spool("show", root, ready, "--payload").under(nobody).run().failsWith(ExitCode.NO_PERMISSION);
    spool("show", root, sample.id(JobState.HELD))
        .under(nobody)
        .run()
        .failsWith(ExitCode.NO_PERMISSION);
  }

  @Test
  void jobsMayMoveAllTheTime() throws Exception {
    String wanderer = SampleSpool.name(1_700_000_000L, 1, "");
    AtomicBoolean stop = new AtomicBoolean();
    ExecutorService mover = Executors.newSingleThreadExecutor();
    try {
      Future<Long> moves = mover.submit(() -> move(wanderer, stop));
      for (int i = 0; i < 4; i++) {
        List<String> lines = spool("ls", root, "--failed-with", "o").run().ok().lines();
        assertTrue(lines.size() >= 3, lines::toString);
        spool("ls", root, "--json").run().ok();
        for (String part : List.of("--payload", "--errors", "--headers", "--json")) {
          SpoolCommand.Result shown = spool("show", root, wanderer, part).run();
          if (shown.code() != ExitCode.OK) {
            assertTrue(shown.failsWith(ExitCode.NO_INPUT).err().contains("no such job"));
          }
        }
      }
      stop.set(true);
      assertTrue(moves.get() > 0, "it moved");
    } finally {
      mover.shutdownNow();
    }
  }

  /** A job goes through all states, ends, and comes back, with its log. */
  private long move(String name, AtomicBoolean stop) throws IOException {
    long moves = 0;
    while (!stop.get()) {
      Path log = root.resolve("errors").resolve(name + ".log");
      Path at = sample.deliver("tmp", name + ",S=5", "hello");
      for (String state : List.of("new", "cur", "failed", "held", "delayed", "new", "cur")) {
        at = Files.move(at, root.resolve(state).resolve(name + ",S=5:2,,a=1"));
        Files.writeString(log, "no\n");
        moves++;
      }
      Files.delete(log);
      Files.delete(at);
    }
    return moves;
  }
}
