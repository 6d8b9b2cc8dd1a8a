package org.spooldir.examples.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The producers, and how to run them. */
enum Program {
  SHELL,
  PYTHON,
  C;

  static final Path DIRECTORY = Path.of("interop").toAbsolutePath();

  /** Debian's own: a shim in front of another one would be killed in its place. */
  static final String PYTHON3 =
      Files.isExecutable(Path.of("/usr/bin/python3")) ? "/usr/bin/python3" : "python3";

  private static final int PATIENCE_SECONDS = 60;

  /** Skips the tests, and says why, where one of these commands is not there. */
  static void assumeThereAre(String... commands) throws IOException {
    for (String command : commands) {
      assumeTrue(
          run(new byte[0], List.of("sh", "-c", "command -v " + command)).exitCode() == 0,
          "no " + command + " here");
    }
  }

  /** How a process ended. */
  record Ended(int exitCode, String output, String errors) {}

  /** What hands in standard input. */
  List<String> produce(Path spool, int priority, Map<String, String> attributes)
      throws IOException {
    List<String> command = new ArrayList<>();
    switch (this) {
      case SHELL -> command.addAll(List.of("/bin/sh", DIRECTORY + "/produce.sh"));
      case PYTHON -> command.addAll(List.of(PYTHON3, "-B", DIRECTORY + "/produce.py"));
      case C -> command.add(compiled().toString());
    }
    if (this == PYTHON) {
      command.addAll(List.of("-p", Integer.toString(priority)));
      attributes.forEach((name, value) -> command.addAll(List.of("-a", name + "=" + value)));
      command.add(spool.toString());
    } else {
      command.addAll(List.of(spool.toString(), Integer.toString(priority)));
      attributes.forEach((name, value) -> command.add(name + "=" + value));
    }
    return command;
  }

  /** The program in C, compiled as its comment says and with all warnings. */
  private static synchronized Path compiled() throws IOException {
    Path program = Path.of("target/interop-produce").toAbsolutePath();
    Path source = DIRECTORY.resolve("produce.c");
    if (!Files.exists(program)
        || Files.getLastModifiedTime(program).compareTo(Files.getLastModifiedTime(source)) < 0) {
      Path draft = Files.createTempFile(program.getParent(), "interop-produce", "");
      List<String> cc = List.of("cc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-O2", "-o");
      List<String> command = new ArrayList<>(cc);
      command.addAll(List.of(draft.toString(), source.toString()));
      Ended ended = run(new byte[0], command);
      assertEquals(0, ended.exitCode(), ended.errors());
      Files.move(draft, program, StandardCopyOption.REPLACE_EXISTING);
    }
    return program;
  }

  /** The worker in Python, which runs a command for each job. */
  static List<String> pythonWorker(Path spool, List<String> options, String... job) {
    List<String> command = new ArrayList<>(List.of(PYTHON3, "-B", DIRECTORY + "/worker.py"));
    command.addAll(options);
    command.add(spool.toString());
    command.addAll(List.of(job));
    return command;
  }

  /** A main class of the tests, in a JVM of its own. */
  static List<String> java(Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  /** Runs a command to its end. */
  static Ended run(byte[] input, List<String> command) throws IOException {
    Path scratch = Files.createTempDirectory("spool-interop-");
    Path in = Files.write(scratch.resolve("in"), input);
    Path out = scratch.resolve("out");
    Path err = scratch.resolve("err");
    Process process =
        new ProcessBuilder(command)
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), () -> command + " hangs");
      return new Ended(
          process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
    } catch (InterruptedException e) {
      throw new IOException(e);
    } finally {
      process.destroyForcibly();
      for (Path file : List.of(in, out, err, scratch)) {
        Files.deleteIfExists(file);
      }
    }
  }
}
