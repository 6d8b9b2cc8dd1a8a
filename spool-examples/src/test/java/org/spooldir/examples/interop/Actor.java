package org.spooldir.examples.interop;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process at work, in any language: what it said, and what was done to it. */
final class Actor {

  private static final int PATIENCE_SECONDS = 60;
  private static final int KILLED = 128 + 9;

  private final String name;
  private final Process process;
  private final Thread listener;
  private final List<String> lines = new ArrayList<>();
  private boolean stopped;
  private boolean killed;

  private Actor(String name, Process process) {
    this.name = name;
    this.process = process;
    this.listener = new Thread(this::listen, name);
  }

  /** Starts one, which reads these bytes first. */
  static Actor start(String name, List<String> command, byte[] input, Path errors)
      throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
            .start();
    Actor actor = new Actor(name + " " + process.pid(), process);
    actor.listener.setDaemon(true);
    actor.listener.start();
    try (OutputStream in = input.length > 0 ? process.getOutputStream() : null) {
      if (in != null) {
        in.write(input);
      }
    } catch (IOException e) {
      // it ended before it had read all: how it ended will tell
    }
    return actor;
  }

  /** Whole lines only: the last words of who is killed may be cut off. */
  private void listen() {
    StringBuilder line = new StringBuilder();
    try (InputStream in = process.getInputStream()) {
      for (int c = in.read(); c >= 0; c = in.read()) {
        if (c == '\n') {
          add(line.toString());
          line.setLength(0);
        } else {
          line.append((char) c);
        }
      }
    } catch (IOException e) {
      // killed: what was read until then counts
    }
  }

  private synchronized void add(String line) {
    lines.add(line);
  }

  synchronized List<String> lines() {
    return List.copyOf(lines);
  }

  /** Lines that begin with this word, without it. */
  List<String> said(String word) {
    return lines().stream()
        .filter(line -> line.startsWith(word + " "))
        .map(line -> line.substring(word.length() + 1))
        .toList();
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Whether it was killed before it ended by itself. */
  boolean wasKilled() {
    return killed;
  }

  /** Whether it ever stood still. */
  boolean wasStopped() {
    return stopped;
  }

  void kill() throws IOException {
    ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);
    awaitEnd();
    killed = process.exitValue() == KILLED;
  }

  void stop() throws IOException {
    stopped = true;
    signal("STOP");
  }

  void goOn() throws IOException {
    signal("CONT");
  }

  private void signal(String signal) throws IOException {
    List<String> command = List.of("sh", "-c", "kill -s " + signal + " " + process.pid());
    assertEquals(0, Program.run(new byte[0], command).exitCode(), signal + " of " + name);
  }

  /** Tells it to end in order: a Java one by its standard input, the others by SIGTERM. */
  void letGo() throws IOException {
    if (process.isAlive() && name.startsWith("java")) {
      process.getOutputStream().write("end\n".getBytes(US_ASCII));
      process.getOutputStream().close();
    } else {
      process.toHandle().destroy(); // the process itself would also throw its last words away
    }
  }

  /** Returns when it has ended and all it said was heard. */
  void awaitEnd() throws IOException {
    try {
      assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), name + " does not end");
      listener.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  int exitCode() {
    return process.exitValue();
  }

  @Override
  public String toString() {
    return name;
  }
}
