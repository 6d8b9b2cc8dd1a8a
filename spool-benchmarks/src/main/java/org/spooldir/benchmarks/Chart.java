package org.spooldir.benchmarks;

import com.google.common.xml.XmlEscapers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Figures at several places, as a line chart in SVG and as a table. On the x axis equal factors are
 * equal distances, and its ticks are the places that were measured. A point is a median; the thin
 * bar through it is what the rounds lie between.
 */
final class Chart {

  private static final int WIDTH = 720;
  private static final int HEIGHT = 420;
  private static final int LEFT = 96;
  private static final int RIGHT = 688;
  private static final int TOP = 92;
  private static final int BOTTOM = 354;
  private static final int MARGIN = 28; // from the edge of the plot to the first and last place
  private static final int APART = 4; // at one place, so that no bar hides another

  // Okabe and Ito's, but for the last: told apart whatever colours one sees, and dark enough.
  private static final List<String> COLOURS = List.of("#0072b2", "#d55e00", "#009e73", "#aa4499");
  private static final String AXIS = "#57606a";
  private static final String GRID = "#e4e8ec";

  /** How the y axis runs: from 0 in equal steps, or in equal factors. */
  enum Rise {
    LINEAR,
    LOGARITHMIC
  }

  private record Line(String name, String colour, boolean dashed) {}

  private record Place(String label, List<Figure> figures) {}

  private final String title;
  private final String across;
  private final String up;
  private final Rise rise;
  private final List<Line> lines = new ArrayList<>();
  private final SortedMap<Integer, Place> places = new TreeMap<>();

  /**
   * An empty chart.
   *
   * @param across what the x axis shows
   * @param up what the y axis shows, with its unit
   */
  Chart(String title, String across, String up, Rise rise) {
    this.title = title;
    this.across = across;
    this.up = up;
    this.rise = rise;
  }

  /** A line in a colour of its own. */
  void line(String name) {
    long solid = lines.stream().filter(line -> !line.dashed()).count();
    lines.add(new Line(name, COLOURS.get((int) solid % COLOURS.size()), false));
  }

  /** What the line before is compared with: in the same colour, dashed. */
  void against(String name) {
    lines.add(new Line(name, lines.get(lines.size() - 1).colour(), true));
  }

  /** What each of the lines has at a place above 0. */
  void add(int x, String label, Figure... figures) {
    places.put(x, new Place(label, List.of(figures)));
  }

  /** The head of the table. */
  List<String> head() {
    return Stream.concat(Stream.of(across), lines.stream().map(Line::name)).toList();
  }

  /** The rows of the table: medians and spreads. */
  List<List<String>> rows() {
    List<List<String>> rows = new ArrayList<>();
    for (Place place : places.values()) {
      Stream<String> cells = place.figures().stream().map(Figure::spread);
      rows.add(Stream.concat(Stream.of(place.label()), cells).toList());
    }
    return rows;
  }

  /** The picture; the same figures make the same text. */
  String svg() {
    StringBuilder svg = new StringBuilder();
    add(
        svg,
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' width='%1$d' height='%2$d'"
            + " role='img' font-family='sans-serif' font-size='13' fill='#24292f'>",
        WIDTH,
        HEIGHT);
    add(svg, "<title>%s</title>", escaped(title));
    // A background of its own: the page may be dark.
    add(
        svg,
        "<rect x='0.5' y='0.5' width='%d' height='%d' rx='8' fill='#ffffff' stroke='#d0d7de'/>",
        WIDTH - 1,
        HEIGHT - 1);
    add(svg, "<text x='24' y='34' font-size='16' font-weight='bold'>%s</text>", escaped(title));
    List<Double> ticks = ticks();
    drawAxes(svg, ticks);
    int legend = LEFT;
    for (int i = 0; i < lines.size(); i++) {
      drawLine(svg, i, ticks);
      drawLegend(svg, lines.get(i), legend);
      legend += 70 + 7 * lines.get(i).name().length(); // about as wide as its text
    }
    return svg.append("</svg>\n").toString();
  }

  // ---- the axes ----

  private void drawAxes(StringBuilder svg, List<Double> ticks) {
    for (double tick : ticks) {
      double y = y(tick, ticks);
      String colour = tick == ticks.get(0) ? AXIS : GRID;
      add(svg, "<path d='M%d %.1fH%d' stroke='%s'/>", LEFT, y, RIGHT, colour);
      add(svg, "<text x='%d' y='%.1f' text-anchor='end'>%s</text>", LEFT - 8, y + 4.5, text(tick));
    }
    places.forEach(
        (place, at) -> {
          add(svg, "<path d='M%.1f %dv5' stroke='%s'/>", x(place), BOTTOM, AXIS);
          drawText(svg, x(place), BOTTOM + 21, at.label());
        });
    drawText(svg, (LEFT + RIGHT) / 2.0, BOTTOM + 46, across);
    svg.append(format("<g transform='translate(26 %d) rotate(-90)'>", (TOP + BOTTOM) / 2));
    drawText(svg, 0, 0, up);
    svg.append("</g>\n");
  }

