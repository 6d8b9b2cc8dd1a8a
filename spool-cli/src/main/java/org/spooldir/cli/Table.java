package org.spooldir.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows under titles, in columns as wide as they need. On a terminal they fit: columns are left out,
 * those of least weight first, and one column of text may be cut or wrapped. What goes to a file or
 * a pipe is whole.
 *
 * <p>A table of any length takes little memory: rows are printed a thousand at a time, and what
 * comes later may widen a column. {@link #end} prints the last ones. Cells must be {@linkplain
 * Printable printable}.
 */
final class Table {

  /** The weight of a column that is never left out, be the line as long as it must. */
  static final int ALWAYS = Integer.MAX_VALUE;

  private static final int ROWS = 1000;
  private static final int GAP = 2;

  /** A column of text that is narrower says nothing. */
  private static final int LEAST_TEXT = 12;

  private enum Kind {
    LEFT,
    RIGHT,
    CUT,
    WRAPPED
  }

  private static final class Column {
    final String title;
    final Kind kind;
    final int weight;
    boolean shown = true;
    int natural;
    int width;

    Column(String title, Kind kind, int weight) {
      this.title = title;
      this.kind = kind;
      this.weight = weight;
      this.natural = TextWidth.of(title);
    }

    boolean isText() {
      return kind == Kind.CUT || kind == Kind.WRAPPED;
    }

    int least() {
      return isText() ? Math.min(natural, LEAST_TEXT) : natural;
    }
  }

  private final Terminal terminal;
  private final int columnsOfTerminal;
  private final String more;
  private final List<Column> columns = new ArrayList<>();
  private final List<String[]> rows = new ArrayList<>();
  private int indent;
  private boolean begun;

  Table(Terminal terminal) {
    this.terminal = terminal;
    this.columnsOfTerminal = terminal.isInteractive() ? terminal.columns() : Integer.MAX_VALUE;
    this.more = terminal.hasUnicode() ? "\u2026" : "...";
  }

  /** Moves all of it to the right. */
  Table indent(int spaces) {
    indent = spaces;
    return this;
  }

  /** Adds a column. If no column has a title, there is no line of titles. */
  Table left(String title, int weight) {
    return column(title, Kind.LEFT, weight);
  }

  /** Adds a column, for numbers. */
  Table right(String title, int weight) {
    return column(title, Kind.RIGHT, weight);
  }

  /** Adds the column of text that is cut where it does not fit; one in a table, the last. */
  Table cut(String title, int weight) {
    return column(title, Kind.CUT, weight);
  }

  /** Adds the column of text that goes on in the next line; one in a table, the last. */
  Table wrapped(String title, int weight) {
    return column(title, Kind.WRAPPED, weight);
  }

  private Table column(String title, Kind kind, int weight) {
    columns.add(new Column(title, kind, weight));
    return this;
  }

  /** Adds a row, one cell for each column. */
  void row(String... cells) throws IOException {
    rows.add(cells);
    if (rows.size() == ROWS) {
      end();
    }
  }

  /** Prints what there is; without rows no titles either. */
  void end() throws IOException {
    if (rows.isEmpty()) {
      return;
    }
    for (String[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        Column column = columns.get(i);
        column.natural = Math.max(column.natural, TextWidth.of(row[i]));
      }
    }
    fit();
    if (!begun) {
      begun = true;
      titles();
    }
    for (String[] row : rows) {
      print(row);
    }
    rows.clear();
  }

  /** Leaves out what has no room; the text gets what is left. Columns never come back. */
  private void fit() {
    Column lightest = lightest();
    while (least() > columnsOfTerminal && lightest.weight != ALWAYS) {
      lightest.shown = false;
      lightest = lightest();
    }
    for (Column column : columns) {
      int rest = columnsOfTerminal - (least() - column.least());
      column.width =
          column.isText()
              ? Math.min(column.natural, Math.max(column.least(), rest))
              : column.natural;
    }
  }

  private int least() {
    int sum = indent - GAP;
    for (Column column : columns) {
      sum += column.shown ? column.least() + GAP : 0;
    }
    return sum;
  }

  private Column lightest() {
    Column lightest = columns.get(0);
    for (Column column : columns) {
      if (column.shown && (!lightest.shown || column.weight < lightest.weight)) {
        lightest = column;
      }
    }
    return lightest;
  }

  private void titles() throws IOException {
    String[] titles = new String[columns.size()];
    boolean any = false;
    for (int i = 0; i < titles.length; i++) {
      titles[i] = columns.get(i).title;
      any |= !titles[i].isEmpty();
    }
    if (any) {
      print(titles);
    }
  }

  private void print(String[] cells) throws IOException {
    StringBuilder line = new StringBuilder(" ".repeat(indent));
    int written = indent;
    int start = indent;
    for (int i = 0; i < cells.length; i++) {
      Column column = columns.get(i);
      if (!column.shown) {
        continue;
      }
      if (column.kind == Kind.WRAPPED) {
        wrapped(line.append(" ".repeat(start - written)), start, cells[i], column.width);
        return;
      }
      String cell =
          column.kind == Kind.CUT ? TextWidth.cut(cells[i], column.width, more) : cells[i];
      int width = TextWidth.of(cell);
      int before = start - written + (column.kind == Kind.RIGHT ? column.width - width : 0);
      if (width > 0) { // no spaces at the end of a line
        line.append(" ".repeat(before)).append(cell);
        written += before + width;
      }
      start += column.width + GAP;
    }
    terminal.line(line.toString());
  }

  private void wrapped(StringBuilder line, int start, String cell, int width) throws IOException {
    for (String part : TextWidth.wrap(cell, width)) {
      line.append(part);
      terminal.line(line.toString().stripTrailing());
      line.setLength(0);
      line.append(" ".repeat(start));
    }
  }
}
