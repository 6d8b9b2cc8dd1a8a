package org.spooldir.fs;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.opentest4j.TestAbortedException;

/**
 * An image on a disk that fails when it is told to: a file of FUSE, behind which a network block
 * device injects errors. Needs root, and the programs nbdfuse and nbdkit.
 */
final class FailingDevice implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path file;
  private final Path failing;
  private final Process server;

  private FailingDevice(Path file, Path failing, Process server) {
    this.file = file;
    this.failing = failing;
    this.server = server;
  }

  /**
   * Puts the device in front of an image.
   *
   * @param what fails: {@code pread} or {@code pwrite}
   */
  static FailingDevice before(Path image, String what) throws IOException {
    return serving(
        image,
        "--filter=error",
        "file",
        image.toString(),
        "error=EIO",
        "error-" + what + "-rate=100%",
        "error-file=" + failing(image));
  }

  /**
   * Puts a device in front of an image that never writes this text, and does all else: the file
   * system stays up, and tells of the loss once, when the file is forced.
   */
  static FailingDevice refusing(Path image, String text) throws IOException {
    return serving(
        image,
        "eval",
        "get_size=stat -c %s '" + image + "'",
        "pread=dd if='" + image + "' iflag=skip_bytes,count_bytes skip=$4 count=$3 status=none",
        "can_write=exit 0",
        "can_flush=exit 0",
        "flush=exit 0",
        "pwrite=cat >$tmpdir/$$; if grep -qa '"
            + text
            + "' $tmpdir/$$; then code=1; echo EIO refused >&2;"
            + " else code=0; dd if=$tmpdir/$$ of='"
            + image
            + "' bs=64K oflag=seek_bytes seek=$4 conv=notrunc status=none || code=1; fi;"
            + " rm $tmpdir/$$; exit $code");
  }

  private static Path failing(Path image) {
    return image.resolveSibling("failing");
  }

  private static FailingDevice serving(Path image, String... plugin) throws IOException {
    Path file = Files.createFile(image.resolveSibling("device"));
    List<String> command = new ArrayList<>(List.of("nbdfuse", file.toString(), "--command"));
    command.addAll(List.of("nbdkit", "-s", "--exit-with-parent"));
    command.addAll(List.of(plugin));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    Process server;
    try {
      server = builder.start();
    } catch (IOException e) {
      throw new TestAbortedException("no nbdfuse here: packages libnbd-bin and nbdkit", e);
    }
    FailingDevice device = new FailingDevice(file, failing(image), server);
    try {
      await("nbdfuse").atMost(PATIENCE).until(() -> Files.size(file) > 0);
    } catch (RuntimeException e) {
      device.close();
      throw e;
    }
    return device;
  }

  /** What to mount. */
  Path file() {
    return file;
  }

  /** From now on it fails. */
  void fail() throws IOException {
    Files.createFile(failing);
  }

  /** From now on it is healthy. */
  void heal() throws IOException {
    Files.deleteIfExists(failing);
  }

  @Override
  public void close() throws IOException {
    try {
      if (server.isAlive()) {
        Shell.run("umount", file.toString());
      }
      if (!server.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new IOException("nbdfuse does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } finally {
      server.destroy();
    }
  }
}
