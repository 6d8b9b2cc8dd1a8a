package org.spooldir.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A plain Maildir. A mail is taken by one rename of its exact name, as a mail reader does it that
 * moves it from {@code new/} to {@code cur/}: one of the two wins.
 *
 * @param directory holds {@code new}, {@code cur} and {@code tmp}
 * @param seen whether the mail in {@code cur/} waits as well, which somebody has looked at
 */
record MaildirSource(Path directory, boolean seen) implements ImportSource {

  /**
   * As delivered: names begin with the second, and most programs go on with a number that is not
   * padded, so runs of digits count as numbers.
   */
  private static final Comparator<Path> ORDER =
      Comparator.<Path, String>comparing(Path::toString, MaildirSource::compare)
          .thenComparing(Comparator.naturalOrder());

  @Override
  public List<Waiting> waiting() throws IOException {
    for (String each : List.of("tmp", "new", "cur")) {
      if (!Files.isDirectory(directory.resolve(each))) {
        throw new NoSuchFileException(
            directory.resolve(each).toString(), null, "there is no such directory: no Maildir");
      }
    }
    List<Waiting> waiting = new ArrayList<>();
    list(directory.resolve("new"), waiting);
    if (seen) {
      list(directory.resolve("cur"), waiting);
    }
    waiting.sort(Comparator.comparing(Waiting::name, ORDER));
    return waiting;
  }

  private static void list(Path from, List<Waiting> waiting) throws IOException {
    for (Path mail : ImportSource.list(from)) {
      Path name = mail.getFileName();
      if (name != null && !name.toString().startsWith(".")) {
        waiting.add(new Waiting(mail, name));
      }
    }
  }

  @Override
  public Comparator<Path> order() {
    return ORDER;
  }

  @Override
  public Taking take(Waiting mail, Path to) throws IOException {
    return ImportSource.move(mail.file(), to);
  }

  private static int compare(String one, String other) {
    int i = 0;
    int j = 0;
    while (i < one.length() && j < other.length()) {
      int order;
      if (isDigit(one.charAt(i)) && isDigit(other.charAt(j))) {
        int iEnd = endOfNumber(one, i);
        int jEnd = endOfNumber(other, j);
        order = compareNumbers(one.substring(i, iEnd), other.substring(j, jEnd));
        i = iEnd;
        j = jEnd;
      } else {
        order = Character.compare(one.charAt(i++), other.charAt(j++));
      }
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(one.length() - i, other.length() - j);
  }

  /** Of any length, so that no name is too long a number. */
  private static int compareNumbers(String one, String other) {
    String a = one.replaceFirst("^0+", "");
    String b = other.replaceFirst("^0+", "");
    return a.length() == b.length() ? a.compareTo(b) : Integer.compare(a.length(), b.length());
  }

  private static int endOfNumber(String text, int from) {
    int end = from;
    while (end < text.length() && isDigit(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
