package org.spooldir.fs;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A disk that writes down what it is asked for: QEMU's storage daemon with blklogwrites, which
 * shows itself as a file that can be mounted.
 */
final class BlockRecorder implements AutoCloseable {

  static final String DAEMON = "qemu-storage-daemon";

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path log;
  private final Process daemon;
  private final CutDisk disk;

  /**
   * Begins to record.
   *
   * @param base what is on the disk at first; stays as it is
   * @param place an empty directory
   */
  BlockRecorder(CutFileSystem fs, Path base, Path place) throws IOException {
    Path image = place.resolve("recorded");
    CutDisk.copySparse(base, image);
    log = place.resolve("log");
    Shell.run("truncate", "-s", "1G", log.toString());
    Path export = Files.createFile(place.resolve("export"));
    daemon = start(image, export, place);
    boolean begun = false;
    try {
      awaitMount(export);
      disk = new CutDisk(fs, export);
      begun = true;
    } finally {
      if (!begun) {
        stop();
      }
    }
  }

  private Process start(Path image, Path export, Path place) throws IOException {
    return new ProcessBuilder(
            DAEMON,
            "--pidfile",
            place.resolve("daemon.pid").toString(),
            "--blockdev",
            "driver=file,node-name=disk,filename=" + image,
            "--blockdev",
            "driver=file,node-name=log,filename=" + log,
            "--blockdev",
            "driver=blklogwrites,node-name=both,file=disk,log=log,log-sector-size="
                + BlockLog.SECTOR,
            "--export",
            "type=fuse,id=export,node-name=both,writable=on,mountpoint=" + export)
        .redirectErrorStream(true)
        .redirectOutput(place.resolve("daemon.log").toFile())
        .start();
  }

  private void awaitMount(Path export) {
    await(DAEMON + " should show the disk")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .failFast(DAEMON + " ended", () -> !daemon.isAlive())
        .until(() -> Files.readString(Path.of("/proc/self/mountinfo")).contains(export + " "));
  }

  /** Where its root is. */
  Path mountPoint() {
    return disk.mountPoint();
  }

  /** How many requests came until now, up to the last flush at least. */
  int count() throws IOException {
    return BlockLog.count(log);
  }

  /** Ends the recording. */
  BlockLog finish() throws IOException {
    close();
    return BlockLog.read(log);
  }

  @Override
  public void close() throws IOException {
    if (daemon.isAlive()) {
      disk.close();
      stop();
    }
  }

  private void stop() {
    daemon.destroy(); // it writes its log to the end
    daemon.onExit().join();
  }
}
