package org.spooldir.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A spool made with mkdir and touch: jobs of any age and host, in any state. */
record HandmadeSpool(Path root) {

  static HandmadeSpool in(Path root) throws IOException {
    HandmadeSpool spool = maildir(root);
    for (String name : List.of("delayed", "held", "failed", "done", "errors", "workers", "keys")) {
      Files.createDirectory(root.resolve(name));
    }
    Files.writeString(root.resolve("spool.format"), "spool 1\n");
    return spool;
  }

  /** Another program's: it has no other directories, and no format. */
  static HandmadeSpool maildir(Path root) throws IOException {
    for (String name : List.of("tmp", "new", "cur")) {
      Files.createDirectories(root.resolve(name));
    }
    return new HandmadeSpool(root);
  }

  /** Adds a job that was handed in so long ago; the end is what stands behind the unique name. */
  HandmadeSpool job(String directory, Duration age, String host, String end) throws IOException {
    return file(directory, unique(age, host) + end);
  }

  HandmadeSpool jobs(int count, String directory, Duration age, String host) throws IOException {
    for (int i = 0; i < count; i++) {
      job(directory, age, host, "");
    }
    return this;
  }

  HandmadeSpool file(String directory, String name) throws IOException {
    Files.createFile(root.resolve(directory).resolve(name));
    return this;
  }

  private static long count;

  private static synchronized String unique(Duration age, String host) {
    return "%010d.M000000P7Q%dR0123456789abcdef.%s"
        .formatted(Instant.now().minus(age).getEpochSecond(), ++count, host);
  }

  // ---- what other users may do ----

  /** Lets everybody look, and nobody write but the owner. */
  HandmadeSpool readableByAll() throws IOException {
    return permit("rwxr-xr-x");
  }

  HandmadeSpool readableByOwnerOnly() throws IOException {
    return permit("rwx------");
  }

  private HandmadeSpool permit(String permissions) throws IOException {
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString(permissions));
    for (Path above = root.getParent();
        above.startsWith(Path.of(System.getProperty("java.io.tmpdir"))) && above.getNameCount() > 1;
        above = above.getParent()) {
      Files.setPosixFilePermissions(above, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    return this;
  }

  /** All there is, with inodes and times: what looks at it changes none of this. */
  String tree() throws IOException {
    TreeMap<String, String> tree = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.toList()) {
        tree.put(
            path.toString(),
            Files.readAttributes(path, "unix:ino,ctime,lastModifiedTime,mode").toString());
      }
    }
    return tree.toString();
  }
}
