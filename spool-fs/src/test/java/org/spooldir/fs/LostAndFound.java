package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.spooldir.fs.process.Telltale;

/** Files without a name, which {@code e2fsck} has put into {@code lost+found}. */
final class LostAndFound {

  private final Path directory;

  LostAndFound(Path mountPoint) {
    this.directory = mountPoint.resolve("lost+found");
  }

  /** Whether a payload of this name is there, whole. */
  boolean holds(String payload) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (endsWith(Files.readAllBytes(file), payload)) {
          return true;
        }
      }
    }
    return false;
  }

  /** A header may stand before it. */
  private static boolean endsWith(byte[] bytes, String payload) throws IOException {
    Matcher line =
        Pattern.compile(Pattern.quote(payload) + " (\\d{1,9})\n")
            .matcher(new String(bytes, ISO_8859_1));
    if (!line.find()) {
      return false;
    }
    try (InputStream in = new Telltale(payload, Long.parseLong(line.group(1))).open()) {
      byte[] whole = in.readAllBytes();
      return Arrays.equals(bytes, line.start(), bytes.length, whole, 0, whole.length);
    }
  }
}
