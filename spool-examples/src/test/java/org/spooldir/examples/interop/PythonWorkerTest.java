package org.spooldir.examples.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.JobState;
import org.spooldir.Spool;
import org.spooldir.examples.interop.Program.Ended;
import org.spooldir.fs.Access;
import org.spooldir.fs.DirectorySpool;
import org.spooldir.fs.SpoolOptions;

/**
 * The worker in Python: what Java hands in is done, fails, and comes back as the protocol has it.
 */
@Timeout(60)
class PythonWorkerTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** A command that takes long, but does not outlive its worker. */
  private static final String LONG = "while kill -0 $PPID 2>/dev/null; do sleep 0.1; done";

  @TempDir private Path scratch;
  private Path directory;
  private Spool spool;

  @BeforeAll
  static void lookForTools() throws IOException {
    Program.assumeThereAre("python3");
  }

  @BeforeEach
  void makeSpool() throws IOException {
    directory = scratch.resolve("spool");
    spool = DirectorySpool.openOrCreate(directory);
  }

  @AfterEach
  void closeSpool() throws IOException {
    spool.close();
  }

  private Ended drain(String script, String... options) throws IOException {
    List<String> all = new ArrayList<>(List.of(options));
    all.add("--drain");
    return Program.run(new byte[0], Program.pythonWorker(directory, all, "/bin/sh", "-c", script));
  }

  private Actor start(String script, String... options) throws IOException {
    List<String> command =
        Program.pythonWorker(directory, List.of(options), "/bin/sh", "-c", script);
    return Actor.start("python worker", command, new byte[0], scratch.resolve("errors"));
  }

  private static void awaitSaid(Actor worker, String word, int times) {
    await(word).atMost(PATIENCE).until(() -> worker.said(word).size() >= times);
  }

  private List<String> names(String subdirectory) throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve(subdirectory))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  /** Runs tests that are written in Python. */
  private static void test(int count, String tests, Object... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Program.PYTHON3);
    command.add(Path.of("src/test/python", tests).toAbsolutePath().toString());
    for (Object each : arguments) {
      command.add(each.toString());
    }
    Ended ended = Program.run(new byte[0], command);
    assertEquals(0, ended.exitCode(), ended.errors());
    assertTrue(ended.errors().contains("Ran " + count + " tests"), ended.errors());
  }

  @Test
  void understandsAllVectors() throws Exception {
    Path vectors = Path.of("../docs/format-vectors").toAbsolutePath();
    test(6, "vectors.py", vectors, Program.DIRECTORY);
  }

  @Test
  void takesTheReserveOnAFullDisk() throws Exception {
    test(4, "reserve.py", Program.DIRECTORY);
  }

  @Test
  void theCommandGetsPayloadAttributesAndOrder() throws Exception {
    spool.enqueue(Job.of("second\n").attribute("size", "Gr\u00fc\u00dfe"));
    JobId id = spool.enqueue(Job.of("first\n").priority(9));
    Ended ended = drain("cat; echo $SPOOL_ATTR_SIZE; echo $SPOOL_ID $SPOOL_ATTEMPT");
    List<String> lines = ended.output().lines().toList();
    assertEquals("claimed " + id + " 1", lines.get(0));
    assertEquals(List.of("first", "", id + " 1"), lines.subList(1, 4));
    assertTrue(lines.containsAll(List.of("second", "Gr\u00fc\u00dfe")), ended.output());
    assertEquals(List.of(), names("cur"));
    assertEquals(List.of(), names("workers"));
  }

  @Test
  void aKeyIsFreeWhenItsJobIsDone() throws Exception {
    JobId first = spool.enqueue(Job.of("x").key("k"));
    assertEquals(first, spool.enqueue(Job.of("x").key("k")));
    drain("true");
    assertEquals(List.of(), names("keys"));
    assertNotEquals(first, spool.enqueue(Job.of("x").key("k")));
  }

  @Test
  void whatFailsBacksOffAndEndsAsADeadLetterWithItsReasons() throws Exception {
    JobId id = spool.enqueue(Job.of("x"));
    Actor worker = start("echo no luck >&2; exit 3", "--attempts", "2", "--backoff", "0.1");
    awaitSaid(worker, "rejected", 1);
    worker.letGo();
    worker.awaitEnd();
    assertEquals(List.of(id + " 1"), worker.said("retried"));
    var letter = spool.inspector().read(id).orElseThrow();
    assertEquals(JobState.FAILED, letter.snapshot().state());
    assertEquals(
        List.of("1 no luck", "2 no luck"),
        letter.failures().stream().map(f -> f.attempt() + " " + f.reason()).toList());
  }

  @Test
  void exitCode65IsADeadLetterAtOnce() throws Exception {
    JobId id = spool.enqueue(Job.of("x"));
    drain("exit 65");
    assertEquals(
        "exit code 65", spool.inspector().read(id).orElseThrow().failures().get(0).reason());
    assertEquals(1, spool.inspector().stats().jobs(JobState.FAILED));
  }

  @Test
  void damagedEntriesAndLinksNeverReachTheCommand() throws Exception {
    Path secret = Files.writeString(scratch.resolve("secret"), "secret");
    Path altered = entryOf(spool.enqueue(Job.of("altered").attribute("a", "b")));
    Files.writeString(altered, Files.readString(altered).replace("altered", "ALTERED"));
    Path cut = entryOf(spool.enqueue(Job.of("cut")));
    Files.writeString(cut, "cu");
    Path link = entryOf(spool.enqueue(Job.of("link")));
    Files.delete(link);
    Files.createSymbolicLink(link, secret);
    Files.createSymbolicLink(directory.resolve("new/foreign"), secret);
    assertEquals(
        0, Program.run(new byte[0], List.of("mkfifo", directory + "/new/fifo")).exitCode());

    Ended ended = drain("echo got it; cat");
    assertEquals(0, ended.exitCode(), ended.errors());
    assertTrue(!ended.output().contains("got it"), ended.output());
    assertEquals(3, names("failed").size());
    assertEquals(List.of("fifo", "foreign"), names("new").stream().sorted().toList());
    List<String> reasons = new ArrayList<>();
    for (String log : names("errors")) {
      reasons.add(Files.readString(directory.resolve("errors").resolve(log)));
    }
    for (String reason : List.of("CRC32C is ", "size is 2, S= says 3", "not a regular file")) {
      assertTrue(reasons.stream().anyMatch(each -> each.contains(reason)), reasons.toString());
    }
  }

  /** It holds the pipe of standard error, so that the worker would wait for it. */
  @Test
  void aStopEndsAlsoWhatTheCommandHasStarted() throws Exception {
    JobId id = spool.enqueue(Job.of("x"));
    Path child = scratch.resolve("child");
    Actor worker = start("sleep 50 & touch " + child + "; wait");
    awaitSaid(worker, "claimed", 1);
    await().atMost(PATIENCE).until(() -> Files.exists(child));
    worker.letGo();
    await().atMost(Duration.ofSeconds(20)).until(() -> !worker.isAlive());
    worker.awaitEnd();
    assertEquals(List.of(id + " 1"), worker.said("released"));
  }

  private Path entryOf(JobId id) throws IOException {
    return directory
        .resolve("new")
        .resolve(
            names("new").stream()
                .filter(name -> name.startsWith(id.value()))
                .findFirst()
                .orElseThrow());
  }

  @Test
  void whoIsBelievedDeadTouchesNothingAndGoesOnUnderAnotherId() throws Exception {
    spool.enqueue(Job.of("x"));
    Actor worker = start("[ $SPOOL_ATTEMPT = 2 ] || " + LONG, "--lease", "0.6", "--poll", "0.1");
    awaitSaid(worker, "claimed", 1);
    Files.delete(directory.resolve("workers").resolve(names("workers").get(0)));
    awaitSaid(worker, "lost", 1);
    awaitSaid(worker, "completed", 1); // brought back by itself: R0
    worker.letGo();
    worker.awaitEnd();
    assertEquals(2, worker.said("claimed").size());
    assertEquals(List.of(), names("failed"));
    assertEquals(List.of(), names("delayed"));
  }

  @Test
  void whatAKilledOneHeldComesBackToAnother() throws Exception {
    JobId id = spool.enqueue(Job.of("x"));
    Actor first = start(LONG, "--lease", "3600");
    awaitSaid(first, "claimed", 1);
    first.kill();
    Actor second = start("true", "--lease", "3600", "--poll", "0.1");
    awaitSaid(second, "completed", 1); // R1: long before the lease
    assertEquals(List.of(id + " 2"), second.said("completed"));
    second.letGo();
    second.awaitEnd();
    assertEquals(List.of(), names("workers"));
  }

  /** What they drop may change after it was checked, and the worker makes no copy: C3a. */
  @Test
  void aDropBoxIsRefused() throws Exception {
    Path box = scratch.resolve("box");
    DirectorySpool.create(box, SpoolOptions.DEFAULTS.access(Access.DROPBOX)).close();
    Files.writeString(box.resolve("new/1.job"), "x");
    List<String> command = Program.pythonWorker(box, List.of("--drain"), "cat");
    Ended ended = Program.run(new byte[0], command);
    assertEquals(78, ended.exitCode(), ended.errors());
    assertTrue(ended.errors().contains("drop box"), ended.errors());
    assertTrue(Files.exists(box.resolve("new/1.job")));
  }

  @Test
  void aStopGivesBackWhatIsInHand() throws Exception {
    JobId id = spool.enqueue(Job.of("x"));
    Actor worker = start(LONG);
    awaitSaid(worker, "claimed", 1);
    worker.letGo();
    worker.awaitEnd();
    assertEquals(List.of(id + " 1"), worker.said("released"));
    assertEquals(0, spool.inspector().find(id).orElseThrow().attempts());
    assertEquals("x", new String(spool.claim().orElseThrow().payload().bytes(), UTF_8));
  }
}
