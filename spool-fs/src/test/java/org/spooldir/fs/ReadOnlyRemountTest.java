package org.spooldir.fs;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spooldir.SpoolException;
import org.spooldir.fs.Evidence.Section;

/** A file system that becomes read-only in the middle of work, and is put right. Needs root. */
@Tag("privileged")
final class ReadOnlyRemountTest extends MountedImage {

  private static final int JOBS = 50;
  private static final int REFUSED = 10;
  private static final int THREADS = 3;

  private Traffic traffic;

  @AfterEach
  void close() throws Exception {
    if (traffic != null) {
      remount("rw");
      traffic.close();
    }
  }

  /** It is refused while a file is open for writing. */
  private void remount(String mode) {
    await()
        .atMost(Traffic.PATIENCE)
        .ignoreException(IOException.class)
        .until(
            () -> {
              Shell.run("mount", "-o", "remount," + mode, mount.toString());
              return true;
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs", "btrfs"})
  void claimsAreSettledOrToldLostAndNothingIsLost(String type) throws Exception {
    mount(
        type.equals("ext4")
            ? new String[] {"mkfs.ext4", "-F", "-q"}
            : new String[] {"mkfs." + type, "-q"});
    Path root = mount.resolve("spool");
    traffic = new Traffic(root, Traffic.OPTIONS);
    traffic.holdUp();
    traffic.enqueue(JOBS);
    traffic.work(THREADS);
    traffic.awaitHeld(THREADS);

    remount("ro");
    FileOps ops = NioFileOps.on(root);
    assertThrows(NoSuchFileException.class, () -> ops.delete(root.resolve("missing")));
    for (int i = 0; i < REFUSED; i++) {
      SpoolException thrown = traffic.refused();
      assertTrue(thrown.getMessage().contains("read-only"), thrown::toString);
      assertTrue(thrown.mayRetry());
    }
    traffic.goOn();
    traffic.awaitTroubleWithoutHotLoop(20);
    int troubles = traffic.troubles();
    assertEquals(JOBS - THREADS, Shell.names(root.resolve("new")).size());

    remount("rw");
    traffic.enqueue(JOBS);
    traffic.relieve();
    traffic.awaitAllCompleted();
    traffic.assertOrderly();
    assertEquals(List.of(), Shell.names(root.resolve("tmp")));
    Evidence.of(
            Section.FULL_AND_FAILING, "remounted read-only in mid-run, then read-write, " + type)
        .row(
            "%d enqueues, %d claims in hand, %d jobs".formatted(REFUSED, THREADS, JOBS),
            "enqueues refused with what to do; no hot loop; claims settle later or are told lost",
            "all refused so, %d troubles told, %d claims told lost, all %d jobs completed once"
                .formatted(troubles, traffic.lost(), traffic.acknowledged()));
  }
}
