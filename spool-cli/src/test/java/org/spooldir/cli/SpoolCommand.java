package org.spooldir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The real {@code spool}, as a process: the script at the root of the project, and its jars. */
final class SpoolCommand {

  /** The launcher. */
  static final Path LAUNCHER = Path.of("..", "spool").toAbsolutePath().normalize();

  private final List<String> command;
  private final Map<String, String> environment = new HashMap<>();
  private byte[] input = {};
  private Path directory = Path.of("").toAbsolutePath();

  private SpoolCommand(List<String> command) {
    this.command = command;
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("LC_ALL", "C.UTF-8");
  }

  /** What a run left behind. */
  record Result(int code, String out, String err) {

    List<String> lines() {
      return out().lines().toList();
    }

    /** Asserts that it went well; shows what it said if not. */
    Result ok() {
      return failsWith(ExitCode.OK);
    }

    /** Asserts the exit code. */
    Result failsWith(int expected) {
      assertEquals(expected, code, () -> "exit code; it printed\n" + out() + err);
      return this;
    }
  }

  /** {@code spool} with these arguments; paths and numbers are put in as they print. */
  static SpoolCommand spool(Object... arguments) {
    List<String> command = new ArrayList<>(List.of(LAUNCHER.toString()));
    for (Object each : arguments) {
      command.add(String.valueOf(each));
    }
    return new SpoolCommand(command);
  }

  /** A line of shell in which {@code spool} is on the PATH. */
  static SpoolCommand shell(String line) {
    SpoolCommand shell = new SpoolCommand(new ArrayList<>(List.of("bash", "-c", line)));
    shell.environment.put("PATH", System.getenv("PATH") + ":" + LAUNCHER.getParent());
    return shell;
  }

  /** Skips the test where a program that it needs is not installed. */
  static void needs(String program) {
    assumeTrue(Program.onPath(program).isPresent(), () -> program + " is not installed");
  }

  /** A line of shell in a pseudo-terminal of 24 lines and this many columns. */
  static SpoolCommand terminal(int columns, String line) {
    needs("script");
    SpoolCommand script = shell("");
    // A plain sh takes an interrupt of what it runs for its own.
    script.environment.put("SHELL", "bash");
    script.command.clear();
    script.command.addAll(
        List.of("script", "-qefc", "stty rows 24 cols " + columns + "; " + line, "/dev/null"));
    return script;
  }

  SpoolCommand with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  SpoolCommand input(byte[] bytes) {
    input = bytes.clone();
    return this;
  }

  SpoolCommand input(String text) {
    return input(text.getBytes(StandardCharsets.UTF_8));
  }

  SpoolCommand in(Path workingDirectory) {
    directory = workingDirectory;
    return this;
  }

  /** Puts a command in front of it: {@code prlimit}, {@code setpriv} … */
  SpoolCommand under(String... wrapper) {
    command.addAll(0, List.of(wrapper));
    return this;
  }

  /**
   * Starts it; standard error goes with standard output. It hears signals, also if this build runs
   * in the background of a script and is to hear none.
   */
  Process start() {
    under("env", "--default-signal=HUP,INT,TERM");
    return start(builder().redirectErrorStream(true));
  }

  /** Runs it to its end, which must come in time. */
  Result run() {
    try {
      Path err = Files.createTempFile("spool", ".err");
      Path out = Files.createTempFile("spool", ".out");
      try {
        Process process = start(builder().redirectError(err.toFile()).redirectOutput(out.toFile()));
        try (OutputStream stdin = process.getOutputStream()) {
          stdin.write(input);
        } catch (IOException e) {
          // it did not want its input
        }
        if (!process.waitFor(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new AssertionError("hangs: " + command + "\n" + Files.readString(err));
        }
        return new Result(
            process.exitValue(),
            new String(Files.readAllBytes(out), StandardCharsets.UTF_8),
            Files.readString(err));
      } finally {
        Files.delete(err);
        Files.delete(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private ProcessBuilder builder() {
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().putAll(environment);
    return builder;
  }

  private static Process start(ProcessBuilder builder) {
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
