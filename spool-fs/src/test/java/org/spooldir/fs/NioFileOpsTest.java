package org.spooldir.fs;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading what a claim holds, and deleting it. */
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
  void aFileIsDeleted() throws Exception {
    ops.delete(file);
    assertFalse(Files.exists(file));
    NoSuchFileException gone = assertThrows(NoSuchFileException.class, () -> ops.delete(file));
    assertEquals(file.toString(), gone.getFile());
  }

  @Test
  void ofALinkTheLinkIsDeleted() throws Exception {
    for (Path target : List.of(file, directory)) {
      Path link = Files.createSymbolicLink(directory.resolve("link"), target);
      ops.delete(link);
      assertFalse(Files.exists(link, NOFOLLOW_LINKS));
      assertTrue(Files.exists(file));
    }
  }

  @Test
  void anEmptyDirectoryIsDeletedAndNoOther() throws Exception {
    Path empty = Files.createDirectory(directory.resolve("empty"));
    ops.delete(empty);
    assertFalse(Files.exists(empty));
    assertThrows(DirectoryNotEmptyException.class, () -> ops.delete(directory));
    assertTrue(Files.exists(file));
  }

  @Test
  void ofTwoWhoDeleteADirectoryOneFindsItMissing() throws Exception {
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      for (int i = 0; i < 3_000; i++) {
        Path empty = Files.createDirectory(directory.resolve("empty"));
        Future<Boolean> deletedByOther = other.submit(() -> isDeleted(empty));
        assertTrue(isDeleted(empty) ^ deletedByOther.get());
      }
    } finally {
      other.shutdownNow();
    }
  }

  /** False if there was no such file; any other failure is one. */
  private boolean isDeleted(Path file) throws IOException {
    try {
      ops.delete(file);
      return true;
    } catch (NoSuchFileException e) {
      return false; // RACE: the other thread was faster
    }
  }

  @Test
  void aRelativePathIsOneFromTheWorkingDirectory() throws Exception {
    Path relative = Files.createTempFile(Path.of("target"), "relative", null);
    ops.delete(relative);
    assertFalse(Files.exists(relative));
  }

  @Test
  void aFileOfAnotherFileSystemIsDeletedThere() throws Exception {
    Path archive = directory.resolve("archive.zip");
    try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
      Path entry = Files.write(zip.getPath("/entry"), content);
      ops.delete(entry);
      assertFalse(Files.exists(entry));
    }
  }

  @Test
  void whatMayNotBeDeletedIsThereAfterwards() {
    Path kernels = Path.of("/proc/version");
    FileSystemException refused =
        assertThrows(FileSystemException.class, () -> ops.delete(kernels));
    assertEquals(kernels.toString(), refused.getFile());
    assertTrue(Files.exists(kernels));
  }

  @Test
  void aPendingInterruptIsKeptAndHarmsNothing() throws Exception {
    Thread.currentThread().interrupt();
    byte[] read = ops.readRegular(file, content.length);
    assertTrue(Thread.interrupted());
    assertArrayEquals(content, read);
  }

  @ParameterizedTest
  @ValueSource(ints = {64 << 10, 256 << 10}) // through the spare buffer, and past it
  void whoIsInterruptedInTheMiddleReadsItAllTheSame(int most) throws Throwable {
    byte[] all = Arrays.copyOf(content, 1000); // so that it is the end of the file that ends it
    Files.write(file, all);
    Interrupts.during(() -> assertArrayEquals(all, ops.readRegular(file, most)));
  }

  @Test
  void manyReadAtOnceAndEachHasItsOwn() throws Exception {
    List<Callable<Void>> readers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      byte[] own = Arrays.copyOfRange(content, 1000 * i, 1000 * i + 1000 + i);
      Path file = Files.write(directory.resolve("file" + i), own);
      readers.add(
          () -> {
            for (int n = 0; n < 2000; n++) {
              assertArrayEquals(own, ops.readRegular(file, 2000));
            }
            return null;
          });
    }
    ExecutorService threads = Executors.newFixedThreadPool(readers.size());
    try {
      for (Future<Void> reader : threads.invokeAll(readers)) {
        reader.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
