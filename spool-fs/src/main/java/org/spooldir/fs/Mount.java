package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What Linux tells of a mounted file system.
 *
 * @param point where it is mounted, escaped as the kernel does
 * @param type {@code ext4}, {@code nfs4}, {@code fuse.sshfs} …
 * @param source the device, for instance
 * @param options those of the mount and those of the file system
 */
record Mount(String point, String type, String source, List<String> options) {

  private static final Path TABLE = Path.of("/proc/self/mountinfo");

  /** The file system that this directory is on; empty if that cannot be told. */
  static Optional<Mount> of(Path directory) {
    try {
      return find(Files.readString(TABLE, ISO_8859_1), rawPath(directory));
    } catch (IOException e) {
      return Optional.empty(); // not Linux
    }
  }

  /** One char per byte, as the table is read; the path's own text may have lost some. */
  private static String rawPath(Path directory) {
    Path parent = directory.getParent();
    if (parent == null) {
      return "/";
    }
    String above = rawPath(parent);
    return (above.equals("/") ? above : above + "/") + FileNames.textOf(directory);
  }

  /**
   * The mount with the longest point above a path; of several at one point the last one, which
   * hides the others.
   *
   * @param table as in {@code /proc/self/mountinfo}
   * @param path absolute, one char per byte
   */
  static Optional<Mount> find(String table, String path) {
    Mount best = null;
    int longest = 0;
    for (String line : Splitter.on('\n').omitEmptyStrings().split(table)) {
      List<String> fields = Splitter.on(' ').splitToList(line);
      int dash = fields.indexOf("-"); // before it any number of optional fields
      if (dash < 6 || fields.size() < dash + 4) {
        continue;
      }
      String point = unescape(fields.get(4));
      boolean above = point.equals("/") || path.equals(point) || path.startsWith(point + "/");
      if (above && point.length() >= longest) {
        longest = point.length();
        List<String> options = new ArrayList<>(Splitter.on(',').splitToList(fields.get(5)));
        options.addAll(Splitter.on(',').splitToList(fields.get(dash + 3)));
        best = new Mount(fields.get(4), fields.get(dash + 1), fields.get(dash + 2), options);
      }
    }
    return Optional.ofNullable(best);
  }

  /** The kernel writes space, tab, line feed and backslash as backslash and three octal digits. */
  private static String unescape(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\\' && text.substring(i + 1).matches("(?s)[0-3][0-7]{2}.*")) {
        plain.append((char) Integer.parseInt(text.substring(i + 1, i + 4), 8));
        i += 3;
      } else {
        plain.append(text.charAt(i));
      }
    }
    return plain.toString();
  }
}
