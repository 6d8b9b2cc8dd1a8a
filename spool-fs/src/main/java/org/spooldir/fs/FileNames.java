package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * File names as bytes. A name on disk is any bytes but slash and NUL; as a Java string some cannot
 * be told apart, and in the C locale none beyond ASCII can be written. Here the text of a name has
 * one char for each of its bytes.
 */
final class FileNames {

  private FileNames() {}

  /** The name of this file, one char per byte. */
  static String textOf(Path file) {
    String path = file.toString(); // getFileName() would make a path first, for each of a million
    String text = path.substring(path.lastIndexOf(file.getFileSystem().getSeparator()) + 1);
    return isAscii(text) ? text : rawName(file);
  }

  /** The URI of a path carries the bytes of its name as they are. */
  private static String rawName(Path file) {
    String uri = file.toUri().getRawPath();
    int end =
        uri.endsWith("/") ? uri.length() - 1 : uri.length(); // a directory has a slash behind it
    String name = uri.substring(uri.lastIndexOf('/', end - 1) + 1, end);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(name.length());
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) == '%') {
        bytes.write(Integer.parseInt(name.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        bytes.write(name.charAt(i));
      }
    }
    return bytes.toString(ISO_8859_1);
  }

  /**
   * The file of this name in a directory.
   *
   * @throws IllegalArgumentException if the text is no name of a file: names are made here or come
   *     from a listing, so this is a mistake of ours
   */
  static Path in(Path directory, String text) {
    requireName(text);
    if (isAscii(text)) {
      return directory.resolve(text);
    }
    StringBuilder uri = new StringBuilder(directory.toUri().toString());
    if (uri.charAt(uri.length() - 1) != '/') {
      uri.append('/');
    }
    for (byte b : text.getBytes(ISO_8859_1)) {
      uri.append('%')
          .append(Character.forDigit(b >> 4 & 15, 16))
          .append(Character.forDigit(b & 15, 16));
    }
    return Path.of(URI.create(uri.toString()));
  }

  /** The same without the way to it; null if only a whole path can carry its bytes. */
  static @Nullable Path alone(Path directory, String text) {
    requireName(text);
    return isAscii(text) ? directory.getFileSystem().getPath(text) : null;
  }

  private static void requireName(String text) {
    if (text.isEmpty() || text.equals(".") || text.equals("..") || text.indexOf('/') >= 0) {
      throw new IllegalArgumentException("not a file name: " + escape(text));
    }
  }

  /** Whether the text of a name means the same to every part of the JDK. */
  // No copy of the bytes for it, as it is made for each job three times.
  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > '~') {
        return false;
      }
    }
    return true;
  }

  /**
   * As printable ASCII without spaces: safe in a log, on a terminal, in a message. Others are
   * backslash and three octal digits.
   */
  static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    for (byte b : text.getBytes(ISO_8859_1)) {
      if (b > ' ' && b <= '~' && b != '\\' && b != '/') {
        escaped.append((char) b);
      } else {
        escaped.append(String.format("\\%03o", b & 0xff));
      }
    }
    return escaped.toString();
  }

  /** A path as printable ASCII. */
  static String escape(Path path) {
    Path name = path.getFileName();
    Path parent = path.getParent();
    if (name == null) {
      return String.valueOf(path);
    }
    String last = escape(textOf(path));
    return parent == null ? last : escape(parent).replaceAll("/$", "") + "/" + last;
  }
}
