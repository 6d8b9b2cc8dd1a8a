package org.spooldir.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A command and what it has started. With setsid(1) it is a process group, in a session of its own:
 * the whole of it can be ended, and a Ctrl-C at the terminal is the worker's alone. Without, its
 * descendants stand for it.
 */
final class ProcessGroup {

  /** How long a command may take to end after TERM. */
  static final Duration KILL_AFTER = Duration.ofSeconds(3);

  private static final Duration LOOK = Duration.ofMillis(50);

  private final Process process;
  private final boolean grouped;

  private ProcessGroup(Process process, boolean grouped) {
    this.process = process;
    this.grouped = grouped;
  }

  /** How to start it. */
  static final class Starter {

    private final boolean grouped = Program.onPath("setsid").isPresent();

    /** What to start for this command. */
    List<String> words(List<String> command) {
      if (!grouped) {
        return command;
      }
      List<String> words = new ArrayList<>(command);
      // It executes the command in its own place, so the process is the command and leads the
      // group.
      words.add(0, "setsid");
      return words;
    }

    ProcessGroup of(Process process) {
      return new ProcessGroup(process, grouped);
    }
  }

  /**
   * Ends all of it: TERM, and KILL for what is left a few seconds later. Returns when the command
   * itself has ended. Takes no notice of interrupts, which come again and again when it is late.
   * Where there is no room for another thread it is KILL at once.
   */
  void terminate() {
    CountDownLatch ended = new CountDownLatch(1);
    try {
      new Thread(() -> terminate(ended), "spool terminator").start();
    } catch (OutOfMemoryError e) {
      kill(); // or else it would run on while its job is tried again
      ended.countDown();
    }
    while (ended.getCount() > 0) {
      try {
        ended.await();
      } catch (InterruptedException e) {
        // that is why it is being done
      }
    }
  }

  private void terminate(CountDownLatch ended) {
    try {
      if (grouped) {
        terminateGroup();
      } else {
        terminateDescendants();
      }
      process.waitFor();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e); // nobody knows this thread
    } finally {
      ended.countDown();
    }
  }

  private void terminateGroup() throws InterruptedException {
    signal("TERM");
    long start = System.nanoTime();
    while (isGroupAlive()) {
      if (System.nanoTime() - start >= KILL_AFTER.toNanos()) {
        signal("KILL");
        return;
      }
      TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
    }
  }

  private void signal(String name) throws InterruptedException {
    try {
      int failed =
          new ProcessBuilder("sh", "-c", "kill -s " + name + " -- -" + process.pid())
              .redirectOutput(Redirect.DISCARD)
              .redirectError(Redirect.DISCARD)
              .start()
              .waitFor();
      if (failed == 0) {
        return;
      }
    } catch (IOException | OutOfMemoryError e) {
      // no room for another process, or for the thread that waits for it; this way it takes none
    }
    // RACE: it leads no group yet.
    if (name.equals("KILL")) {
      kill();
    } else {
      process.destroy();
    }
  }

  /** Kills what can be found of it, with neither a thread nor a process. */
  private void kill() {
    try (Stream<ProcessHandle> descendants = process.descendants()) {
      descendants.forEach(ProcessHandle::destroyForcibly);
    }
    process.destroyForcibly();
  }

  /** Whether anything runs in the group: what waits to be buried does not. */
  private boolean isGroupAlive() {
    if (process.isAlive()) {
      return true;
    }
    String group = Long.toString(process.pid());
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
      for (Path each : processes) {
        String stat = stat(each);
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).split(" ", 5);
        if (fields.length > 3 && fields[3].equals(group) && !fields[1].equals("Z")) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      return true; // cannot tell, so it is killed in the end
    }
  }

  /** {@code PID (NAME) STATE PPID PGRP …}, where the name is any bytes. */
  private static String stat(Path process) throws IOException {
    try {
      return Files.readString(process.resolve("stat"), ISO_8859_1);
    } catch (NoSuchFileException e) {
      return ""; // RACE: ended
    } catch (IOException e) {
      if (Files.exists(process)) {
        throw e;
      }
      return ""; // RACE: ended while it was read
    }
  }

  private void terminateDescendants() throws InterruptedException {
    List<ProcessHandle> all;
    try (Stream<ProcessHandle> descendants = process.descendants()) {
      all = new ArrayList<>(descendants.toList());
    }
    all.add(process.toHandle());
    for (ProcessHandle each : all) {
      each.destroy();
    }
    long start = System.nanoTime();
    for (ProcessHandle each : all) {
      while (each.isAlive() && System.nanoTime() - start < KILL_AFTER.toNanos()) {
        TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
      }
      each.destroyForcibly();
    }
  }
}
