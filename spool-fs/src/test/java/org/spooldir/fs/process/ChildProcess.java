package org.spooldir.fs.process;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The outside of a child process: its journal, its orders, and the signals it gets. */
final class ChildProcess {

  /** How long a test waits for what should happen soon, on the slowest machine. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Duration LOOK = Duration.ofMillis(2);
  private static final int FIRST_ID = 1;

  /** What the exit value is after kill -9. */
  private static final int KILLED = 128 + 9;

  private final String name;
  private final Class<?> main;
  private final Process process;
  private final Path errors;
  private final Thread reader;
  private final List<Line> journal = new ArrayList<>();
  private final List<Stop> stops = new ArrayList<>();
  private int read;
  private boolean killed;
  private long killedAt;

  /**
   * One line that a child wrote whole.
   *
   * @param at when it was written, by {@link System#nanoTime}, which all processes of a machine
   *     have in common
   * @param words the rest of the line, cut at its spaces
   */
  record Line(ChildProcess child, long at, Act act, List<String> words) {

    /** The job that it is about. */
    String id() {
      return words.get(0);
    }

    int attempt() {
      return Integer.parseInt(words.get(FIRST_ID));
    }

    @Override
    public String toString() {
      return child.name + " " + act + " " + String.join(" ", words);
    }
  }

  /** For how long it stood still, by {@link System#nanoTime}. */
  record Stop(long from, long to) {}

  /** Takes over a process that was just started. */
  ChildProcess(String name, Class<?> main, Process process, Path errors) {
    this.name = name;
    this.main = main;
    this.process = process;
    this.errors = errors;
    this.reader = new Thread(this::readJournal, "journal of " + name);
    reader.setDaemon(true);
    reader.start();
  }

  private void readJournal() {
    StringBuilder line = new StringBuilder();
    try (InputStream in = new BufferedInputStream(process.getInputStream())) {
      for (int c = in.read(); c >= 0; c = in.read()) {
        if (c != '\n') {
          line.append((char) c);
          continue;
        }
        List<String> words = Arrays.asList(line.toString().split(" "));
        add(
            Long.parseLong(words.get(0)),
            Act.valueOf(words.get(1)),
            words.subList(2, words.size()));
        line.setLength(0);
      }
    } catch (IOException e) {
      // the process was destroyed; what was read until then counts
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      add(System.nanoTime(), Act.FAILED, List.of("wrote", line.toString()));
    }
  }

  private synchronized void add(long at, Act act, List<String> words) {
    journal.add(new Line(this, at, act, words));
  }

  // ---- what it wrote ----

  String name() {
    return name;
  }

  Class<?> main() {
    return main;
  }

  /** All lines until now. */
  synchronized List<Line> journal() {
    return List.copyOf(journal);
  }

  /** Lines of these acts until now. */
  long count(Act act) {
    return journal().stream().filter(line -> line.act == act).count();
  }

  /** The number of all lines until now. */
  synchronized int lines() {
    return journal.size();
  }

  /**
   * The last thing that it did and wrote down; empty if it did nothing. What its listener was told
   * comes in between from the background.
   */
  Optional<Line> lastWords() {
    return journal().stream()
        .filter(line -> line.act != Act.LOST && line.act != Act.TROUBLE)
        .reduce((first, last) -> last);
  }

  /** Waits until it has written this much. */
  void awaitLines(int lines) {
    await(name + " should be at work")
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(LOOK)
        .failFast(name + " failed", () -> count(Act.FAILED) > 0)
        .until(() -> lines() >= lines);
  }

  /** Waits for the next line of this act; those before it count as read. */
  Line next(Act act) {
    return next(act, PATIENCE);
  }

  /** Waits for the next line of this act, but no longer than this. */
  Line next(Act act, Duration atMost) {
    return await(name + " should write " + act)
        .atMost(atMost)
        .pollDelay(Duration.ZERO)
        .pollInterval(LOOK)
        .failFast(name + " failed", () -> count(Act.FAILED) > 0)
        .until(() -> find(act), Optional::isPresent)
        .orElseThrow();
  }