  private static void drawText(StringBuilder svg, double x, int y, String text) {
    add(svg, "<text x='%.1f' y='%d' text-anchor='middle'>%s</text>", x, y, escaped(text));
  }

  private List<Double> ticks() {
    List<Figure> all = places.values().stream().flatMap(place -> place.figures().stream()).toList();
    double most = all.stream().mapToDouble(Figure::most).max().orElseThrow();
    double least = all.stream().mapToDouble(Figure::least).filter(v -> v > 0).min().orElse(1);
    return rise == Rise.LINEAR ? steps(most) : factors(least, Math.max(most, least));
  }

  /** From 0 to above the most, in at most eight round steps. */
  private static List<Double> steps(double most) {
    double power = most > 0 ? Math.pow(10, Math.floor(Math.log10(most))) : 1;
    double step =
        power * (most > 8 * power ? 2 : most > 4 * power ? 1 : most > 1.6 * power ? 0.5 : 0.2);
    List<Double> ticks = new ArrayList<>(List.of(0.0, step));
    while (ticks.get(ticks.size() - 1) < most) {
      ticks.add(ticks.size() * step);
    }
    return ticks;
  }

  /** From below the least to above the most by tens; or by 1, 2, 5 where tens would be few. */
  private static List<Double> factors(double least, double most) {
    int[] digits = most < 1000 * least ? new int[] {1, 2, 5} : new int[] {1};
    List<Double> ticks = new ArrayList<>();
    for (int power = (int) Math.floor(Math.log10(least)); true; power++) {
      for (int digit : digits) {
        double tick = digit * Math.pow(10, power);
        if (tick <= least) {
          ticks.clear();
        }
        ticks.add(tick);
        if (tick > most) {
          return ticks;
        }
      }
    }
  }

  private double x(int place) {
    double first = Math.log(places.firstKey());
    double whole = Math.log(places.lastKey()) - first;
    double part = whole == 0 ? 0.5 : (Math.log(place) - first) / whole;
    return LEFT + MARGIN + part * (RIGHT - LEFT - 2 * MARGIN);
  }

  private double y(double value, List<Double> ticks) {
    double low = height(ticks.get(0));
    double high = height(ticks.get(ticks.size() - 1));
    // A 0 has no logarithm: it lies on the axis.
    double part = (height(Math.max(value, ticks.get(0))) - low) / (high - low);
    return BOTTOM - part * (BOTTOM - TOP);
  }

  private double height(double value) {
    return rise == Rise.LINEAR ? value : Math.log(value);
  }

  private static String text(double tick) {
    return tick >= 10 || tick == 0
        ? format("%,.0f", tick)
        : format("%.3g", tick).replaceFirst("\\.?0+$", "");
  }

  // ---- the lines ----

  private void drawLine(StringBuilder svg, int index, List<Double> ticks) {
    Line line = lines.get(index);
    StringBuilder way = new StringBuilder();
    StringBuilder marks = new StringBuilder();
    places.forEach(
        (place, at) -> {
          Figure figure = at.figures().get(index);
          double x = x(place) + (index - (lines.size() - 1) / 2.0) * APART;
          double y = y(figure.median(), ticks);
          double least = y(figure.least(), ticks);
          double most = y(figure.most(), ticks);
          way.append(way.length() == 0 ? 'M' : 'L').append(format("%.1f %.1f", x, y));
          add(marks, "<path d='M%.1f %.1fV%.1f' stroke='%s'/>", x, least, most, line.colour());
          add(marks, "%s", mark(line, x, y));
        });
    add(svg, "%s", stroke(line, way.toString()));
    svg.append(marks);
  }

  private static void drawLegend(StringBuilder svg, Line line, int x) {
    int y = TOP - 32;
    add(svg, "%s%s", stroke(line, format("M%d %dh32", x, y)), mark(line, x + 16, y));
    add(svg, "<text x='%d' y='%.1f'>%s</text>", x + 40, y + 4.5, escaped(line.name()));
  }

  private static String stroke(Line line, String way) {
    String dashes = line.dashed() ? " stroke-dasharray='6 4'" : "";
    return format(
        "<path d='%s' fill='none' stroke='%s' stroke-width='2'%s/>", way, line.colour(), dashes);
  }

  /** Hollow on a dashed line. */
  private static String mark(Line line, double x, double y) {
    return format(
        "<circle cx='%.1f' cy='%.1f' r='4' fill='%s' stroke='%s' stroke-width='1.5'/>",
        x, y, line.dashed() ? "#ffffff" : line.colour(), line.colour());
  }

  private static void add(StringBuilder svg, String format, Object... args) {
    svg.append(format(format, args)).append('\n');
  }

  private static String format(String format, Object... args) {
    return String.format(Locale.ROOT, format, args);
  }

  private static String escaped(String text) {
    return XmlEscapers.xmlAttributeEscaper().escape(text);
  }
}
