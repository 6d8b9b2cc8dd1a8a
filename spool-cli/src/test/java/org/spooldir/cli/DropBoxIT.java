package org.spooldir.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.spooldir.cli.DropBox.MEMBER;
import static org.spooldir.cli.DropBox.OTHER_MEMBER;
import static org.spooldir.cli.DropBox.OWNER;
import static org.spooldir.cli.DropBox.STRANGER;
import static org.spooldir.cli.SpoolCommand.shell;
import static org.spooldir.cli.SpoolCommand.spool;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spooldir.Claim;
import org.spooldir.Spool;
import org.spooldir.fs.DirectorySpool;

/** A drop box, with users who are really others. */
class DropBoxIT {

  @TempDir Path directory;
  private DropBox dropBox;
  private Path box;

  @BeforeEach
  void make() {
    dropBox = DropBox.in(directory);
    box = dropBox.root();
  }

  private static SpoolCommand shellIn(Path directory, String line) {
    return shell("cd " + directory + " && " + line);
  }

  private String ownerSees(String where) {
    return dropBox.names(where);
  }

  /** Completes all jobs, and prints their payloads. */
  static final class Worker {

    private Worker() {}

    public static void main(String[] arguments) throws IOException {
      try (Spool spool = DirectorySpool.open(Path.of(arguments[0]))) {
        for (Optional<Claim> next = spool.claim(); next.isPresent(); next = spool.claim()) {
          System.out.print(next.get().payload().text());
          next.get().complete();
        }
      }
    }
  }

  private String work() {
    Path module = SpoolCommand.LAUNCHER.resolveSibling("spool-cli/target");
    String classes = module + "/lib/*:" + module + "/test-classes";
    return shell(
            "exec \"$JAVA_HOME/bin/java\" -cp '" + classes + "' '" + workerClass() + "' " + box)
        .under(OWNER)
        .run()
        .ok()
        .out();
  }

  private static String workerClass() {
    return Worker.class.getName();
  }

  @Test
  void modesAreThoseOfADropBoxWhateverTheUmask() {
    String modes = "stat -c '%a %n' . tmp new cur delayed held failed done errors workers keys";
    assertEquals(
        """
        710 .
        3730 tmp
        3730 new
        700 cur
        700 delayed
        700 held
        700 failed
        700 done
        700 errors
        700 workers
        700 keys
        640 spool.format
        """,
        shellIn(box, modes + " spool.format").run().ok().out());
    assertEquals(
        "spool 1 reserve=0 access=dropbox\n", shellIn(box, "cat spool.format").run().ok().out());
  }

  @Test
  void aMemberPutsAndTheOwnersWorkerCompletes() {
    shell("umask 077; echo mine | spool put " + box).under(MEMBER).run().ok();
    assertEquals("640 42421 42424\n", shellIn(box, "stat -c '%a %u %g' new/*").run().ok().out());
    shell("umask 000; echo his | spool put --attr a=b " + box).under(OTHER_MEMBER).run().ok();
    shell("echo own | spool put --key k --delay 1ms " + box).under(OWNER).run().ok();
    shell(
            "umask 077; cd "
                + box
                + "; job=$(date +%s).$$.shell; echo shell > tmp/$job;"
                + " chmod 640 tmp/$job; mv tmp/$job new/; sync new/$job")
        .under(MEMBER)
        .run()
        .ok();
    List<String> payloads = work().lines().sorted().toList();
    assertEquals(List.of("his", "mine", "own", "shell"), payloads);
    assertEquals("", ownerSees("tmp new cur failed delayed").replaceAll("(?m)^(\\w+:)?\n", ""));
  }

  @Test
  void manyJobsGoIn() {
    byte[] lines =
        String.join("\n", IntStream.range(0, 200).mapToObj(i -> "job" + i).toList())
            .getBytes(UTF_8);
    SpoolCommand put = spool("put", box, "--each-line").input(lines).under(MEMBER);
    assertEquals(200, put.under("prlimit", "--nofile=256").run().ok().lines().size());
    assertEquals(200, ownerSees("new").lines().count());
  }

  @Test
  void aMemberCanNeitherListNorRemoveNorReplaceTheJobsOfOthers() {
    spool("put", box).input("mine\n").under(MEMBER).run().ok();
    String job = box + "/new/" + ownerSees("new").strip();
    for (String forbidden :
        List.of(
            "ls " + box,
            "ls " + box + "/new",
            "ls " + box + "/tmp",
            "cat " + box + "/new/*",
            "rm -f " + job,
            "mv " + job + " " + box + "/new/x",
            "mv " + job + " " + box + "/tmp/x",
            "echo forged > " + job,
            "echo forged > "
                + box
                + "/tmp/x && chmod 640 "
                + box
                + "/tmp/x && mv -f "
                + box
                + "/tmp/x "
                + job,
            "chmod 600 " + job,
            "ls " + box + "/cur",
            "echo x > " + box + "/delayed/x",
            "echo x > " + box + "/x",
            "rmdir " + box + "/tmp",
            "mv " + box + "/tmp " + box + "/t")) {
      assertFalse(shell(forbidden).under(OTHER_MEMBER).run().code() == 0, forbidden);
    }
    assertEquals("mine\n", work());
  }

  @Test
  void aMemberWhoWantsMoreIsToldSoInOneLine() {
    for (List<String> more :
        List.of(
            List.of("put", "--key", "k"),
            List.of("put", "--delay", "5m"),
            List.of("recover"),
            List.of("purge", "--state", "done", "--older-than", "1d"))) {
      List<String> words = new ArrayList<>(more);
      words.add(1, box.toString());
      SpoolCommand.Result result = spool(words.toArray()).input("x").under(MEMBER).run();
      String err = result.failsWith(ExitCode.NO_PERMISSION).err();
      assertTrue(err.contains("owner of this drop box"), err);
      assertEquals(1, errors(err).size(), err);
    }
    assertEquals("", ownerSees("tmp") + ownerSees("new") + ownerSees("keys"));
  }

  /** Without the warning about the file system of the test. */
  private static List<String> errors(String err) {
    return err.lines().filter(line -> !line.contains("rename that was not forced")).toList();
  }

  @Test
  void whoIsNoMemberHasNoPermission() {
    SpoolCommand.Result result = spool("put", box).input("x").under(STRANGER).run();
    String err = result.failsWith(ExitCode.NO_PERMISSION).err();
    assertTrue(err.contains("permission denied"), err);
    assertEquals(1, err.lines().count(), err);
    assertEquals("", ownerSees("tmp") + ownerSees("new"));
  }

  @Test
  void aMembersJobIsForcedOnceMoreAfterTheRename() {
    String trace = directory.resolve("trace").toString();
    assumeTrue(
        shell("strace -o " + trace + " true").run().code() == 0,
        "no strace here, or it may not trace: apt-get install strace");
    spool("put", box)
        .input("x")
        .under(MEMBER)
        .under("strace", "-f", "-o", trace, "-e", "trace=fsync,/^rename")
        .run()
        .ok();
    List<String> calls =
        shell("grep -o 'fsync([0-9]*) *= 0\\|rename.*/new/.*= 0' " + trace).run().ok().lines();
    assertEquals(3, calls.size(), calls.toString());
    assertTrue(calls.get(0).startsWith("fsync("), calls.toString());
    assertTrue(calls.get(1).startsWith("rename"), calls.toString());
    assertEquals(calls.get(0), calls.get(2)); // of the same descriptor
  }
}
