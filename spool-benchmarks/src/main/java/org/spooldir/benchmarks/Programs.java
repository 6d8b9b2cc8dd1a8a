package org.spooldir.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Other programs: starts them, and reads the figures that they print, one a line: {@code what 123}.
 */
final class Programs {

  private Programs() {}

  /** Runs a program to its end, its output shown. */
  static void run(String... command) throws IOException, InterruptedException {
    expectSuccess(new ProcessBuilder(command).inheritIO().start(), List.of(command));
  }

  /** Returns when nothing is left to be written to the file system of this directory. */
  static void sync(Path directory) throws IOException, InterruptedException {
    run("sync", "-f", directory.toString());
  }

  /** Runs a program to its end. */
  static String output(String... command) throws IOException, InterruptedException {
    return output(List.of(command));
  }

  /** Runs a program to its end. */
  static String output(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    expectSuccess(process, command);
    return output;
  }

  private static void expectSuccess(Process process, List<String> command)
      throws IOException, InterruptedException {
    int status = process.waitFor();
    if (status != 0) {
      throw new IOException("exit code " + status + " of: " + String.join(" ", command));
    }
  }

  /** The figures that a program prints. */
  static Map<String, Double> figures(List<String> command)
      throws IOException, InterruptedException {
    return parsed(output(command).lines().takeWhile(line -> !line.isEmpty()).toList());
  }

  /** The figures in these lines. */
  static Map<String, Double> parsed(List<String> lines) {
    Map<String, Double> figures = new TreeMap<>();
    for (String line : lines) {
      int space = line.indexOf(' ');
      figures.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
    }
    return figures;
  }

  /** Whether there is such a program. */
  static boolean exist(String... command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      process.getInputStream().readAllBytes();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** The command that runs a class of ours in a JVM of its own. */
  static List<String> java(String memory, Class<?> main, Object... args) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + memory,
                "-cp",
                System.getProperty("java.class.path")));
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED"); // SQLite's
    }
    command.add(main.getName());
    for (Object arg : args) {
      command.add(arg.toString());
    }
    return command;
  }

  /** Copies a file that comes with these classes. */
  static Path resource(String name, Path directory) throws IOException {
    Path copy = directory.resolve(name);
    try (InputStream in = Programs.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("no resource " + name);
      }
      Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
    }
    return copy;
  }
}
