package org.spooldir.fs;

import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Everything that stands in a spool, by inode, whatever it is called: so that what was moved is
 * told from what is lost.
 *
 * @param things the inode, and what it holds
 */
record Census(Map<Object, String> things) {

  private static final long READABLE = 1 << 20;

  /**
   * Counts what must never get lost: not the presences, keys and logs that recovery clears away,
   * and not the reserve.
   */
  static Census of(Path root) throws IOException {
    Map<Object, String> things = new HashMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : (Iterable<Path>) all::iterator) {
        Path relative = root.relativize(file);
        if (!isForRecovery(relative, file)) {
          things.put(inode(file), what(file));
        }
      }
    }
    return new Census(things);
  }

  private static boolean isForRecovery(Path relative, Path file) {
    boolean regular = Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    return switch (relative.getName(0).toString()) {
      case "workers", "errors", "spool.reserve", "spool.format" -> regular;
      case "keys" -> relative.getNameCount() > 1 || Files.isDirectory(file);
      default -> false;
    };
  }

  static Object inode(Path file) throws IOException {
    return Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS);
  }

  private static String what(Path file) throws IOException {
    BasicFileAttributes facts =
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (facts.isSymbolicLink()) {
      return "link to " + Files.readSymbolicLink(file);
    }
    if (!facts.isRegularFile()) {
      return facts.isDirectory() ? "directory" : "other";
    }
    return facts.size() > READABLE
        ? facts.size() + " bytes"
        : MoreFiles.asByteSource(file).hash(Hashing.sha256()).toString();
  }

  /** Which of these are no longer there, or hold something else. */
  Set<Object> lostIn(Census later) {
    Set<Object> lost = new HashSet<>();
    things.forEach(
        (inode, what) -> {
          if (!what.equals(later.things.get(inode))) {
            lost.add(inode);
          }
        });
    return lost;
  }
}
