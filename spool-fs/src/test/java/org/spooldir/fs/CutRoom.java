package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.io.file.PathUtils;

/**
 * Where the disks of one run are: a directory in memory, with a template of each file system.
 * Leaves no mount, loop device, daemon or file behind; what a run left that was killed, the next
 * one clears away.
 */
final class CutRoom implements AutoCloseable {

  private static final Path MEMORY = Path.of("/dev/shm");
  private static final String PREFIX = "spool-cuts-";

  private final Path directory;
  private boolean excused;

  CutRoom() throws IOException {
    assumeTrue(Files.isWritable(MEMORY), "no " + MEMORY);
    assumeTrue(System.getProperty("user.name").equals("root"), "not root: nothing can be mounted");
    clearLeftOvers();
    directory = Files.createTempDirectory(MEMORY, PREFIX + ProcessHandle.current().pid() + "-");
  }

  /** A place of its own for one disk. */
  Path place() throws IOException {
    return Files.createTempDirectory(directory, "disk");
  }

  /** Clears the place of an image that is mounted no more. */
  static void vacate(Path image) throws IOException {
    PathUtils.deleteDirectory(image.getParent());
  }

  /**
   * Lets a disk pass that the kernel does not mount again, the first one: it was seen once in some
   * thousand cuts. Says which one, and what the kernel said.
   */
  void excuse(String which, CutDisk.RefusedException refusal) throws CutDisk.RefusedException {
    System.out.println("power cuts: NOT MOUNTED AGAIN: " + which + ": " + refusal.getMessage());
    if (excused) {
      throw refusal;
    }
    excused = true;
  }

  /** An image with this file system, freshly made; to be copied. */
  Path template(CutFileSystem fs) throws IOException {
    assumeTrue(isInstalled(fs.mkfs()), "no " + fs.mkfs() + " here");
    Shell.run("/bin/sh", "-c", "modprobe -q " + fs.type() + " || true");
    assumeTrue(
        Files.readString(Path.of("/proc/filesystems")).contains("\t" + fs.type() + "\n"),
        "this kernel has no " + fs.type());
    Path template = directory.resolve(fs.name());
    if (!Files.exists(template)) {
      Shell.run("truncate", "-s", fs.size(), template.toString());
      Shell.run(fs.mkfs(template.toString()));
    }
    return template;
  }

  /** Whether there is such a program. */
  static boolean isInstalled(String program) {
    Stream<String> places =
        Splitter.on(':').splitToStream(System.getenv("PATH") + ":/usr/sbin:/sbin");
    return places.anyMatch(place -> Files.isExecutable(Path.of(place, program)));
  }

  @Override
  public void close() throws IOException {
    clear(directory);
  }

  // ---- clearing away ----

  private static void clearLeftOvers() throws IOException {
    try (Stream<Path> all = Files.list(MEMORY)) {
      for (Path room : all.filter(CutRoom::isAbandoned).toList()) {
        System.out.println("clearing away what an earlier run left: " + room);
        clear(room);
      }
    }
  }

  private static boolean isAbandoned(Path room) {
    String name = FileNames.textOf(room);
    if (!name.matches(PREFIX + "\\d+-.*")) {
      return false;
    }
    String pid = name.substring(PREFIX.length(), name.indexOf('-', PREFIX.length()));
    return ProcessHandle.of(Long.parseLong(pid)).isEmpty();
  }

  private static void clear(Path room) throws IOException {
    for (String point : mountPoints(room)) {
      Shell.run("umount", "--lazy", point); // also where somebody still stands in it
    }
    try (Stream<Path> files = Files.walk(room)) {
      for (Path file : files.filter(path -> path.endsWith("daemon.pid")).toList()) {
        daemon(file).ifPresent(ProcessHandle::destroyForcibly);
      }
    }
    PathUtils.deleteDirectory(room);
  }

  /** A process that works in the directory in which it wrote down its id. */
  private static Optional<ProcessHandle> daemon(Path file) throws IOException {
    String pid = Files.readString(file).strip();
    Path command = Path.of("/proc", pid, "cmdline");
    boolean ours =
        Files.exists(command)
            && new String(Files.readAllBytes(command), UTF_8).contains(file.toString());
    return ours ? ProcessHandle.of(Long.parseLong(pid)) : Optional.empty();
  }

  /** What is mounted below a directory, the last mount first. */
  private static List<String> mountPoints(Path room) throws IOException {
    List<String> points = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
      String point = Splitter.on(' ').splitToList(line).get(4);
      if (point.startsWith(room + "/")) {
        points.add(point);
      }
    }
    Collections.reverse(points);
    return points;
  }
}
