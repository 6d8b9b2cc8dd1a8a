package org.spooldir.examples.interop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.apache.commons.io.file.PathUtils;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.Spool;
import org.spooldir.SpoolEvent;
import org.spooldir.fs.DirectorySpool;
import org.spooldir.fs.Durability;
import org.spooldir.fs.SpoolOptions;
import org.spooldir.worker.Worker;

/**
 * The fixture: a spool with a worker at work, which takes one job at a time and writes down what it
 * got. It can be held up in the middle of a job, so that what arrives meanwhile must wait. The
 * lease is short, so that what others move comes back soon.
 */
final class LiveSpool implements BeforeEachCallback, AfterEachCallback {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final SpoolOptions options =
      SpoolOptions.DEFAULTS
          .durability(Durability.PROCESS)
          .lease(Duration.ofSeconds(1))
          .poll(Duration.ofMillis(50))
          .listener(this::hear);

  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<String> begun = new CopyOnWriteArrayList<>();
  private final List<byte[]> handled = new CopyOnWriteArrayList<>();
  private final List<SpoolEvent> events = new CopyOnWriteArrayList<>();
  private volatile CountDownLatch gate = new CountDownLatch(0);
  private SplittableRandom random = new SplittableRandom();
  private Path scratch = Path.of("");

  // ---- before and after ----

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    long seed = Long.getLong("spool.seed", System.nanoTime());
    System.out.println(context.getDisplayName() + ": -Dspool.seed=" + seed);
    random = new SplittableRandom(seed);
    scratch = Files.createTempDirectory("spool-interop-").toRealPath();
    DirectorySpool.openOrCreate(directory(), options).close();
    startWorker();
  }

  /** Starts a worker, or one more. */
  void startWorker() throws IOException {
    Spool spool = DirectorySpool.open(directory(), options);
    open.add(0, spool);
    open.add(0, Worker.on(spool).idlePoll(Duration.ofMillis(50)).start(this::handle));
  }

  private void handle(Claim claim) throws IOException, InterruptedException {
    byte[] payload = claim.payload().bytes();
    begun.add(print(payload));
    gate.await();
    handled.add(payload);
  }

  private void hear(SpoolEvent event) {
    events.add(event);
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    letGo();
    for (AutoCloseable each : open) {
      each.close();
    }
    PathUtils.deleteDirectory(scratch);
  }

  // ---- the worker ----

  /** Hands in a job, and holds the worker up when it has begun with it. */
  void holdUpWith(Job job) throws IOException {
    gate = new CountDownLatch(1);
    enqueue(job);
    await("the worker should begin").atMost(PATIENCE).until(() -> !begun.isEmpty());
  }

  private void letGo() {
    gate.countDown();
  }

  /**
   * Lets the worker go until it has handled so many jobs, first to last. Then none may be left, and
   * it must be able to take another one.
   *
   * @return what it handled, first things first
   */
  List<byte[]> finish(int jobs) throws IOException {
    letGo();
    await("jobs should be handled").atMost(PATIENCE).until(() -> handled.size() >= jobs);
    await("no job should be left")
        .atMost(PATIENCE)
        .untilAsserted(() -> assertEquals(List.of(), jobs("new", "cur", "delayed")));
    enqueue(Job.of("one more"));
    await("the worker should be at work").atMost(PATIENCE).until(() -> handled.size() > jobs);
    assertEquals(0, heard(SpoolEvent.Trouble.class).count(), events::toString);
    return handled.subList(0, jobs);
  }

  /** How many entries came back that somebody had put into {@code cur/} without a claim (R3). */
  long returned() {
    return heard(SpoolEvent.Recovered.class).mapToLong(event -> event.report().returned()).sum();
  }

  /** How many claims the worker lost. */
  long lost() {
    return heard(SpoolEvent.ClaimLost.class).count();
  }

  private <E extends SpoolEvent> Stream<E> heard(Class<E> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast);
  }

  /** Hands in a job, from a spool opened for it. */
  void enqueue(Job job) throws IOException {
    try (Spool spool = DirectorySpool.open(directory(), options)) {
      spool.enqueue(job);
    }
  }

  // ---- the directory ----

  /** Where everything is that belongs to this test. */
  Path scratch() {
    return scratch;
  }

  Path directory() {
    return scratch.resolve("spool");
  }

  /** The jobs that stand in these directories of the spool, as {@code ls} tells. */
  List<String> jobs(String... directories) throws IOException {
    List<String> names = new ArrayList<>();
    for (String each : directories) {
      try (Stream<Path> files = Files.list(directory().resolve(each))) {
        files.map(file -> each + "/" + file.getFileName()).sorted().forEach(names::add);
      }
    }
    return names;
  }

  /** The bytes of what stands in one directory of the spool, by its name. */
  Map<String, byte[]> read(String directory) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    for (String name : jobs(directory)) {
      files.put(name, Files.readAllBytes(directory().resolve(name)));
    }
    return files;
  }

  /** Tells payloads apart, and says in few words how: what comes first, how much, a checksum. */
  static String print(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    String first = new String(bytes, ISO_8859_1).lines().findFirst().orElse("");
    return "%.40s, %d bytes, %08x".formatted(first, bytes.length, crc.getValue());
  }

  SplittableRandom random() {
    return random;
  }

  // ---- the programs ----

  /** Skips the test where this program is missing. */
  void needs(String program, String debianPackage) throws IOException, InterruptedException {
    assumeTrue(
        start("command -v " + program, scratch.resolve("where")).waitFor() == 0,
        "no " + program + " here: apt-get install " + debianPackage);
  }

  /**
   * Runs a shell script in {@link #scratch}, which must succeed.
   *
   * @return what it wrote
   */
  String run(String script, String... arguments) throws IOException, InterruptedException {
    Path output = scratch.resolve("output");
    Process process = start(script, output, arguments);
    boolean ended = process.waitFor(PATIENCE.toSeconds(), SECONDS);
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    String wrote = Files.readString(output, ISO_8859_1);
    assertEquals("0", ended ? "" + process.exitValue() : "too slow", script + wrote);
    return Files.readString(output);
  }

  private Process start(String script, Path output, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("sh", "-euc", script, "sh"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(Map.of("HOME", scratch.toString(), "TERM", "vt100"));
    return builder
        .directory(scratch.toFile())
        .redirectInput(Path.of("/dev/null").toFile())
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }
}
