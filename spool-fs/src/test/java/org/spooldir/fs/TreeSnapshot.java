package org.spooldir.fs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** All that a look could change about a directory and what is in it, but for access times. */
final class TreeSnapshot {

  private TreeSnapshot() {}

  /** Facts by path: two snapshots are equal if nothing has happened. */
  static Map<String, String> of(Path root) throws IOException {
    Map<String, String> facts = new TreeMap<>();
    try (var tree = Files.walk(root)) {
      for (Path each : tree.toList()) {
        Map<String, Object> unix = Files.readAttributes(each, "unix:*", LinkOption.NOFOLLOW_LINKS);
        Map<String, Object> kept = new TreeMap<>(unix);
        kept.keySet().remove("lastAccessTime");
        kept.remove("fileKey"); // is dev and ino again
        facts.put(each.toUri().getRawPath(), kept.toString());
      }
    }
    return facts;
  }
}
