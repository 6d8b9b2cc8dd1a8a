package org.spooldir.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was found, as Markdown and as pictures. */
final class Report {

  private static final String BARS =
      "| work | measured | bar | stretch | |\n|---|---|---|---|---|\n";

  private final Map<String, StringBuilder> sections = new LinkedHashMap<>();
  private StringBuilder text = new StringBuilder(); // of the last section
  private String machine = "";
  private final Map<String, String> pictures = new TreeMap<>();
  private final List<String> missed = new ArrayList<>();
  private boolean inBars;

  /** What the sections that follow were measured on. */
  void measuredOn(String machine) {
    this.machine = machine;
  }

  void section(String title, String words) {
    inBars = false;
    text = new StringBuilder(words.strip()).append('\n');
    if (!machine.isEmpty()) {
      text.append("\n*").append(machine).append("*\n");
    }
    sections.put(title, text);
  }

  /**
   * One line of the table of bars.
   *
   * @param least whether the bar is a least, or a most
   */
  void bar(String work, Figure measured, String unit, boolean least, double bar, String stretch) {
    beginBars();
    boolean met = least ? measured.median() >= bar : measured.median() <= bar;
    String sign = least ? "≥ " : "≤ ";
    text.append(
        "| %s | %s%s | %s%s%s | %s | %s |%n"
            .formatted(
                work,
                measured.spread(),
                unit,
                sign,
                Figure.text(bar),
                unit,
                stretch,
                met ? "met" : "**missed**"));
    if (!met) {
      missed.add(work + ": " + measured.spread() + unit + ", bar " + Figure.text(bar));
    }
  }

  private void beginBars() {
    if (!inBars) {
      text.append('\n').append(BARS);
      inBars = true;
    }
  }

  /**
   * A line among them that has no bar, to compare with.
   *
   * @param who the contender
   * @param what which of its figures, so many a second
   * @param to whose figure it is a ratio to
   */
  void comparison(String work, Contest contest, String who, String what, String to) {
    beginBars();
    text.append(
        "| %s: %s a second | %s | | | |%n"
            .formatted(
                work,
                Figure.text(contest.figure(who, what).median()),
                contest.ratio(who, what, to).spread()));
  }

  /** A table of its own. */
  void table(List<String> head, List<List<String>> rows) {
    inBars = false;
    text.append("\n| ").append(String.join(" | ", head)).append(" |\n|");
    text.append("---|".repeat(head.size())).append('\n');
    for (List<String> row : rows) {
      text.append("| ").append(String.join(" | ", row)).append(" |\n");
    }
  }

  void picture(String name, String alternative, String svg) {
    inBars = false;
    pictures.put(name, svg);
    text.append("\n![").append(alternative).append("](performance/").append(name).append(")\n");
  }

  /** What each section says, by its title. */
  Map<String, String> sections() {
    Map<String, String> all = new LinkedHashMap<>();
    sections.forEach((title, words) -> all.put(title, words.toString()));
    return all;
  }

  /** File name to SVG. */
  Map<String, String> pictures() {
    return pictures;
  }

  /** The bars that were not reached. */
  List<String> missed() {
    return missed;
  }
}
