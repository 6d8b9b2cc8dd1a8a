package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spooldir.Job;
import org.spooldir.Spool;
import org.spooldir.SpoolException;
import org.spooldir.SpoolException.InSpool;
import org.spooldir.SpoolFullException;
import org.spooldir.fs.Evidence.Section;

/**
 * Disks that fail under a mounted file system in the middle of work, and become healthy again.
 * Needs root.
 */
@Tag("privileged")
final class FailingDiskTest {

  private static final int JOBS = 50;
  private static final int REFUSED = 10;

  /** What a disk does not write, and tells when it is asked. */
  private static final String UNWRITABLE = "UNWRITABLE";

  @TempDir(factory = SafeDirectory.class)
  private Path directory;

  private Path image;
  private Path mount;
  private FailingDevice device;
  private Traffic traffic;
  private boolean mounted;

  @BeforeEach
  void makeMountPoint() throws IOException {
    mount = Files.createDirectory(directory.resolve("mount"));
    image = directory.resolve("image");
  }

  private void make(String type, String failing) throws Exception {
    format(type);
    device = FailingDevice.before(image, failing);
    mount();
  }

  private void makeRefusing(String type) throws Exception {
    format(type);
    device = FailingDevice.refusing(image, UNWRITABLE);
    mount();
  }

  private void format(String type) throws IOException {
    Shell.run("truncate", "-s", "320M", image.toString());
    Shell.run("mkfs." + type, "-q", type.equals("ext4") ? "-F" : "-f", image.toString());
  }

  private void mount() throws IOException {
    Shell.run("mount", "-o", "loop", device.file().toString(), mount.toString());
    mounted = true;
  }

  private void unmount() {
    if (mounted) {
      Shell.unmount(mount);
      mounted = false;
    }
  }

