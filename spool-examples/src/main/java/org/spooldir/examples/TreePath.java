package org.spooldir.examples;

import java.net.URI;
import java.nio.file.Path;

/**
 * A path below a root, as text that stands for any name a file can have: a byte that is no plain
 * ASCII character is written as {@code %} and two hex digits. So a name that is no valid text in
 * this or any locale travels through attributes and pipes unharmed.
 *
 * @param text as in the path of a URI, without a slash in front
 */
record TreePath(String text) {

  /** The path of a file below the root; both absolute. */
  static TreePath of(Path root, Path file) {
    return new TreePath(file.toUri().toString().substring(below(root).length()));
  }

  /**
   * The file of this path below a root.
   *
   * @throws IllegalArgumentException if the path leads out of the root, or is none
   */
  Path in(Path root) {
    return resolve(root, text);
  }

  /**
   * The file of this path and a suffix below a root.
   *
   * @throws IllegalArgumentException as {@link #in} does
   */
  Path in(Path root, String suffix) {
    return resolve(root, text + suffix);
  }

  private static Path resolve(Path root, String path) {
    Path file = Path.of(URI.create(below(root) + path)).normalize();
    if (file.equals(root) || !file.startsWith(root)) {
      throw new IllegalArgumentException("not below the root: " + path);
    }
    return file;
  }

  private static String below(Path root) {
    String uri = root.toUri().toString();
    return uri.endsWith("/") ? uri : uri + "/"; // it has one already if the root exists
  }

  /** How many bytes the last name has. */
  int nameLength() {
    return text.substring(text.lastIndexOf('/') + 1).replaceAll("%..", "?").length();
  }

  /** The same number from 0 to 1 in all processes, and another one for almost every other path. */
  double fraction() {
    return Integer.toUnsignedLong(text.hashCode() * 0x9E3779B9) / 0x1p32;
  }

  @Override
  public String toString() {
    return text;
  }
}
