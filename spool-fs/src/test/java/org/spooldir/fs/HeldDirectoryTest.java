package org.spooldir.fs;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.spooldir.Job;

/** Directories that stay open, by what Linux says is open. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "needs /proc/self/fd")
class HeldDirectoryTest {

  @TempDir Path temp;
  private Path directory;
  private Path elsewhere;

  @BeforeEach
  void make() throws IOException {
    temp = temp.toRealPath();
    directory = Files.createDirectory(temp.resolve("new"));
    elsewhere = temp.resolve("elsewhere");
  }

  private List<Path> open() throws IOException {
    return Shell.open(temp);
  }

  /** Forces it until it is seen to stay open, which may take more than once on a slow machine. */
  private void assertHolds(Path expected, HeldDirectory held) {
    await()
        .until(
            () -> {
              held.force();
              return open().equals(List.of(expected));
            });
  }

  private void assertLetsGo() {
    await().until(() -> open().isEmpty());
  }

  @Test
  void staysOpenWhileItIsForcedAgainAndAgain() throws Exception {
    HeldDirectory held = new HeldDirectory(directory);
    assertEquals(List.of(), open());
    held.force();
    assertEquals(List.of(), open(), "there may be no second one");
    assertHolds(directory, held);
    assertLetsGo();
    assertHolds(directory, held);
    held.close();
    assertEquals(List.of(), open());
    held.force();
    assertEquals(List.of(), open());
  }

  @Test
  void ofTwoDirectoriesTheOneThatHasTheNameIsForced() throws Exception {
    try (HeldDirectory held = new HeldDirectory(directory)) {
      held.force();
      assertHolds(directory, held);
      Files.move(directory, elsewhere);
      assertThrows(NoSuchFileException.class, held::force);
      assertEquals(List.of(), open());
      Files.createDirectory(directory);
      assertHolds(directory, held);
      Files.move(directory, temp.resolve("third"));
      Files.move(elsewhere, directory);
      assertHolds(directory, held);
    }
  }

  @Test
  void oneThatHadTheNameAMomentAgoWillDoWhereThatIsSaid() throws Exception {
    try (HeldDirectory held = new HeldDirectory(directory)) {
      AtomicInteger moved = new AtomicInteger();
      await()
          .until(
              () -> { // again if the machine slept in between
                held.force();
                held.force();
                Path before = temp.resolve("before" + moved.incrementAndGet());
                Files.move(directory, before);
                Files.createDirectory(directory);
                held.forceRecent();
                return open().equals(List.of(before));
              });
      await()
          .until(
              () -> {
                held.forceRecent();
                return open().equals(List.of(directory));
              });
      assertLetsGo();
    }
  }

  @Test
  void aLinkIsFollowedToWhereItLeadsNow() throws Exception {
    Path link = Files.createSymbolicLink(temp.resolve("link"), directory);
    try (HeldDirectory held = new HeldDirectory(link)) {
      held.force();
      assertHolds(directory, held);
      Files.delete(link);
      Files.createSymbolicLink(link, Files.createDirectory(elsewhere));
      assertHolds(elsewhere, held);
    }
  }

  @Test
  void aFifoInItsPlaceIsRefused() throws Exception {
    try (HeldDirectory held = new HeldDirectory(directory)) {
      held.force();
      assertHolds(directory, held);
      Files.delete(directory);
      assertEquals(0, new ProcessBuilder("mkfifo", directory.toString()).start().waitFor());
      assertTrue(
          assertThrows(FileSystemException.class, held::force).getMessage().contains("FIFO"));
    }
  }

  @Test
  void aFifoInItsPlaceIsRefusedByWhomARecentOneWillDo() throws Exception {
    try (HeldDirectory held = new HeldDirectory(directory)) {
      held.forceRecent();
      Files.delete(directory);
      assertEquals(0, new ProcessBuilder("mkfifo", directory.toString()).start().waitFor());
      assertThrows(FileSystemException.class, held::forceRecent);
    }
  }

  @Test
  void aPendingInterruptIsKeptAndHarmsNothing() throws Exception {
    try (HeldDirectory held = new HeldDirectory(directory)) {
      held.force();
      Thread.currentThread().interrupt();
      held.force();
      assertTrue(Thread.interrupted());
      assertHolds(directory, held);
    }
  }

  @Test
  void interruptsWhileItIsForcedLeaveTheForceDone() throws Throwable {
    try (HeldDirectory held = new HeldDirectory(directory)) {
      Interrupts.during(held::force);
      assertHolds(directory, held);
    }
  }

  @Test
  void whatIsForcedAfterTheEndIsOpenForTheTimeBeing() throws Exception {
    SharedForces forces = new SharedForces(NioFileOps.on(temp));
    forces.close();
    for (int i = 0; i < 3; i++) {
      forces.force(directory);
      assertEquals(List.of(), open());
    }
  }

  @Test
  void aSpoolLetsGoOfItsDirectories() throws Exception {
    Path root = temp.resolve("spool");
    DirectorySpool spool = DirectorySpool.create(root, SpoolOptions.DEFAULTS);
    await()
        .until(
            () -> {
              spool.enqueue(Job.of("a"));
              return open().size() == 2; // new/ and tmp/
            });
    assertLetsGo();
    spool.enqueueAll(Collections.nCopies(3, Job.of("b")));
    spool.close();
    assertEquals(List.of(), open());
  }

  @Test
  void aDirectoryThatFilesWereMovedOutOfIsNotHeld() throws Exception {
    try (DirectorySpool spool =
        DirectorySpool.create(temp.resolve("spool"), SpoolOptions.DEFAULTS)) {
      for (int i = 0; i < 3; i++) {
        spool.moveIn(List.of(Files.writeString(directory.resolve("payload"), "a")));
        assertFalse(open().contains(directory));
      }
    }
  }
}
