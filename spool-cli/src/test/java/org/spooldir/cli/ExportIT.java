package org.spooldir.cli;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.spooldir.cli.SpoolCommand.shell;
import static org.spooldir.cli.SpoolCommand.spool;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.JobState;

/** {@code spool export}. */
class ExportIT extends JobsScene {

  private Path target;

  @BeforeEach
  void name() {
    target = temporary.resolve("out");
  }

  private Set<String> exported() throws IOException {
    try (Stream<Path> files = Files.list(target)) {
      Set<String> names = new TreeSet<>(files.map(file -> file.getFileName().toString()).toList());
      names.remove(Export.LOCK);
      return names;
    }
  }

  @Test
  void everyPayloadIsAFileCalledAsItsJobAndTheSpoolStaysAsItIs() throws Exception {
    byte[] bytes = new byte[300_000];
    new Random(1).nextBytes(bytes);
    JobId large = jobs.spool().enqueue(Job.of(bytes).attribute("n", "v").delay(Patience.LIMIT));
    List<JobId> all = jobs.oneOfEach();
    String before = jobs.tree();
    SpoolCommand.Result result = spool("export", directory, target).run().ok();
    assertTrue(result.err().endsWith("6 exported\n"), result.err());
    Set<String> expected = new TreeSet<>(all.stream().map(JobId::value).toList());
    expected.add(large.value());
    expected.remove(all.get(5).value()); // done
    assertEquals(expected, exported());
    assertEquals(expected, new TreeSet<>(result.lines()));
    assertArrayEquals(bytes, Files.readAllBytes(target.resolve(large.value())));
    assertEquals(before, jobs.tree());

    String err = spool("export", directory, target, "done", "delayed").run().ok().err();
    assertTrue(err.endsWith("1 exported, 2 there already\n"), err);
    assertEquals(7, exported().size());
  }

  @Test
  void attributesComeBesideIt() throws Exception {
    JobId id = jobs.spool().enqueue(Job.of("x").attribute("size", "128").priority(7).key("k"));
    spool("export", directory, target, "--json").run().ok();
    assertEquals(Set.of(id.value(), id + ".json"), exported());
    assertEquals("x", Files.readString(target.resolve(id.value())));
    assertEquals(
        spool("show", directory, id, "--json").run().ok().out(),
        Files.readString(target.resolve(id + ".json")));
  }

  @Test
  void attributesComeAlsoBesideAPayloadThatIsThereAlready() throws Exception {
    JobId id = jobs.spool().enqueue(Job.of("x").attribute("size", "128"));
    spool("export", directory, target).run().ok();
    assertEquals(Set.of(id.value()), exported());
    for (int run = 0; run < 2; run++) {
      String err = spool("export", directory, target, "--json").run().ok().err();
      assertTrue(err.endsWith("0 exported, 1 there already\n"), err);
      assertTrue(Files.readString(target.resolve(id + ".json")).contains("\"size\":\"128\""));
    }
  }

  @Test
  void aForeignNameThatIsUsedAgainIsNotTakenForTheSameJob() throws Exception {
    Path hello = Files.writeString(directory.resolve("new/hello"), "1");
    spool("export", directory, target).run().ok();
    String err = spool("export", directory, target).run().ok().err();
    assertTrue(err.endsWith("0 exported, 1 there already\n"), err);
    Files.writeString(hello, "2");
    err = spool("export", directory, target).run().failsWith(ExitCode.IO).err();
    assertTrue(err.contains("hello: another file stands there"), err);
    assertEquals("1", Files.readString(target.resolve("hello")));
  }

