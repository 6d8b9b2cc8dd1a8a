package org.spooldir.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.io.file.PathUtils;

/**
 * Where it is measured: an ext4 image in memory behind a loop device, so that the figures do not
 * depend on what else uses a disk; or a directory of the user's, to measure his own.
 */
final class Disk implements AutoCloseable {

  private static final Path MEMORY = Path.of("/dev/shm");

  private final Path home;
  private final Path directory;
  private volatile boolean mounted;
  private int count;

  private Disk(Path home, Path directory) {
    this.home = home;
    this.directory = directory;
  }

  /** A directory that is there. */
  static Disk at(Path directory) throws IOException {
    Path home = Files.createTempDirectory(directory, "spool-bench");
    return new Disk(home, home).removedAtExit();
  }

  /** A new ext4; wants root. */
  static Disk inMemory(int gigabytes) throws IOException, InterruptedException {
    Path home = Files.createTempDirectory(MEMORY, "spool-bench");
    Path image = home.resolve("image");
    Path directory = Files.createDirectory(home.resolve("mounted"));
    Disk disk = new Disk(home, directory).removedAtExit();
    Programs.run("truncate", "-s", gigabytes + "G", image.toString());
    // An inode for each 4 KiB: a job is a file. No work of its own in the background.
    Programs.run("mkfs.ext4", "-q", "-i", "4096", "-E", "lazy_itable_init=0", image.toString());
    Programs.run("mount", "-o", "loop", image.toString(), directory.toString());
    disk.mounted = true;
    return disk;
  }

  /** Though somebody loses patience: an image is memory. */
  private Disk removedAtExit() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::abandon));
    return this;
  }

  /** A new empty directory on it. */
  Path fresh() throws IOException {
    return Files.createDirectory(directory.resolve("run" + ++count));
  }

  /** Removes what a run left, and waits until nothing is left to be written. */
  void clear(Path run) throws IOException, InterruptedException {
    PathUtils.deleteDirectory(run);
    Programs.sync(directory);
  }

  /** What it is, for the report. */
  String describe() throws IOException, InterruptedException {
    String type = Programs.output("stat", "-f", "-c", "%T", directory.toString()).strip();
    return mounted ? "ext4 on a loop device over memory" : type + " at " + home.getParent();
  }

  /** Whatever still runs on it would keep it mounted. */
  private void abandon() {
    ProcessHandle.current()
        .descendants()
        .forEach(
            other -> {
              other.destroyForcibly();
              other.onExit().join();
            });
    discard();
  }

  private synchronized void discard() {
    try {
      if (Files.exists(home)) {
        if (mounted) {
          Programs.run("umount", directory.toString());
        }
        PathUtils.deleteDirectory(home);
      }
    } catch (IOException | InterruptedException e) {
      System.err.println("left behind: " + directory + " (" + e.getMessage() + ")");
    }
  }

  @Override
  public void close() {
    discard();
  }
}
