package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.fs.Evidence.Section;

/** A backlog of a million jobs in one directory of a real file system. Needs root. */
@Tag("privileged")
@Tag("slow")
final class HugeDirectoryTest extends MountedImage {

  private static final int ENTRIES = 1_000_000;
  private static final int DRAINED = 20_000;

  @Test
  @Timeout(300)
  void aWorkerWithASmallHeapDrainsItInOrder() throws Exception {
    mountMemory("size=6G,nr_inodes=1100000");
    Path root = mount.resolve("spool");
    DirectorySpool.create(root, SpoolOptions.DEFAULTS).close();
    long start = System.nanoTime();
    for (int i = 0; i < ENTRIES; i++) {
      Files.createFile(root.resolve("new").resolve(name(i)));
    }
    long made = System.nanoTime();
    String said =
        ChildJvm.run(List.of("env", "JAVA_TOOL_OPTIONS=-Xmx64m"), Map.of(), Drains.class, root);
    System.out.printf(
        "%d entries made in %.1f s, %d drained in %.1f s%n",
        ENTRIES, (made - start) / 1e9, DRAINED, (System.nanoTime() - made) / 1e9);
    assertTrue(said.contains("drained"), said);
    Evidence.of(Section.FULL_AND_FAILING, "a directory of 1,000,000 entries")
        .row(
            DRAINED + " claims by a worker with a heap of 64 MB, " + DRAINED / 100 + " enqueues",
            "in order, each once; enqueueing goes on beside it",
            DRAINED + " claimed in order and completed, all enqueues returned");
  }

  /** As a producer makes it for an empty payload. */
  private static String name(int i) {
    return "%d.M%06dP1Q%dR%016x.host,S=0,C=00000000"
        .formatted(1_700_000_000 + i / 1_000_000, i % 1_000_000, i, i);
  }

  static final class Drains {
    private Drains() {}

    public static void main(String[] arguments) throws IOException {
      try (DirectorySpool spool = DirectorySpool.open(Path.of(arguments[0]))) {
        for (int i = 0; i < DRAINED; i++) {
          Claim claim = spool.claim().orElseThrow();
          assertEquals(name(i), claim.id() + ",S=0,C=00000000");
          claim.complete();
          if (i % 100 == 0) {
            spool.enqueue(Job.of("beside"));
          }
        }
      }
      System.out.println("drained");
    }
  }
}
