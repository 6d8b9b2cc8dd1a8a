package org.spooldir.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;
import com.google.common.collect.Iterables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The sections of a report in Markdown, alone or between two marks of a file. */
final class Document {

  private static final String BEGIN = "<!-- figures: written by ./bench -->\n";
  private static final String END = "<!-- end of figures -->\n";
  private static final String HEAD = "\n### ";

  private Document() {}

  /** As text. */
  static String text(Map<String, String> sections) {
    StringBuilder text = new StringBuilder();
    sections.forEach(
        (title, words) -> text.append(HEAD).append(title).append("\n\n").append(words));
    return text.toString();
  }

  /** Whether the file has a place for figures. */
  static boolean hasPlace(Path file) throws IOException {
    String text = Files.readString(file, UTF_8);
    return text.contains(BEGIN) && text.contains(END);
  }

  /**
   * Writes them into the file, each in the place of the one that has its title, and the pictures
   * beside it.
   *
   * @param only whether no other section stays
   */
  static void write(Path file, Report report, boolean only) throws IOException {
    String old = Files.readString(file, UTF_8);
    int begin = old.indexOf(BEGIN) + BEGIN.length();
    int end = old.indexOf(END);
    Map<String, String> sections = only ? new LinkedHashMap<>() : parsed(old.substring(begin, end));
    sections.putAll(report.sections());
    Files.writeString(file, old.substring(0, begin) + text(sections) + "\n" + old.substring(end));
    Path pictures = Files.createDirectories(file.resolveSibling("performance"));
    for (Map.Entry<String, String> picture : report.pictures().entrySet()) {
      Files.writeString(pictures.resolve(picture.getKey()), picture.getValue());
    }
  }

  private static Map<String, String> parsed(String text) {
    Map<String, String> sections = new LinkedHashMap<>();
    Iterable<String> parts = Splitter.on(HEAD).split(text.stripTrailing() + "\n");
    for (String part : Iterables.skip(parts, 1)) { // what stands before the first is no section
      int line = part.indexOf("\n\n");
      sections.put(part.substring(0, line), part.substring(line + 2));
    }
    return sections;
  }
}
