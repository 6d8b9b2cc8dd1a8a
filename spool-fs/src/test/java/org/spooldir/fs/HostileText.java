package org.spooldir.fs;

import java.util.List;
import java.util.random.RandomGenerator;

/** Text that is almost one of ours, one char a byte: pieces of a grammar in any order, damaged. */
final class HostileText {

  /** What the names of entries are made of, and what they must never be mistaken for. */
  private static final List<String> OF_NAMES =
      List.of(
          "1763679600",
          ".M",
          "000123",
          "P4711",
          "Q7",
          "R9f3c2a1b00112233",
          ".host",
          ",",
          "=",
          ":2,",
          ";2,",
          ":",
          "S=5",
          "S=9223372036854775808",
          "C=e3069283",
          "H=13",
          "H=1048577",
          "P=7",
          "P=10",
          "a=3",
          "a=999999",
          "u=1763679600123",
          "t=1",
          "w=h.1.x.9",
          "w=..",
          "w=",
          ",,",
          "9999999999",
          "-1",
          "..",
          ".",
          "~",
          "\\057",
          "\u00ff",
          "\n",
          "\u001b[31m",
          " ",
          "\"",
          "x",
          "\u0080");

  private HostileText() {}

  /** Any bytes that may be a name: 1 to 255, no slash, no NUL, not this or the parent directory. */
  static String name(RandomGenerator random) {
    String start = random.nextBoolean() ? unique(random) : "";
    StringBuilder name = new StringBuilder(start).append(of(OF_NAMES, 12, random));
    if (random.nextInt(20) == 0) {
      name.append("y".repeat(255));
    }
    damage(name, random);
    String cut = name.substring(0, Math.min(255, name.length())).replace('/', '_');
    cut = cut.replace('\0', '0');
    return cut.isEmpty() || cut.equals(".") || cut.equals("..") ? "..." : cut;
  }

  /** A name as a producer of ours begins it; the microseconds tell many of them apart. */
  static String unique(RandomGenerator random) {
    return String.format(
        "1763679600.M%06dP4711Q7R%016x.host,", random.nextInt(1_000_000), random.nextLong());
  }

  /** Some of these pieces, and now and then any byte. */
  static String of(List<String> pieces, int most, RandomGenerator random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(most) + 1; i > 0; i--) {
      if (random.nextInt(8) == 0) {
        text.append((char) random.nextInt(256));
      } else {
        text.append(pieces.get(random.nextInt(pieces.size())));
      }
    }
    return text.toString();
  }

  /** One time in four, one byte is missing, another one, twice there, or the text is cut off. */
  static void damage(StringBuilder text, RandomGenerator random) {
    int at = random.nextInt(text.length() + 1);
    if (at == text.length()) {
      return;
    }
    switch (random.nextInt(16)) {
      case 0 -> text.deleteCharAt(at);
      case 1 -> text.setCharAt(at, (char) random.nextInt(256));
      case 2 -> text.insert(at, text.charAt(at));
      case 3 -> text.setLength(at);
      default -> {}
    }
  }
}
