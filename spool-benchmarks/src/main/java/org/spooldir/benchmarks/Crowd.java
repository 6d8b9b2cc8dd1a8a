package org.spooldir.benchmarks;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Processes that begin together: each says {@code ready}, waits for a line, and at its end tells
 * some numbers in one line. Some then say {@code ready} again.
 */
final class Crowd implements AutoCloseable {

  private final List<Process> processes = new ArrayList<>();

  private Crowd() {}

  /** Starts so many, and returns when all are ready. */
  static Crowd ready(int size, IntFunction<List<String>> command) throws IOException {
    Crowd crowd = new Crowd();
    try {
      for (int i = 0; i < size; i++) {
        crowd.processes.add(
            new ProcessBuilder(command.apply(i))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
      }
      crowd.awaitReady();
    } catch (IOException e) {
      crowd.close();
      throw e;
    }
    return crowd;
  }

  /** Returns when all are ready again. */
  void awaitReady() throws IOException {
    for (Process process : processes) {
      String said = process.inputReader().readLine();
      if (!"ready".equals(said)) {
        throw new IOException("one of a crowd is not ready: " + said);
      }
    }
  }

  /** Gives each a line: the sign to begin, or to end. */
  void sign() throws IOException {
    for (Process process : processes) {
      Writer input = process.outputWriter();
      input.write('\n');
      input.flush();
    }
  }

  /** What each tells at its end. */
  List<long[]> told() throws IOException {
    List<long[]> told = new ArrayList<>();
    for (Process process : processes) {
      String line = process.inputReader().readLine();
      if (line == null) {
        throw new IOException("one of a crowd ended without a word");
      }
      told.add(numbers(line));
    }
    return told;
  }

  /** The numbers of a line. */
  static long[] numbers(String line) {
    return Splitter.on(' ').splitToStream(line).mapToLong(Long::parseLong).toArray();
  }

  /** What they work on may be removed after that. */
  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
    for (Process process : processes) {
      process.onExit().join();
    }
  }
}