  @Test
  void aJobIsNotTakenForTheAttributesOfAnother() throws Exception {
    Files.writeString(directory.resolve("new/x.json"), "payload");
    spool("export", directory, target, "--json").run().ok();
    Files.writeString(directory.resolve("new/x"), "x");
    String err = spool("export", directory, target, "--json").run().failsWith(ExitCode.IO).err();
    assertTrue(err.contains("x.json: another file stands there"), err);
    assertEquals("payload", Files.readString(target.resolve("x.json")));

    Path other = temporary.resolve("other");
    Files.delete(directory.resolve("new/x.json"));
    spool("export", directory, other, "--json").run().ok();
    Files.writeString(directory.resolve("new/x.json"), "payload");
    err = spool("export", directory, other, "--json").run().failsWith(ExitCode.IO).err();
    assertTrue(err.contains("x.json: another file stands there"), err);
    assertTrue(Files.readString(other.resolve("x.json")).startsWith("{\"id\":\"x\","));
  }

  @Test
  void aFileThatIsThereIsNeverReplaced() throws Exception {
    JobId id = jobs.a(JobState.READY);
    JobId other = jobs.a(JobState.READY);
    Files.createDirectory(target);
    Files.writeString(target.resolve(id.value()), "somebody's");
    SpoolCommand.Result result = spool("export", directory, target).run().failsWith(ExitCode.IO);
    assertEquals(List.of(other.value()), result.lines());
    assertTrue(result.err().contains("another file stands there"), result.err());
    assertEquals("somebody's", Files.readString(target.resolve(id.value())));
  }

  @Test
  void aLinkWhereAFileIsToBeWrittenIsNotFollowed() throws Exception {
    JobId id = jobs.a(JobState.READY);
    Files.createDirectory(target);
    Path theirs = Files.writeString(temporary.resolve("theirs"), "somebody's");
    Files.createSymbolicLink(target.resolve("." + id + ".part"), theirs);
    spool("export", directory, target).run().ok();
    assertEquals("somebody's", Files.readString(theirs));
    assertTrue(Files.isRegularFile(target.resolve(id.value()), NOFOLLOW_LINKS));
    assertEquals("x", Files.readString(target.resolve(id.value())));
  }

  /** He may have it open, and go on writing to it. */
  @Test
  void aFileThatSomebodyHasLeftToBeWrittenIsNotUsed() throws Exception {
    JobId id = jobs.a(JobState.READY);
    Files.createDirectory(target);
    Path part = Files.writeString(target.resolve("." + id + ".part"), "somebody's");
    Path theirs = Files.createLink(temporary.resolve("theirs"), part);
    spool("export", directory, target).run().ok();
    assertEquals("somebody's", Files.readString(theirs));
    assertEquals("x", Files.readString(target.resolve(id.value())));
  }

  @Test
  void whatCannotBeMovedOutOfTheWayIsToldAndTheOthersAreWritten() throws Exception {
    JobId id = jobs.a(JobState.READY);
    JobId other = jobs.a(JobState.READY);
    Files.createDirectories(target.resolve("." + id + ".part/x"));
    SpoolCommand.Result result = spool("export", directory, target).run().failsWith(ExitCode.IO);
    assertEquals(List.of(other.value()), result.lines());
    assertTrue(result.err().contains("." + id + ".part: another file stands there"), result.err());
  }

  @Test
  void oneExportIntoADirectoryRunsAtATime() throws Exception {
    JobId id = jobs.a(JobState.READY);
    Files.createDirectory(target);
    try (FileChannel lock = WholeFile.lock(target.resolve(Export.LOCK))) {
      assertNotNull(lock);
      spool("export", directory, target).run().failsWith(ExitCode.TEMPORARY);
      assertEquals(Set.of(), exported());
    }
    spool("export", directory, target).run().ok();
    assertEquals(Set.of(id.value()), exported());
  }

  @Test
  void aDamagedJobIsToldAndLeavesNoFile() throws Exception {
    JobId id = jobs.a(JobState.READY);
    JobId other = jobs.a(JobState.READY);
    shell("printf y > new/" + id + "*").in(directory).run().ok();
    SpoolCommand.Result result = spool("export", directory, target).run().failsWith(ExitCode.DATA);
    assertEquals(Set.of(other.value()), exported());
    assertTrue(result.err().endsWith("1 exported, 1 damaged\n"), result.err());
  }

