package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/** A disk whose power fails again and again: an image on a loop device. */
final class CutDisk implements AutoCloseable {

  private static final int FSCK_CORRECTED = 1;

  /** The kernel does not mount it; says why. */
  static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    /** EUCLEAN: what is on the disk is no file system that the kernel knows how to go on with. */
    private static final String CORRUPT = "Structure needs cleaning";

    private RefusedException(IOException refusal) {
      super(refusal.getMessage() + kernelLog(), refusal);
    }

    static boolean is(IOException refusal) {
      return String.valueOf(refusal.getMessage()).contains(CORRUPT);
    }

    private static String kernelLog() {
      try {
        return Shell.run(new ProcessBuilder("/bin/sh", "-c", "dmesg | tail -n 30"));
      } catch (IOException e) {
        return "(no kernel log: " + e.getMessage() + ")";
      }
    }
  }

  private final CutFileSystem fs;
  private final Path image;
  private final Path copy;
  private final Path mount;
  private boolean mounted;

  /** Mounts an image, which is in a place of its own. */
  CutDisk(CutFileSystem fs, Path image) throws IOException {
    this.fs = fs;
    this.image = image;
    copy = image.resolveSibling("copy");
    mount = Files.createDirectory(image.resolveSibling("mount"));
    mount();
  }

  /** A new disk, mounted. */
  static CutDisk fresh(CutRoom room, CutFileSystem fs) throws IOException {
    Path image = room.place().resolve("image");
    copySparse(room.template(fs), image);
    return new CutDisk(fs, image);
  }

  static void copySparse(Path from, Path to) throws IOException {
    Shell.run("cp", "--sparse=always", from.toString(), to.toString());
  }

  /** Where its root is. */
  Path mountPoint() {
    return mount;
  }

  /**
   * What another program does in its own corner: it may make the file system write down our names
   * without our bytes.
   */
  void foreignFsync() throws IOException {
    Path foreign = mount.resolve("foreign");
    try (FileChannel file =
        FileChannel.open(foreign, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap("something\n".getBytes(US_ASCII)));
      file.force(true);
    }
    try (FileChannel directory = FileChannel.open(mount, StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  /** All that was done until now is on the disk for certain. */
  void sync() throws IOException {
    Shell.run("sync", "--file-system", mount.toString());
  }

  /** The power fails: what the kernel has not written by now is lost. */
  void cut() throws IOException {
    switch (fs.cut) {
      case SHUTDOWN -> Shell.run("xfs_io", "-x", "-c", "shutdown", mount.toString());
      case COPY -> copySparse(image, copy);
    }
  }

  /** The power is back. Nobody may be in the old mount any more. */
  void mountAgain() throws IOException {
    unmount();
    if (fs.cut == CutFileSystem.Cut.COPY) {
      Files.move(copy, image, StandardCopyOption.REPLACE_EXISTING);
    }
    mount();
  }

  private void mount() throws IOException {
    if (fs.isWeak()) {
      check();
    }
    try {
      ProcessBuilder command =
          new ProcessBuilder(
              "mount", "-o", "loop," + fs.mountOptions, image.toString(), mount.toString());
      command.environment().put("LC_ALL", "C");
      Shell.run(command);
    } catch (IOException e) {
      throw RefusedException.is(e) ? new RefusedException(e) : e;
    }
    mounted = true;
  }

  private void check() throws IOException {
    Process fsck =
        new ProcessBuilder("e2fsck", "-fy", image.toString()).redirectErrorStream(true).start();
    String said = new String(fsck.getInputStream().readAllBytes(), US_ASCII);
    if (fsck.onExit().join().exitValue() > FSCK_CORRECTED) {
      throw new IOException("e2fsck: " + said);
    }
  }

  /** Waits for those who are still closing their files. */
  private void unmount() {
    await("nobody should be in " + mount)
        .atMost(Duration.ofSeconds(30))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .ignoreException(IOException.class)
        .until(
            () -> {
              Shell.run("umount", mount.toString());
              return true;
            });
    mounted = false;
  }

  /** Unmounts it; the image stays. */
  @Override
  public void close() throws IOException {
    if (mounted) {
      unmount();
    }
    Files.delete(mount);
  }

  /** Where the image is. */
  Path image() {
    return image;
  }
}
