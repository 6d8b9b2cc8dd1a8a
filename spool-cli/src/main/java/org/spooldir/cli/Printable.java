package org.spooldir.cli;

/** Text from disk, or from a user, as it may be shown on a terminal. */
final class Printable {

  private Printable() {}

  /**
   * The text with everything escaped that is not a printable character: control characters,
   * including those beyond ASCII, what turns the direction of writing, halves of surrogates. An
   * escape is {@code \n}, {@code \r}, {@code \t} or a backslash, {@code u} and four hex digits; a
   * backslash is two.
   */
  static String of(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~' || c == '\\') {
        return escaped(text, i);
      }
    }
    return text; // nearly always
  }

  private static String escaped(String text, int from) {
    StringBuilder escaped = new StringBuilder(text.length() + 16).append(text, 0, from);
    for (int i = from; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      switch (c) {
        case '\\' -> escaped.append("\\\\");
        case '\n' -> escaped.append("\\n");
        case '\r' -> escaped.append("\\r");
        case '\t' -> escaped.append("\\t");
        default -> {
          if (isPrintable(c)) {
            escaped.appendCodePoint(c);
          } else {
            for (char half : Character.toChars(c)) {
              escaped.append("\\u");
              for (int shift = 12; shift >= 0; shift -= 4) {
                escaped.append(Character.forDigit(half >> shift & 15, 16));
              }
            }
          }
        }
      }
    }
    return escaped.toString();
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
