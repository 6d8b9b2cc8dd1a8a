package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Makes files and reads them as other programs do, byte by byte: by Python. */
final class RawNames {

  private static final String NAMED =
      """
      import os, socket, sys, urllib.parse
      os.chdir(urllib.parse.unquote_to_bytes(sys.argv[1]))
      for line in sys.stdin.read().split():
          name = bytes.fromhex(line)
      """;

  private RawNames() {}

  /** Files with these names, one char a byte, that hold their own names. */
  static void create(Path directory, List<String> names) throws IOException {
    make("    open(name, 'wb').write(name)\n", directory, names);
  }

  static void createDirectory(Path directory, String name) throws IOException {
    make("    os.mkdir(name)\n", directory, List.of(name));
  }

  static void createFifo(Path directory, String name) throws IOException {
    make("    os.mkfifo(name)\n", directory, List.of(name));
  }

  static void createSocket(Path directory, String name) throws IOException {
    make("    socket.socket(socket.AF_UNIX).bind(name)\n", directory, List.of(name));
  }

  private static void make(String action, Path directory, List<String> names) throws IOException {
    StringBuilder input = new StringBuilder();
    for (String name : names) {
      input.append(HexFormat.of().formatHex(name.getBytes(ISO_8859_1))).append('\n');
    }
    python(NAMED + action, input.toString(), directory.toUri().getRawPath());
  }

  /** Runs a Python program; what it prints. */
  static String python(String program, String input, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("python3", "-c", program));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var stdin = process.getOutputStream()) {
      stdin.write(input.getBytes(US_ASCII));
    }
    String output = new String(process.getInputStream().readAllBytes(), US_ASCII);
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException("python3 failed: " + output);
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    } finally {
      process.destroy();
    }
    return output;
  }
}
