package org.spooldir.cli;

import java.util.ArrayList;
import java.util.List;

/** How wide printable text is on a terminal, in columns, and how it is made to fit. */
final class TextWidth {

  private TextWidth() {}

  static int of(String text) {
    int width = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      width += of(c);
      i += Character.charCount(c);
    }
    return width;
  }

  private static int of(int c) {
    if (c <= '~') {
      return 1;
    }
    int type = Character.getType(c);
    if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
      return 0;
    }
    return isWide(c) ? 2 : 1;
  }

  /** East Asian characters and pictures, by their Unicode blocks. */
  private static boolean isWide(int c) {
    return (c >= 0x1100 && c <= 0x115f)
        || (c >= 0x2e80 && c <= 0xa4cf)
        || (c >= 0xac00 && c <= 0xd7a3)
        || (c >= 0xf900 && c <= 0xfaff)
        || (c >= 0xfe30 && c <= 0xfe6f)
        || (c >= 0xff00 && c <= 0xff60)
        || (c >= 0xffe0 && c <= 0xffe6)
        || (c >= 0x1f300 && c <= 0x1faff)
        || (c >= 0x20000 && c <= 0x3fffd);
  }

  /** Where the text that begins here has to end to fit; at least one character farther on. */
  private static int fit(String text, int from, int width) {
    int left = width;
    int i = from;
    while (i < text.length()) {
      int c = text.codePointAt(i);
      left -= of(c);
      if (left < 0 && i > from) {
        return i;
      }
      i += Character.charCount(c);
    }
    return i;
  }

  /** The text, or its beginning and what says that there is more. */
  static String cut(String text, int width, String more) {
    return of(text) <= width
        ? text
        : text.substring(0, fit(text, 0, Math.max(1, width - more.length()))) + more;
  }

  /** The text in lines, broken at a space where there is one. */
  static List<String> wrap(String text, int width) {
    List<String> lines = new ArrayList<>();
    int from = 0;
    int end = fit(text, from, width);
    while (end < text.length()) {
      int space = text.lastIndexOf(' ', end);
      boolean words = space > from && !text.substring(from, space).isBlank();
      lines.add(text.substring(from, words ? space : end));
      from = words ? space + 1 : end;
      end = fit(text, from, width);
    }
    lines.add(text.substring(from));
    return lines;
  }
}