  @AfterEach
  void close() throws Exception {
    if (device == null) {
      return;
    }
    device.heal();
    try {
      if (traffic != null) {
        traffic.close();
      }
    } finally {
      try {
        unmount();
      } finally {
        device.close();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs"})
  void whatADiskDoesNotWriteIsToldAndTheRestIsSafe(String type) throws Exception {
    make(type, "pwrite");
    traffic = new Traffic(mount.resolve("spool"), Traffic.OPTIONS);
    traffic.enqueue(JOBS);
    traffic.holdUp();
    traffic.work(3);
    traffic.awaitHeld(3);

    device.fail();
    for (int i = 0; i < REFUSED; i++) {
      assertFalse(traffic.refused() instanceof SpoolFullException);
    }
    letTheFileSystemNotice();
    traffic.goOn();
    traffic.awaitTroubleWithoutHotLoop(20);
    int troubles = traffic.troubles();

    // As an operator does it: by now the file system has shut itself down, or is read-only.
    device.heal();
    unmount();
    mount();
    traffic.relieve();
    traffic.awaitAllCompleted();
    int again = traffic.completedAgain();
    traffic.enqueue(JOBS);
    traffic.awaitAllCompleted();
    traffic.assertNothingIsLeft();
    assertEquals(again, traffic.completedAgain());
    Evidence.of(Section.FULL_AND_FAILING, "every write of the disk fails, then a remount, " + type)
        .row(
            "%d jobs, 3 in hand, %d enqueues meanwhile".formatted(JOBS, REFUSED),
            "enqueues fail and are not in; nothing acknowledged is lost; workers go on;"
                + " what was completed in memory only may run again, as after a power cut",
            "%d refused, %d troubles told, %d claims told lost, all %d jobs completed, %d of them again"
                .formatted(REFUSED, troubles, traffic.lost(), traffic.acknowledged(), again));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs"})
  void whatOnlyTheForceTellsIsNotAcknowledged(String type) throws Exception {
    makeRefusing(type);
    Path root = mount.resolve("spool");
    traffic = new Traffic(root, Traffic.OPTIONS.reserve(0));
    for (int i = 0; i < REFUSED; i++) {
      traffic.enqueue(1);
      SpoolException thrown = traffic.refused(UNWRITABLE + " " + i);
      assertEquals(InSpool.NO, thrown.jobIn(), thrown::toString);
      assertTrue(thrown.getMessage().contains("Input/output error"), thrown::toString);
      assertEquals(List.of(), Shell.names(root.resolve("tmp")));
    }
    unmount(); // which works only as long as the file system is up
    mount();
    traffic.work(2);
    traffic.awaitAllCompleted();
    traffic.assertOrderly();
    Evidence.of(
            Section.FULL_AND_FAILING,
            "the data of some files is not written, and only fsync tells, " + type)
        .row(
            "%d such enqueues, %d others in between".formatted(REFUSED, REFUSED),
            "refused and not in; the others are safe",
            "%d refused; all %d others completed".formatted(REFUSED, traffic.acknowledged()));
  }

  /** The kernel may be told of it while the file is still being written, and tells it once. */
  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs"})
  void whatAForceAheadOfTheEndTellsIsNotAcknowledged(String type) throws Exception {
    makeRefusing(type);
    Path root = mount.resolve("spool");
    byte[] big = Arrays.copyOf(UNWRITABLE.getBytes(UTF_8), 3 * ForcedAhead.STRIDE);
    try (Spool spool = DirectorySpool.openOrCreate(root, SpoolOptions.DEFAULTS.reserve(0))) {
      SpoolException thrown = assertThrows(SpoolException.class, () -> spool.enqueue(Job.of(big)));
      assertEquals(InSpool.NO, thrown.jobIn(), thrown::toString);
      assertTrue(thrown.getMessage().contains("Input/output error"), thrown::toString);
      assertEquals(List.of(), Shell.names(root.resolve("tmp")));
      assertEquals(Optional.empty(), spool.claim());
    }
    Evidence.of(Section.FULL_AND_FAILING, "a big file whose first bytes are not written, " + type)
        .row(
            "1 enqueue of %d MB, forced in parts".formatted(big.length >> 20),
            "refused and not in, whichever force the disk tells it",
            "refused, and not in");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs"})
  void aBuildThatForcesAgainAcknowledgesWhatIsLost(String type) throws Exception {
    makeRefusing(type);
    Mutant mutant = Mutant.RETRIED_FSYNC;
    Path root = mount.resolve("spool");
    SpoolOptions options = SpoolOptions.DEFAULTS.reserve(0);
    DirectorySpool.create(root, options).close();
    OddGround ground = new OddGround(Optional.of(mutant.name()), Optional.empty());
    try (Spool spool = ground.open(root, options)) {
      spool.enqueue(Job.of(UNWRITABLE));
    }
    unmount();
    mount();
    try (Spool spool = DirectorySpool.open(root, options)) {
      assertEquals(Optional.empty(), spool.claim());
    }
    assertEquals(1, Shell.names(root.resolve("failed")).size());
    Evidence.of(Section.MUTANTS, "data that is not written: " + mutant + " on " + type)
        .row("1 enqueue", "must fail", "fails: acknowledged, and torn");
  }

  /** It does so when it writes its journal, which it puts off for half a minute. */
  private void letTheFileSystemNotice() throws Exception {
    new ProcessBuilder("sync", "--file-system", mount.toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs"})
  void whatCannotBeReadIsToldAndTriedAgain(String type) throws Exception {
    make(type, "pread");
    traffic = new Traffic(mount.resolve("spool"), Traffic.OPTIONS);
    traffic.enqueue(JOBS);
    unmount();
    mount(); // nothing is in memory now

    device.fail();
    int failures = 10;
    for (int i = 0; i < failures; i++) {
      SpoolException thrown = assertThrows(SpoolException.class, () -> traffic.spool().claim());
      assertTrue(thrown.mayRetry(), thrown::toString);
      assertTrue(thrown.getMessage().contains("Input/output error"), thrown::toString);
    }
    traffic.work(2);
    traffic.awaitTroubleWithoutHotLoop(20);
    device.heal();
    traffic.awaitAllCompleted();
    traffic.assertOrderly();
    assertEquals(List.of(), Shell.names(mount.resolve("spool/tmp")));
    Evidence.of(
            Section.FULL_AND_FAILING, "listings and reads of the disk fail for a while, " + type)
        .row(
            failures + " claims, and a worker",
            "claim throws and may be tried again; no hot loop; nothing lost",
            "all %d jobs completed once the disk read again".formatted(JOBS));
  }
}
