package org.spooldir.fs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * All that is to be seen of a directory and what is in it: names, sizes, owners, modes, link
 * counts, times of change. Two of these are equal if nobody has touched anything in between.
 */
record Tree(Map<String, String> files) {

  static Tree of(Path root) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : (Iterable<Path>) all::iterator) {
        Map<String, Object> facts =
            new TreeMap<>(Files.readAttributes(file, "unix:*", LinkOption.NOFOLLOW_LINKS));
        facts.remove("lastAccessTime"); // reading is allowed
        files.put(FileNames.escape(root.relativize(file)), facts.toString());
      }
    }
    return new Tree(files);
  }
}
