package org.spooldir.fs;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.Spool;

/** A directory that stays open while its files are named, by what Linux says is open. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "needs /proc/self/fd")
class OpenDirectoryTest {

  private static final byte[] CONTENT = {1, 2, 3};

  @TempDir Path temp;
  private Path directory;
  private Path elsewhere;
  private OpenDirectory held;

  @BeforeEach
  void make() throws IOException {
    temp = temp.toRealPath();
    directory = Files.createDirectories(temp.resolve("new"));
    elsewhere = temp.resolve("elsewhere");
    held = new OpenDirectory(NioFileOps.on(directory), directory);
  }

  private Set<Path> open() throws IOException {
    return new TreeSet<>(Shell.open(temp));
  }

  /** Changes one of its files. */
  private void use() throws IOException {
    write(directory, "used");
    held.file("used").delete();
  }

  /** What a disk that failed may still do. */
  private void look() throws IOException {
    held.file("a").stat();
    held.file("a").readRegular(CONTENT.length);
    assertThrows(IOException.class, () -> held.file("a").rename(temp.resolve("missing/a")));
    assertThrows(NoSuchFileException.class, held.file("nothing")::delete);
  }

  private void assertOpen() throws IOException {
    assertEquals(Set.of(directory), open());
  }

  private void assertClosed() throws IOException {
    assertEquals(Set.of(), open());
  }

  private Path write(Path in, String name) throws IOException {
    return Files.write(in.resolve(name), CONTENT);
  }

  @Test
  void isOpenFromTheFirstChangeUntilAReviewBeforeWhichNothingWasChanged() throws Exception {
    assertClosed();
    use();
    assertOpen();
    held.review();
    use();
    held.review();
    assertOpen();
    held.review();
    assertClosed();
    use();
    assertOpen();
  }

  @Test
  void isNeitherOpenedNorKeptOpenByWhoOnlyLooksOrFails() throws Exception {
    write(directory, "a");
    look();
    assertClosed();
    use();
    held.review();
    look();
    assertOpen();
    held.review();
    look();
    assertClosed();
  }

  @Test
  void isNeverOpenedAgainOnceItIsClosed() throws Exception {
    use();
    held.close();
    assertClosed();
    held.review();
    use();
    assertClosed();
  }

  @Test
  void whatCannotBeOpenedIsTriedOnceBetweenTwoReviews() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    FileOps unlistable =
        new ForwardingFileOps(NioFileOps.on(directory)) {
          @Override
          public DirectoryStream<Path> list(Path listed) throws IOException {
            tries.incrementAndGet();
            throw new AccessDeniedException(listed.toString());
          }
        };
    held = new OpenDirectory(unlistable, directory);
    for (int reviews = 1; reviews <= 3; reviews++) {
      use();
      use();
      assertEquals(reviews, tries.get());
      held.review();
    }
  }

  @Test
  void whatIsDoneIsDoneThoughThereIsNoMemoryToOpenIt() throws Exception {
    FileOps outOfMemory =
        new ForwardingFileOps(NioFileOps.on(directory)) {
          @Override
          public DirectoryStream<Path> list(Path listed) {
            throw new OutOfMemoryError("no memory");
          }
        };
    held = new OpenDirectory(outOfMemory, directory);
    use();
    assertEquals(List.of(), Shell.names(directory));
  }

  @Test
  void doesWhatIsAskedWhetherItIsOpenOrNot() throws Exception {
    // Not ASCII: only the URI of a whole path can carry it.
    for (String name : List.of("plain", "\u00e4\u0001\u00ff")) {
      for (boolean isOpen : List.of(true, false)) {
        use();
        assertEquals(isOpen, !open().isEmpty());
        Path target = temp.resolve("target");
        FileOps.NamedFile file = held.file(name);
        Files.write(file.path(), CONTENT);
        assertEquals(FileNames.in(directory, name), file.path());
        assertTrue(file.stat().regular());
        assertEquals(CONTENT.length, file.stat().size());
        assertArrayEquals(CONTENT, file.readRegular(CONTENT.length));
        file.rename(target);
        assertFalse(Files.exists(file.path()));
        Files.move(target, file.path());
        file.delete();
        assertFalse(Files.exists(file.path()));
        held.close();
      }
      make();
    }
  }

  @Test
  void aMissingFileIsToldByItsWholePath() throws Exception {
    use();
    assertOpen();
    FileOps.NamedFile file = held.file("a");
    List<Executable> calls =
        List.of(file::stat, file::delete, () -> file.readRegular(1), () -> file.rename(elsewhere));
    for (Executable call : calls) {
      NoSuchFileException thrown = assertThrows(NoSuchFileException.class, call);
      assertEquals(directory.resolve("a").toString(), thrown.getFile());
    }
  }

  @Test
  void linksAreNotFollowed() throws Exception {
    use();
    assertOpen();
    write(temp, "secret");
    Files.createSymbolicLink(directory.resolve("a"), temp.resolve("secret"));
    FileOps.NamedFile link = held.file("a");
    assertFalse(link.stat().regular());
    assertThrows(IOException.class, () -> link.readRegular(1));
    link.delete();
    assertTrue(Files.exists(temp.resolve("secret")));
  }

  @Test
  void aPendingInterruptStaysPendingAndTheFileIsRead() throws Exception {
    use();
    assertOpen();
    write(directory, "a");
    Thread.currentThread().interrupt();
    byte[] read = held.file("a").readRegular(CONTENT.length);
    assertTrue(Thread.interrupted());
    assertArrayEquals(CONTENT, read);
  }

  @Test
  void ofTwoDirectoriesTheOneThatHasTheNameIsAskedAsWellAndFromTheNextReviewAlone()
      throws Exception {
    use();
    for (String name : List.of("read", "renamed", "deleted", "left")) {
      write(directory, name);
    }
    Files.move(directory, elsewhere);
    Files.createDirectory(directory);
    write(directory, "new");
    assertArrayEquals(CONTENT, held.file("new").readRegular(CONTENT.length));
    // As somebody would who was faster than the move: all this is done in the open one.
    assertTrue(held.file("read").stat().regular());
    assertArrayEquals(CONTENT, held.file("read").readRegular(CONTENT.length));
    held.file("renamed").rename(temp.resolve("target"));
    held.file("deleted").delete();
    assertEquals(Set.of("read", "left"), Set.copyOf(Shell.names(elsewhere)));
    held.review();
    assertClosed();
    assertThrows(NoSuchFileException.class, held.file("left")::stat);
    use();
    assertOpen();
  }

  @Test
  void whatIsRenamedStandsInTheDirectoryThatHasTheNameOfTheTarget() throws Exception {
    Path target = Files.createDirectory(temp.resolve("cur"));
    use();
    assertOpen();
    write(directory, "a");
    Files.move(target, elsewhere);
    FileOps.NamedFile file = held.file("a");
    assertThrows(NoSuchFileException.class, () -> file.rename(target.resolve("a")));
    Files.createDirectory(target);
    file.rename(target.resolve("a"));
    assertEquals(List.of(), Shell.names(elsewhere));
    assertTrue(Files.exists(target.resolve("a")));
  }

  @Test
  void whoIsInTheMiddleOfACallDoesNotMindThatItIsLetGoOf() throws Exception {
    AtomicBoolean ended = new AtomicBoolean();
    CompletableFuture<Void> reviews =
        CompletableFuture.runAsync(
            () -> {
              while (!ended.get()) {
                held.review();
              }
            });
    write(directory, "a");
    for (int i = 0; i < 5_000; i++) {
      use();
      for (int j = 0; j < 20; j++) {
        assertEquals(CONTENT.length, held.file("a").stat().size());
      }
    }
    ended.set(true);
    reviews.join();
  }

  @Test
  void aSpoolAtRestLetsGoThoughJobsWait() throws Exception {
    Path root = temp.resolve("spool");
    SpoolOptions options =
        SpoolOptions.DEFAULTS.durability(Durability.PROCESS).poll(Duration.ofMillis(500));
    try (Spool spool = DirectorySpool.openOrCreate(root, options)) {
      spool.enqueueAll(Collections.nCopies(40, Job.of("x")));
      Set<Path> seen = new TreeSet<>();
      for (int i = 0; i < 20; i++) {
        try (Claim claim = spool.claim().orElseThrow()) {
          seen.addAll(Shell.open(root));
          claim.complete();
        }
      }
      assertTrue(
          seen.containsAll(Set.of(root.resolve("new"), root.resolve("cur"))), seen::toString);
      await().until(() -> Shell.open(root).isEmpty());
    }
  }

  @Test
  void aClosedSpoolHasNothingOpen() throws Exception {
    Path root = temp.resolve("spool");
    try (Spool spool = DirectorySpool.openOrCreate(root)) {
      spool.enqueueAll(Collections.nCopies(40, Job.of("x")));
      for (int i = 0; i < 40; i++) {
        spool.claim().orElseThrow().complete();
      }
      assertFalse(Shell.open(root).isEmpty());
    }
    assertEquals(Set.of(), new TreeSet<>(Shell.open(root)));
  }
}
