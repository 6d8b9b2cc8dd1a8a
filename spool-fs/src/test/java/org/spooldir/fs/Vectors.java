package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of {@code docs/format-vectors}, as their README describes them. */
final class Vectors {

  private static final Path DIRECTORY = Path.of("../docs/format-vectors");
  private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");

  private Vectors() {}

  /** One line, its fields still escaped. */
  record Row(List<String> fields) {

    String raw(int i) {
      return fields.get(i);
    }

    /** A field as it is on disk, one char per byte. */
    String bytes(int i) {
      return unescaped(fields.get(i));
    }

    /** A field that is text in UTF-8. */
    String text(int i) {
      return Vectors.text(fields.get(i));
    }

    @Override
    public String toString() {
      return String.join(" | ", fields.subList(0, Math.min(2, fields.size())));
    }
  }

  /** All lines of a file but the first one, which says what the columns are. */
  static Stream<Row> rows(String file) throws IOException {
    return Files.readAllLines(DIRECTORY.resolve(file)).stream()
        .skip(1)
        .map(line -> new Row(Splitter.on('\t').splitToList(line)));
  }

  static String unescaped(String field) {
    return OCTAL
        .matcher(field)
        .replaceAll(
            octal ->
                Matcher.quoteReplacement(
                    String.valueOf((char) Integer.parseInt(octal.group(1), 8))));
  }

  static String text(String field) {
    return new String(unescaped(field).getBytes(ISO_8859_1), UTF_8);
  }
}
