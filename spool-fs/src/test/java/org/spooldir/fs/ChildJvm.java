package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A JVM with another environment, or fewer rights, than this one. */
final class ChildJvm {

  private ChildJvm() {}

  /**
   * Runs a main class to its end.
   *
   * @param wrapper a command to put in front, or none
   * @return what it prints
   * @throws AssertionError with what it prints if it fails
   */
  static String run(
      List<String> wrapper, Map<String, String> environment, Class<?> main, Path... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(wrapper);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    for (Path argument : arguments) {
      command.add(argument.toString());
    }
    Path output = Files.createTempFile("child", ".out");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.redirectOutput(output.toFile()).start();
    try {
      boolean ended = process.waitFor(60, TimeUnit.SECONDS);
      String printed = new String(Files.readAllBytes(output), US_ASCII);
      if (!ended || process.exitValue() != 0) {
        throw new AssertionError(
            (ended ? "failed: " : "hangs: ") + main.getName() + "\n" + printed);
      }
      return printed;
    } finally {
      process.destroyForcibly();
      Files.delete(output);
    }
  }
}
