package org.spooldir.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A histogram of ages. On a terminal the shape of each row is drawn, to the row's own scale, and it
 * fits: with less room numbers are rounded, then labels cut, then there is the drawing alone. What
 * goes to a file or a pipe is numbers, whole.
 */
final class AgeTable {

  /** From nothing to the most; nothing is shown as nothing only if it is. */
  private static final String BLOCKS = " \u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588";

  private static final String ASCII = " .:-=+*%#";
  private static final String UNITS = "kMGTPE";
  private static final int GAP = 2;

  /** A label that is cut shorter says nothing. */
  private static final int LEAST_LABEL = 12;

  private final Terminal terminal;
  private final String title;
  private final List<AgeHistogram.Row> rows;
  private final boolean hasUnknown;

  /**
   * A table.
   *
   * @param title what the labels are
   * @param rows the last one the total
   */
  AgeTable(Terminal terminal, String title, List<AgeHistogram.Row> rows) {
    this.terminal = terminal;
    this.title = title;
    this.rows = rows;
    this.hasUnknown = rows.get(rows.size() - 1).count(AgeHistogram.AGES.size()) > 0;
  }

  void print() throws IOException {
    if (!terminal.isInteractive()) {
      print(cells(true, false), Integer.MAX_VALUE, false);
      return;
    }
    List<String[]> cells = cells(true, false);
    int room = roomForLabels(cells);
    if (room < widthOf(cells, 0)) {
      cells = cells(true, true);
      room = roomForLabels(cells);
    }
    if (room < Math.min(LEAST_LABEL, widthOf(cells, 0))) {
      cells = cells(false, false);
      room = Math.max(LEAST_LABEL, roomForLabels(cells));
    }
    print(cells, room, true);
  }

  /** Titles and rows: the label, the total and, if wanted, each age. */
  private List<String[]> cells(boolean ages, boolean rounded) {
    List<String[]> cells = new ArrayList<>();
    int shown = AgeHistogram.AGES.size() + (hasUnknown ? 1 : 0);
    String[] titles = new String[2 + (ages ? shown : 0)];
    titles[0] = title;
    titles[1] = "TOTAL";
    for (int i = 2; i < titles.length; i++) {
      titles[i] = i - 2 < AgeHistogram.AGES.size() ? AgeHistogram.AGES.get(i - 2) : "?";
    }
    cells.add(titles);
    for (AgeHistogram.Row row : rows) {
      String[] line = new String[titles.length];
      line[0] = Printable.of(row.label());
      line[1] = number(row.total(), rounded);
      for (int i = 2; i < line.length; i++) {
        line[i] = number(row.count(i - 2), rounded);
      }
      cells.add(line);
    }
    return cells;
  }

  private int roomForLabels(List<String[]> cells) {
    int room = terminal.columns() - GAP - AgeHistogram.AGES.size();
    for (int column = 1; column < cells.get(0).length; column++) {
      room -= GAP + widthOf(cells, column);
    }
    return room;
  }

  private static int widthOf(List<String[]> cells, int column) {
    int width = 0;
    for (String[] line : cells) {
      width = Math.max(width, TextWidth.of(line[column]));
    }
    return width;
  }

  private void print(List<String[]> cells, int labels, boolean drawn) throws IOException {
    Table table = new Table(terminal).left(title, Table.ALWAYS);
    String[] titles = cells.get(0);
    for (int i = 1; i < titles.length; i++) {
      table.right(titles[i], Table.ALWAYS);
    }
    if (drawn) {
      table.left("new  old", Table.ALWAYS);
    }
    for (int i = 1; i < cells.size(); i++) {
      List<String> line = new ArrayList<>(List.of(cells.get(i)));
      line.set(0, TextWidth.cut(line.get(0), labels, terminal.hasUnicode() ? "\u2026" : "..."));
      if (drawn) {
        line.add(draw(rows.get(i - 1), terminal.hasUnicode()).stripTrailing());
      }
      table.row(line.toArray(String[]::new));
    }
    table.end();
  }

  /** One character for each age, as high as its share of the largest one. */
  static String draw(AgeHistogram.Row row, boolean unicode) {
    String levels = unicode ? BLOCKS : ASCII;
    long most = 1;
    for (int i = 0; i < AgeHistogram.AGES.size(); i++) {
      most = Math.max(most, row.count(i));
    }
    StringBuilder drawing = new StringBuilder();
    for (int i = 0; i < AgeHistogram.AGES.size(); i++) {
      double share = (double) row.count(i) / most;
      drawing.append(levels.charAt((int) Math.ceil(share * (levels.length() - 1))));
    }
    return drawing.toString();
  }

  /** A number in four characters at most, if need be: {@code 999}, {@code 1.2k}, {@code 34M}. */
  static String number(long number, boolean rounded) {
    return rounded ? SizeText.scaled(number, 1000, UNITS) : Long.toString(number);
  }
}
