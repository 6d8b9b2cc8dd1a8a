package org.spooldir.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** One process that works for {@link Archive}: a JVM of its own, with a small heap. */
final class Child {

  private static final long PATIENCE_SECONDS = 60;

  private final String name;
  private final Process process;
  private final Thread listening;
  private final CountDownLatch ready = new CountDownLatch(1);
  private final AtomicReference<Throwable> deaf = new AtomicReference<>();
  private volatile String lastClaimed = "";
  private volatile boolean killed;

  private Child(String name, Process process, Consumer<Report> listener) {
    this.name = name;
    this.process = process;
    this.listening = new Thread(() -> listen(listener), name);
  }

  /**
   * Starts one.
   *
   * @param log gets what it says on its standard error
   * @param listener hears its reports, in a thread of the child's own
   */
  static Child start(
      String name, Class<?> main, List<?> arguments, Path log, Consumer<Report> listener)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    arguments.forEach(argument -> command.add(String.valueOf(argument)));
    Process process =
        new ProcessBuilder(command).redirectError(Redirect.appendTo(log.toFile())).start();
    Child child = new Child(name, process, listener);
    child.listening.setDaemon(true);
    child.listening.start();
    return child;
  }

  private void listen(Consumer<Report> listener) {
    try (BufferedReader lines = process.inputReader(UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Report.parse(line).ifPresent(report -> hear(report, listener));
      }
    } catch (IOException | RuntimeException e) {
      deaf.set(e);
    }
  }

  private void hear(Report report, Consumer<Report> listener) {
    if (report.verb() == Report.Verb.READY) {
      ready.countDown();
    } else if (report.verb() == Report.Verb.CLAIMED) {
      lastClaimed = report.word(0);
    }
    listener.accept(report);
  }

  long pid() {
    return process.pid();
  }

  @Override
  public String toString() {
    return name + " (pid " + pid() + ")";
  }

  // ---- its work ----

  void awaitReady() throws InterruptedException {
    while (!ready.await(100, TimeUnit.MILLISECONDS)) {
      requireWell();
    }
  }

  /** The id of the job that it last said to have claimed; empty if none. */
  String lastClaimed() {
    return lastClaimed;
  }

  /** Lets it begin. */
  void go() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  /** Lets it end. */
  void letGo() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // It has ended already.
    }
  }

  /** Waits until it has ended and all it said was heard. */
  void awaitEnd() throws InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException(this + " does not end");
    }
    listening.join(PATIENCE_SECONDS * 1000);
    requireWell();
  }

  boolean hasEnded() {
    return !process.isAlive();
  }

  /**
   * Looks whether it does what it should.
   *
   * @throws IllegalStateException if it ended with a failure, and not because it was killed
   */
  void requireWell() {
    Throwable failure = deaf.get();
    if (failure != null) {
      throw new IllegalStateException("cannot hear " + this, failure);
    }
    if (!killed && hasEnded() && process.exitValue() != 0) {
      throw new IllegalStateException(this + " ended with exit code " + process.exitValue());
    }
  }

  /** kill -9. What it has said is heard all the same, which is why this is not Process.destroy. */
  void kill() {
    killed = true;
    process.toHandle().destroyForcibly();
  }
}
