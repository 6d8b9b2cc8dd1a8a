package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The outside of a {@link CutMain}. A step counts as acknowledged only if its line was read before
 * {@link #powerFails}: that is what a producer on another machine could have known.
 */
final class CutChild implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(1);

  private final Process process;
  private final Thread reader;
  private final List<CutStep> steps = new ArrayList<>();
  private final List<String> answers = new ArrayList<>();
  private int asked;
  private boolean powerless;

  /** Starts one. */
  CutChild() throws IOException {
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                CutMain.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD) // it speaks of errors without end
            .start();
    reader = new Thread(this::read, "journal of a child");
    reader.setDaemon(true);
    reader.start();
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(US_ASCII)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        take(line);
      }
    } catch (IOException e) {
      // it was killed; what was read until then counts
    }
  }

  private synchronized void take(String line) {
    if (!CutStep.isIn(line)) {
      answers.add(line);
      return;
    }
    CutStep step = CutStep.parse(line);
    int before = steps.lastIndexOf(step.unacknowledged());
    if (before < 0) {
      steps.add(powerless ? step.unacknowledged() : step);
    } else if (!powerless) {
      steps.set(before, step); // in the place where it was begun
    }
  }

  // ---- orders ----

  /** Gives an order, and waits until it was carried out. */
  void tell(String order) throws IOException {
    process.getOutputStream().write((order + "\n").getBytes(US_ASCII));
    process.getOutputStream().flush();
    asked++;
    await(order)
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(LOOK)
        .failFast("the child died", () -> !process.isAlive())
        .until(() -> answer() != null);
    if (!"ok".equals(answer())) {
      throw new IOException(order + ": " + answer());
    }
  }

  private synchronized String answer() {
    return answers.size() < asked ? null : answers.get(asked - 1);
  }

  /** Waits until this many steps were begun or done. */
  void awaitSteps(int number) {
    await("steps")
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(LOOK)
        .until(() -> begun() >= number);
  }

  private synchronized int begun() {
    return steps.size();
  }

  // ---- the end ----

  /** From now on nothing that it says is an acknowledgement. */
  synchronized void powerFails() {
    powerless = true;
  }

  /** All steps since the last call, in the order in which they were begun. */
  synchronized List<CutStep> takeSteps() {
    List<CutStep> taken = List.copyOf(steps);
    steps.clear();
    powerless = false;
    return taken;
  }

  /** kill -STOP; returns when all its threads stand still. */
  void stop() throws IOException {
    Shell.run("/bin/sh", "-c", "kill -s STOP " + process.pid());
    await("the child should stand still")
        .atMost(PATIENCE)
        .pollInterval(LOOK)
        .until(() -> states().matches("T+"));
  }

  /** The state of each of its threads, one letter each. */
  private String states() throws IOException {
    StringBuilder states = new StringBuilder();
    try (Stream<Path> tasks = Files.list(Path.of("/proc/" + process.pid() + "/task"))) {
      for (Path task : tasks.toList()) {
        String stat = Files.readString(task.resolve("stat"), US_ASCII);
        states.append(stat.charAt(stat.lastIndexOf(')') + 2));
      }
    }
    return states.toString();
  }

  /** kill -9; returns when it is gone and all that it said was read. */
  void kill() {
    process.toHandle().destroyForcibly(); // the process itself would throw away what it said
    process.onExit().join();
    try {
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    kill();
  }
}