  private synchronized Optional<Line> find(Act act) {
    for (int i = read; i < journal.size(); i++) {
      if (journal.get(i).act == act) {
        read = i + 1;
        return Optional.of(journal.get(i));
      }
    }
    return Optional.empty();
  }

  /** What it wrote to standard error. */
  String errors() throws IOException {
    return Files.readString(errors);
  }

  // ---- what it is told ----

  /** Gives an order. */
  void tell(String order) {
    try {
      process.getOutputStream().write((order + "\n").getBytes(US_ASCII));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new AssertionError(name + " cannot be told to " + order, e);
    }
  }

  /** Gives an order to claim, and waits for the claim. */
  Line claim() {
    tell("claim " + PATIENCE.toMillis());
    return next(Act.CLAIMED);
  }

  /** Gives an order to settle a claim, and waits until it has. */
  Line settle(String how, String id) {
    tell(how + " " + id);
    return next(Act.SETTLED);
  }

  // ---- what happens to it ----

  /** Its process, as this namespace sees it: not the command that it was started behind. */
  private ProcessHandle jvm() {
    try (Stream<ProcessHandle> behind = process.descendants()) {
      return behind.reduce((first, last) -> last).orElse(process.toHandle());
    }
  }

  long pid() {
    return jvm().pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Whether it was killed before it ended, so that it may have done what it did not write down. */
  boolean wasKilled() {
    return killed;
  }

  /** Until when it lived for certain, if it was killed by {@link #kill}. */
  long killedAt() {
    return killedAt;
  }

  /** Whether it ended by itself, and as it should. */
  boolean endedInOrder() {
    return !process.isAlive() && process.exitValue() == 0;
  }

  /** When it was stopped, and until when. */
  List<Stop> stops() {
    return List.copyOf(stops);
  }

  /** kill -9; returns when it is gone and the journal read to its end. */
  void kill() {
    if (isAlive()) {
      killedAt = System.nanoTime();
      standStillNoMore();
    }
    jvm().destroyForcibly();
    process.toHandle().destroyForcibly(); // the process itself would also throw its journal away
    awaitKill();
  }

  /** Somebody kills it: returns when it is gone, and says whether by kill -9. */
  boolean awaitKill() {
    awaitEnd();
    killed = process.exitValue() == KILLED;
    return killed;
  }

  /** kill -STOP; returns when all its threads stand still. */
  void stop() {
    stops.add(new Stop(System.nanoTime(), Long.MAX_VALUE));
    signal("STOP");
    await(name + " should stand still").atMost(PATIENCE).until(() -> states().matches("T+"));
  }

  /** kill -CONT. */
  void goOn() {
    signal("CONT");
    standStillNoMore();
  }

  private void standStillNoMore() {
    int last = stops.size() - 1;
    if (last >= 0 && stops.get(last).to == Long.MAX_VALUE) {
      stops.set(last, new Stop(stops.get(last).from, System.nanoTime()));
    }
  }

  /** kill -TERM. */
  void terminate() {
    signal("TERM");
  }

  private void signal(String signal) {
    try {
      int code =
          new ProcessBuilder("sh", "-c", "kill -s " + signal + " " + pid()).start().waitFor();
      if (code != 0) {
        throw new AssertionError("kill -s " + signal + " of " + name + ": exit code " + code);
      }
    } catch (IOException | InterruptedException e) {
      throw new AssertionError("kill -s " + signal + " of " + name, e);
    }
  }

  /** The state of each of its threads, one letter each. */
  private String states() throws IOException {
    StringBuilder states = new StringBuilder();
    try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid() + "/task"))) {
      for (Path task : tasks.toList()) {
        String stat = Files.readString(task.resolve("stat"), US_ASCII);
        states.append(stat.charAt(stat.lastIndexOf(')') + 2));
      }
    }
    return states.toString();
  }

  /** Returns when it has ended and the journal is read to its end. */
  void awaitEnd() {
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError(name + " does not end");
      }
      reader.join(PATIENCE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while " + name + " ended", e);
    }
  }
}
