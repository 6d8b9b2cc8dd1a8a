package org.spooldir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.spooldir.cli.Patience.await;
import static org.spooldir.cli.SpoolCommand.shell;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** {@code spool import dirq}, out of queues of the real library. */
class ImportDirqIT extends ImportScene {

  private static final String LIBRARY =
      "import sys\nfrom dirq.QueueSimple import QueueSimple\nq = QueueSimple('queue', granularity=1)\n";

  /** A program that uses the library, on {@code queue} in the directory of the test. */
  private SpoolCommand python(String program) {
    return shell("exec /usr/bin/python3 -c \"" + LIBRARY + program + "\"").in(directory);
  }

  /** The same, run to its end. */
  private List<String> use(String program) {
    return python(program).run().ok().lines();
  }

  private Path queue(int elements) {
    assumeTrue(
        shell("/usr/bin/python3 -c 'import dirq.QueueSimple'").run().code() == 0,
        "python3-dirq is not installed");
    use("for i in range(" + elements + "): print(q.add('element %d' % i))");
    return directory.resolve("queue");
  }

  private static List<String> elements(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "element " + i).toList();
  }

  @Test
  void elementsMoveInInTheirOrder() throws Exception {
    Path queue = queue(100);
    SpoolCommand.Result result = importing("dirq", queue).run().ok();
    assertEquals(100, result.lines().size());
    assertTrue(result.err().endsWith("100 imported\n"), result.err());
    assertEquals(elements(0, 100), work());
    assertEquals(List.of("0"), use("q.purge(); print(q.count())"));
    assertTrue(tree(queue).stream().allMatch(name -> name.matches("[0-9a-f]{8}")));
  }

  @Test
  void theyMoveInFromAnotherFileSystemAsWell() throws Exception {
    Path queue = queue(100);
    Path other = elsewhere().resolve("queue");
    shell("cp -a " + queue + " " + other).run().ok();
    importing("dirq", other).run().ok();
    assertEquals(elements(0, 100), work());
    assertTrue(tree(other).stream().allMatch(name -> name.matches("[0-9a-f]{8}")));
  }

  @Test
  void whatAConsumerHasLockedIsLeftToIt() throws Exception {
    Path queue = queue(4);
    String locked = use("n = list(q)[2]; q.lock(n); print(n)").get(0);
    String dry = importing("dirq", queue, "--dry-run").run().ok().out();
    assertTrue(dry.contains("would leave " + queue.toRealPath().resolve(locked) + ": locked"), dry);
    assertTrue(dry.endsWith("3 would be imported, 1 left\n"), dry);
    SpoolCommand.Result result = importing("dirq", queue).run().failsWith(ExitCode.TEMPORARY);
    assertTrue(result.err().contains(locked + ": locked"), result.err());
    assertTrue(result.err().endsWith("3 imported, 1 left\n"), result.err());
    assertEquals(List.of("element 0", "element 1", "element 3"), work());
    assertEquals(
        List.of("element 2"), use("n = list(q)[0]; print(q.get(n).decode()); q.remove(n)"));
    importing("dirq", queue).run().ok();
    assertEquals(List.of(), work());
  }

  @Test
  void locksOfDeadConsumersDoNotCountIfOneSaysSo() throws Exception {
    Path queue = queue(3);
    use("[q.lock(n) for n in list(q)[:2]]");
    importing("dirq", queue, "--stale-locks", "1h").run().failsWith(ExitCode.TEMPORARY);
    String dry = importing("dirq", queue, "--stale-locks", "0", "--dry-run").run().ok().out();
    assertTrue(dry.endsWith("\n2 would be imported\n"), dry);
    importing("dirq", queue, "--stale-locks", "0").run().ok();
    assertEquals(List.of("element 2", "element 0", "element 1"), work());
    assertTrue(
        tree(queue).stream().allMatch(name -> name.matches("[0-9a-f]{8}")), tree(queue)::toString);
  }

  /**
   * Between its link and its utime the library has made a lock that looks as old as the element.
   */
  @Test
  void aLockIsAsOldAsItsLinkNotAsItsElement() throws Exception {
    Path queue = queue(1);
    use(
        "import os; n = list(q)[0]; os.utime('queue/' + n, (1, 1));"
            + " os.utime = lambda *_: None; q.lock(n)");
    importing("dirq", queue, "--stale-locks", "1h").run().failsWith(ExitCode.TEMPORARY);
    assertEquals(List.of("element 0"), use("n = list(q)[0]; print(q.get(n).decode())"));
  }

  /** The import's own lock is one for the library, even for its purge; a rerun knows it. */
  @Test
  void theLockOfAnImportThatWasKilledKeepsConsumersOut() throws Exception {
    Path queue = queue(1);
    Path element = queue.resolve(use("print(list(q)[0])").get(0));
    Path lock = element.resolveSibling(element.getFileName() + ".lck");
    Files.createSymbolicLink(lock, Path.of(Passage.name(queue.toRealPath(), spool.toRealPath())));
    assertEquals(List.of("False"), use("q.purge(maxtemp=1, maxlock=1); print(q.lock(list(q)[0]))"));
    importing("dirq", queue).run().ok();
    assertEquals(elements(0, 1), work());
    assertFalse(Files.exists(lock, LinkOption.NOFOLLOW_LINKS));

    use("q.add('element 1')");
    element = queue.resolve(use("print(list(q)[0])").get(0));
    Files.createSymbolicLink(
        element.resolveSibling(element.getFileName() + ".lck"),
        Path.of("spool-import.0000000000000000"));
    importing("dirq", queue).run().failsWith(ExitCode.TEMPORARY);
    assertEquals(List.of(), work(), "the lock of an import into another spool");
  }

  @Test
  void aConsumerAtWorkAndAnImportShareTheElements() throws Exception {
    Path queue = queue(1000);
    Path ids = directory.resolve("ids");
    String command = "spool import dirq " + queue + " " + spool + " > " + ids;
    List<String> consumed = new ArrayList<>();
    Process consumer =
        python(
                """
                while q.count():
                 for n in q:
                  if q.lock(n):
                   print(q.get(n).decode().ljust(4000), flush=True); q.remove(n)""")
            .start();
    try (BufferedReader lines = consumer.inputReader()) {
      consumed.add(lines.readLine().strip()); // with a full pipe it stops until it is read
      Process importing = shell(command).start();
      await().until(() -> Files.exists(ids) && Files.size(ids) > 0); // both are at work
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        consumed.add(line.strip());
      }
      assertEquals(0, consumer.waitFor());
      importing.waitFor();
    } finally {
      consumer.destroyForcibly();
    }
    List<String> imported = work();
    Set<String> all = new HashSet<>(imported);
    all.addAll(consumed);
    assertEquals(1000, consumed.size() + imported.size());
    assertEquals(Set.copyOf(elements(0, 1000)), all);
    assertTrue(imported.size() >= 64, "the import has had its share: " + imported.size());
  }

  @Test
  void aDirectoryThatAConsumerPurgesMeanwhileStopsNobody() throws Exception {
    Path queue = dirq(directory.resolve("queue"), "1", "2");
    Path purged = Files.createDirectory(queue.resolve("64000000"));
    importing("dirq", queue).under(failing("openat", "ENOENT", purged)).run().ok();
    assertEquals(List.of("1", "2"), work());
    importing("dirq", queue).under(failing("getdents64", "ENOENT", purged)).run().ok();
    importing("dirq", queue).under(failing("openat", "ENOENT", queue)).run().failsWith(66);
  }

  @Test
  void aListingThatFailsIsAFailureToRead() throws Exception {
    Path queue = dirq(directory.resolve("queue"), "1", "2");
    importing("dirq", queue)
        .under(failing("getdents64", "EIO", queue))
        .run()
        .failsWith(ExitCode.IO);
    assertEquals(List.of(), work());
  }

  @Test
  void aQueueOfAnotherLayoutIsRefused() throws Exception {
    Path queue = dirq(directory.resolve("normal"));
    Files.createDirectories(queue.resolve("65000000/65000000000001"));
    String err = importing("dirq", queue).run().failsWith(ExitCode.USAGE).err();
    assertTrue(err.contains("not of the simple layout"), err);
    assertEquals(List.of("65000000", "65000000/65000000000001"), tree(queue));
  }
}
