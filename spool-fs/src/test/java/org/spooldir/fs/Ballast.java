package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.commons.io.file.PathUtils;

/** Files that leave no room on a file system, until they are thrown off. */
final class Ballast {

  private static final int LARGEST = 1 << 20;

  /** More would take minutes. */
  private static final int MOST_FILES = 100_000;

  private final Path hold;

  private Ballast(Path hold) {
    this.hold = hold;
  }

  /** Nothing yet. */
  static Ballast on(Path fileSystem) throws IOException {
    return new Ballast(Files.createDirectory(fileSystem.resolve("ballast")));
  }

  /** Takes all bytes, to the last one. */
  Ballast ofBytes() throws IOException {
    for (int chunk = LARGEST; chunk > 0; chunk /= 8) {
      Path file = hold.resolve("bytes-" + chunk);
      untilFull(
          () -> {
            try (FileChannel bytes =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
              for (ByteBuffer zeros = ByteBuffer.allocate(chunkOf(file)); ; zeros.clear()) {
                bytes.write(zeros);
              }
            }
          });
    }
    Shell.run("sync", "-f", hold.toString());
    return this;
  }

  private static int chunkOf(Path file) {
    return Integer.parseInt(file.getFileName().toString().replace("bytes-", ""));
  }

  /** Takes all bytes but about so many. */
  Ballast ofBytesBut(int free) throws IOException {
    Path placeholder = Files.write(hold.resolve("placeholder"), new byte[free]);
    Shell.run("sync", "-f", hold.toString());
    ofBytes();
    Files.delete(placeholder);
    Shell.run("sync", "-f", hold.toString()); // some file systems give the room back only then
    return this;
  }

  /** Takes all inodes. */
  Ballast ofInodes() throws IOException {
    untilFull(
        () -> {
          for (int i = 0; i < MOST_FILES; i++) {
            Files.createFile(hold.resolve("inode-" + i));
          }
        });
    return this;
  }

  private interface Filling {
    void run() throws IOException;
  }

  private static void untilFull(Filling filling) {
    try {
      filling.run();
      throw new AssertionError("there is no end of room");
    } catch (IOException full) {
      assertTrue(Diagnosis.isFull(full), full::toString);
    }
  }

  /** Makes all the room again. */
  void throwOff() throws IOException {
    PathUtils.deleteDirectory(hold);
    Shell.run("sync", "-f", hold.getParent().toString());
  }
}
