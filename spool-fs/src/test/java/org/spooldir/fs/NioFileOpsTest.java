package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading what a claim holds. */
class NioFileOpsTest {

  @TempDir private Path directory;

  private final byte[] content = new byte[256 << 10];
  private FileOps ops;
  private Path file;

  @BeforeEach
  void write() throws Exception {
    new SplittableRandom(1).nextBytes(content);
    ops = NioFileOps.on(directory);
    file = Files.write(directory.resolve("file"), content);
  }

  @Test
  void noMoreIsReadThanWasAskedForAndNoMoreThanThereIs() throws Exception {
    assertArrayEquals(new byte[0], ops.readRegular(file, 0));
    assertArrayEquals(Arrays.copyOf(content, 1000), ops.readRegular(file, 1000));
    assertArrayEquals(content, ops.readRegular(file, content.length));
    assertArrayEquals(content, ops.readRegular(file, content.length + 1));
  }

  @Test
  void noLinkIsFollowed() throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("link"), file);
    assertThrows(IOException.class, () -> ops.readRegular(link, 1));
  }

  @Test
  void aPendingInterruptIsKeptAndHarmsNothing() throws Exception {
    Thread.currentThread().interrupt();
    byte[] read = ops.readRegular(file, content.length);
    assertTrue(Thread.interrupted());
    assertArrayEquals(content, read);
  }

  @Test
  void whoIsInterruptedInTheMiddleReadsItAllTheSame() throws Throwable {
    Interrupts.during(() -> assertArrayEquals(content, ops.readRegular(file, content.length)));
  }
}
