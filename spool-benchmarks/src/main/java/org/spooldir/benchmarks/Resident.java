package org.spooldir.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A program that stays: it does its work once, and again for each line that it is given. Each time
 * it prints its figures, and an empty line.
 */
final class Resident implements AutoCloseable {

  private final Process process;
  private final BufferedReader output;

  private Resident(Process process) {
    this.process = process;
    this.output = process.inputReader();
  }

  /** Returns when it has done its work for the first time. */
  static Resident start(List<String> command) throws IOException {
    Resident resident =
        new Resident(
            new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    try {
      resident.figures();
      return resident;
    } catch (IOException e) {
      resident.close();
      throw e;
    }
  }

  /** Has it do its work once more. */
  Map<String, Double> again() throws IOException {
    Writer input = process.outputWriter();
    input.write('\n');
    input.flush();
    return figures();
  }

  private Map<String, Double> figures() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line = output.readLine(); !"".equals(line); line = output.readLine()) {
      if (line == null) {
        throw new IOException("a program ended that should stay: " + process.info().commandLine());
      }
      lines.add(line);
    }
    return Programs.parsed(lines);
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
