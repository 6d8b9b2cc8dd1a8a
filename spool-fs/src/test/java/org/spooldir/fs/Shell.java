package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What an operator or another program does to a spool directory, from outside. */
final class Shell {

  private Shell() {}

  /** Runs a command that must succeed. */
  static void run(String... command) throws IOException {
    run(new ProcessBuilder(command));
  }

  /**
   * As an operator does it: what was forced a moment ago is open still, and then he tries again.
   */
  static void unmount(Path mount) {
    await().untilAsserted(() -> assertDoesNotThrow(() -> unmountOnce(mount)));
  }

  private static void unmountOnce(Path mount) throws IOException {
    try {
      run("umount", mount.toString());
    } catch (IOException e) {
      throw new IOException(e.getMessage() + "; open here: " + open(mount), e);
    }
  }

  /** What this process has open below a directory, where the system tells. */
  static List<Path> open(Path root) throws IOException {
    List<Path> open = new ArrayList<>();
    Path own = Path.of("/proc/self/fd");
    if (Files.isDirectory(own)) {
      for (String descriptor : names(own)) {
        try {
          Path file = Files.readSymbolicLink(own.resolve(descriptor));
          if (file.startsWith(root)) {
            open.add(file);
          }
        } catch (NoSuchFileException e) {
          // RACE: closed in the meantime, as that of the listing itself
        }
      }
    }
    return open;
  }

  /** Runs a process that must succeed; returns what it said. */
  static String run(ProcessBuilder builder) throws IOException {
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(builder.command().get(0) + " failed: " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    return said;
  }

  /**
   * Delivers into {@code new/} as a script does it, with {@code mv}.
   *
   * @param name one char per byte, any bytes
   */
  static void deliver(Path root, String name, byte[] body) throws IOException {
    Path written = Files.write(root.resolve("tmp/draft"), body);
    StringBuilder octal = new StringBuilder();
    for (byte b : name.getBytes(ISO_8859_1)) {
      octal.append(String.format("\\%03o", b & 0xff));
    }
    // The x keeps a newline at the end, which $( ) would cut off.
    String script = "n=$(printf \"$3x\") && exec mv -- \"$1\" \"$2/${n%x}\"";
    ProcessBuilder mv =
        new ProcessBuilder(
            "/bin/sh", "-c", script, "sh", written.toString(), root + "/new", octal.toString());
    mv.environment().put("LC_ALL", "C");
    run(mv);
  }

  /** The names in a directory, one char per byte. */
  static List<String> names(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(FileNames::textOf).sorted().toList();
    }
  }

  /** The only file in a directory. */
  static Path only(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      List<Path> all = files.toList();
      if (all.size() != 1) {
        throw new IllegalStateException("not one file: " + all);
      }
      return all.get(0);
    }
  }
}
