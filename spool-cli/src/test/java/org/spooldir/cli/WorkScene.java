package org.spooldir.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.spooldir.cli.Patience.await;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.spooldir.Failure;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.JobSnapshot;
import org.spooldir.JobState;
import org.spooldir.fs.DirectorySpool;
import org.spooldir.fs.SpoolOptions;

/** A spool, and workers on it that end with the test, and so do their commands. */
abstract class WorkScene {

  @TempDir Path directory;
  Path root;
  private final List<Process> workers = new ArrayList<>();

  @BeforeEach
  final void makeSpool() throws IOException {
    root = directory.resolve("spool");
    DirectorySpool.create(root, SpoolOptions.DEFAULTS.reserve(0)).close();
  }

  @AfterEach
  final void endWorkers() throws Exception {
    for (Process each : workers) {
      each.destroyForcibly().waitFor();
    }
    // Commands outlive them, in sessions of their own; what they start may be born meanwhile.
    await().until(() -> killCommands() == 0);
  }

  private int killCommands() {
    int killed = 0;
    for (ProcessHandle each : ProcessHandle.allProcesses().toList()) {
      if (isOfThisTest(each)) {
        each.destroyForcibly();
        killed++;
      }
    }
    return killed;
  }

  /** By its environment: what we set, or {@code SPOOL_FILE}. */
  private boolean isOfThisTest(ProcessHandle process) {
    try {
      Path file = Path.of("/proc", Long.toString(process.pid()), "environ");
      String environment = "\0" + Files.readString(file, ISO_8859_1);
      return environment.contains("\0D=" + directory + "\0")
          || environment.contains("\0SPOOL_FILE=" + root.toRealPath() + "/");
    } catch (IOException e) {
      return false; // ended, or another user's
    }
  }

  JobId put(Job job) throws IOException {
    try (DirectorySpool spool = DirectorySpool.open(root)) {
      return spool.enqueue(job);
    }
  }

  JobId put(String text) throws IOException {
    return put(Job.of(text));
  }

  /** {@code spool work} with these options, and a line of shell as its command. */
  SpoolCommand work(String options, String script) {
    List<Object> words = new ArrayList<>(List.of("work", root));
    if (!options.isEmpty()) {
      words.addAll(List.of(options.split(" ", -1)));
    }
    words.addAll(List.of("--", "sh", "-c", script));
    return SpoolCommand.spool(words.toArray()).in(directory).with("D", directory.toString());
  }

  /** The same, and it goes on until it is told to stop. */
  Process start(String options, String script) {
    return start(work(options, script));
  }

  Process start(SpoolCommand command) {
    Process worker = command.start();
    workers.add(worker);
    return worker;
  }

  JobSnapshot job(JobId id) throws IOException {
    return DirectorySpool.inspect(root).find(id).orElseThrow();
  }

  void assertGone(JobId id) throws IOException {
    assertEquals(true, DirectorySpool.inspect(root).find(id).isEmpty(), "the job is complete");
  }

  void assertReadyAndNotCounted(JobId id) throws IOException {
    assertEquals(JobState.READY, job(id).state());
    assertEquals(0, job(id).attempts());
  }

  /** Why the job failed the last time. */
  String reason(JobId id) throws IOException {
    List<Failure> failures = DirectorySpool.inspect(root).read(id).orElseThrow().failures();
    return failures.get(failures.size() - 1).reason();
  }

  /** Waits for a file that a command makes, and reads it. */
  String file(String name) {
    Path file = directory.resolve(name);
    await().until(() -> Files.exists(file) && Files.size(file) > 0);
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  boolean has(String name) {
    return Files.exists(directory.resolve(name));
  }

  int count(String directory) throws IOException {
    int count = 0;
    try (DirectoryStream<Path> listing = Files.newDirectoryStream(root.resolve(directory))) {
      for (Path unused : listing) {
        count++;
      }
    }
    return count;
  }

  /** Whether a process runs; one that waits to be buried does not. */
  static boolean runs(String pid) {
    try {
      String stat = Files.readString(Path.of("/proc", pid, "stat"));
      return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
    } catch (IOException e) {
      return false;
    }
  }

  static void awaitEnd(String pid) {
    await().until(() -> !runs(pid));
  }

  /** Sends a signal to {@code spool work} alone. */
  static void signal(Process worker, String name) throws Exception {
    assertEquals(
        0, new ProcessBuilder("kill", "-" + name, Long.toString(worker.pid())).start().waitFor());
  }

  static int exitCode(Process worker) throws Exception {
    await().until(() -> !worker.isAlive());
    return worker.exitValue();
  }
}
