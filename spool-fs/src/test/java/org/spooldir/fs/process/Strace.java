package org.spooldir.fs.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * strace at one thread of a child: writes down the calls that open or change files, and kills the
 * child on the way into one of them.
 */
final class Strace {

  /** Those that this kernel does not have are passed over: that is what the question mark says. */
  private static final String CALLS =
      Stream.of(
              "open openat creat mkdir mkdirat rmdir rename renameat renameat2 link linkat symlink"
                  + " unlink unlinkat write pwrite64 writev fsync fdatasync chmod fchmod fchmodat"
                  + " truncate ftruncate fallocate utimensat copy_file_range sendfile")
          .flatMap(names -> Stream.of(names.split(" ")))
          .map(name -> "?" + name)
          .reduce((one, other) -> one + "," + other)
          .orElseThrow();

  private static final Pattern CALL = Pattern.compile("(\\w+)\\(.*");
  private static final Path TASKS = Path.of("/proc");

  private final Process process;
  private final Path log;

  private Strace(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Why strace can do nothing here; empty if it can. */
  static Optional<String> problem() throws IOException, InterruptedException {
    Process victim = new ProcessBuilder("sleep", "60").start();
    try {
      Process strace =
          new ProcessBuilder("strace", "-p", Long.toString(victim.pid()), "-e", "trace=none")
              .redirectErrorStream(true)
              .start();
      String said = firstLine(strace);
      strace.destroy();
      return said.contains("attached") ? Optional.empty() : Optional.of(said);
    } catch (IOException e) {
      return Optional.of("no strace here: apt-get install strace");
    } finally {
      victim.destroyForcibly().waitFor();
    }
  }

  private static String firstLine(Process strace) throws IOException {
    return Optional.ofNullable(
            new BufferedReader(new InputStreamReader(strace.getInputStream(), UTF_8)).readLine())
        .orElse("strace said nothing");
  }

  /** Attaches to a thread of a child, which waits for an order. */
  static Strace watch(ChildProcess child, String thread, Path log) throws IOException {
    return attach(child, thread, log, List.of());
  }

  /**
   * The same, and kills the child before it comes to the last one of these calls, which it is to
   * make one after the other.
   */
  static Strace killBeforeLast(ChildProcess child, String thread, Path log, List<String> calls)
      throws IOException {
    // strace counts each kind of call on its own, and each thread on its own.
    String last = calls.get(calls.size() - 1);
    return attach(
        child,
        thread,
        log,
        List.of(
            "-e", "inject=" + last + ":signal=SIGKILL:when=" + Collections.frequency(calls, last)));
  }

  private static Strace attach(ChildProcess child, String thread, Path log, List<String> more)
      throws IOException {
    List<String> command = new ArrayList<>(List.of("strace", "-o", log.toString(), "-s", "80"));
    command.addAll(List.of("-p", Long.toString(task(child.pid(), thread)), "-e", "trace=" + CALLS));
    command.addAll(more);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = firstLine(process);
    if (!said.contains("attached")) {
      process.destroyForcibly();
      throw new IOException(command + ": " + said);
    }
    return new Strace(process, log);
  }

  private static long task(long pid, String thread) throws IOException {
    try (Stream<Path> tasks = Files.list(TASKS.resolve(pid + "/task"))) {
      for (Path task : tasks.toList()) {
        if (Files.readString(task.resolve("comm")).equals(thread + "\n")) {
          return Long.parseLong(task.getFileName().toString());
        }
      }
    }
    throw new AssertionError("process " + pid + " has no thread " + thread);
  }

  /** The names of the calls that were begun, when the thread has ended. */
  List<String> calls() throws IOException {
    return lines().map(line -> line.replaceFirst("\\(.*", "")).toList();
  }

  /** The calls with their arguments, when the thread has ended. */
  Stream<String> lines() throws IOException {
    try {
      if (!process.waitFor(ChildProcess.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("strace does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while strace ended", e);
    }
    return Files.readAllLines(log).stream()
        .map(CALL::matcher)
        .filter(Matcher::matches)
        .map(Matcher::group);
  }
}