  @Test
  void jobsThatMayNotBeReadAreToldAndTheOthersAreWritten() throws Exception {
    String[] nobody = OtherUser.nobody();
    JobId id = jobs.a(JobState.READY);
    JobId mine = jobs.spool().enqueue(Job.of("x").attribute("a", "b"));
    JobId other = jobs.a(JobState.READY);
    String open =
        "chmod o+rx .. . new && chmod o+r spool.format new/" + id + "* new/" + other + "*";
    shell(open + " && mkdir -m 777 " + target).in(directory).run().ok();
    shell("chmod o+rx cur delayed held failed errors").in(directory).run().ok();
    SpoolCommand.Result result =
        spool("export", directory, target).under(nobody).run().failsWith(ExitCode.NO_PERMISSION);
    assertEquals(Set.of(id.value(), other.value()), exported());
    assertEquals(exported(), new TreeSet<>(result.lines()));
    assertTrue(result.err().contains(mine + ": cannot be read: "), result.err());
    assertTrue(result.err().endsWith("2 exported, 1 that cannot be read\n"), result.err());
    shell("chmod o-r new/" + id + "*").in(directory).run().ok(); // this one has no header
    spool("export", directory, target).under(nobody).run().failsWith(ExitCode.NO_PERMISSION);
  }

  @Test
  void whatWasWrittenBeforeAFailureIsToldWhenItIsOnTheDisk() throws Exception {
    SpoolCommand.needs("strace");
    for (int i = 0; i < 5; i++) {
      jobs.a(JobState.READY);
    }
    String fail = "inject=fsync:error=EIO:when=3";
    SpoolCommand.Result result =
        spool("export", directory, target)
            .under("strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync", "-e", fail)
            .run()
            .failsWith(ExitCode.IO);
    assertEquals(2, exported().size());
    assertEquals(exported(), new TreeSet<>(result.lines()));
    assertTrue(result.err().startsWith("2 exported\nspool export: "), result.err());
  }

  @Test
  void hostileNamesAreEscaped() throws Exception {
    for (String name : List.of("-rf", "a b\u001b[31m", "hello:2,S")) {
      Files.writeString(directory.resolve("new").resolve(name), name);
    }
    spool("export", directory, target).run().ok();
    assertEquals(Set.of("-rf", "a\\040b\\033[31m", "hello"), exported());
  }

  @Test
  void killedInTheMiddleOfAFileItLeavesNoPartOfIt() throws Exception {
    SpoolCommand.needs("strace");
    byte[] bytes = new byte[300_000];
    String id = jobs.spool().enqueue(Job.of(bytes)).value();
    String kill = "inject=write:signal=SIGKILL:when=5";
    spool("export", directory, target)
        .under("strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=write", "-e", kill)
        .run()
        .failsWith(137);
    assertEquals(Set.of("." + id + ".part"), exported());
    spool("export", directory, target).run().ok();
    assertEquals(Set.of(id), exported());
    assertArrayEquals(bytes, Files.readAllBytes(target.resolve(id)));
  }

  @Test
  void killedAndRunAgainItIsComplete() throws Exception {
    long seed = System.nanoTime();
    System.out.println("export killed at random, seed " + seed);
    Random random = new Random(seed);
    List<Job> many = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      many.add(Job.of(("job " + i + "\n").repeat(1000)));
    }
    Set<String> ids =
        new HashSet<>(jobs.spool().enqueueAll(many).stream().map(JobId::value).toList());
    for (int kill = 0; kill < 2; kill++) {
      Process process = spool("export", directory, target).start();
      try (BufferedReader lines = process.inputReader()) {
        for (int left = random.nextInt(100); left > 0; left--) {
          lines.readLine();
        }
        process.destroyForcibly().waitFor();
      }
      assertWhole();
    }
    spool("export", directory, target).run().ok();
    assertEquals(ids, exported());
    assertWhole();
  }

  private void assertWhole() throws IOException {
    for (String name : Files.isDirectory(target) ? exported() : Set.<String>of()) {
      assertTrue(
          name.startsWith(".") || Files.readString(target.resolve(name)).lines().count() == 1000,
          () -> name + " is not whole");
    }
  }
}
