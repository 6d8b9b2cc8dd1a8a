package org.spooldir.fs;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spooldir.SpoolException;
import org.spooldir.fs.Evidence.Section;

/** What somebody does by hand to the directories of a spool at work, and puts right again. */
@Tag("privileged") // mounts, in one of them
final class RearrangedTest {

  private static final int JOBS = 40;
  private static final int THREADS = 2;

  @TempDir(factory = SafeDirectory.class)
  private Path directory;

  private Path root;
  private Traffic traffic;
  private @Nullable Path mounted;

  @BeforeEach
  void open() throws Exception {
    root = directory.resolve("spool");
    traffic = new Traffic(root, Traffic.OPTIONS);
    traffic.holdUp();
    traffic.enqueue(JOBS);
    traffic.work(THREADS);
    traffic.awaitHeld(THREADS);
  }

  @AfterEach
  void close() throws Exception {
    try {
      traffic.close();
    } finally {
      if (mounted != null) {
        Shell.unmount(mounted);
      }
    }
  }

  private void finish() throws Exception {
    traffic.enqueue(JOBS);
    traffic.relieve();
    traffic.awaitAllCompleted();
    traffic.assertOrderly();
  }

  @Test
  void aDeletedReserveIsMadeAgain() throws Exception {
    Path reserve = root.resolve("spool.reserve");
    long size = Files.size(reserve);
    Files.delete(reserve);
    await().atMost(Traffic.PATIENCE).until(() -> Files.exists(reserve));
    assertEquals(size, Files.size(reserve));
    traffic.goOn();
    finish();
    assertEquals(0, traffic.troubles());
    Evidence.of(Section.FULL_AND_FAILING, "spool.reserve deleted by hand in mid-run")
        .row("1 worker", "made again", "made again, " + traffic.acknowledged() + " jobs completed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"workers/", "the file in workers/"})
  void aWorkerWithoutItsPresenceLosesItsClaimsAndIsTold(String what) throws Exception {
    Path workers = root.resolve("workers");
    Files.delete(Shell.only(workers));
    if (what.equals("workers/")) {
      Files.delete(workers);
    }
    await().atMost(Traffic.PATIENCE).until(() -> traffic.lost() == THREADS);
    traffic.goOn();
    // Under its new id it makes workers/ again; until then nobody else can open the spool.
    await().atMost(Traffic.PATIENCE).until(() -> Files.exists(workers));
    finish();
    Evidence.of(Section.FULL_AND_FAILING, what + " deleted by hand in mid-run")
        .row(
            THREADS + " claims in hand",
            "the claims are told lost and come back; the worker goes on under a new id",
            "%d told lost, all %d jobs completed once"
                .formatted(traffic.lost(), traffic.acknowledged()));
  }

  private static final String KINDS =
      "nothing, a file, an empty directory, a dangling link, another file system";

  @ParameterizedTest
  @ValueSource(strings = {"tmp", "new", "cur", "delayed", "workers"})
  void aDirectoryThatIsAnotherThingForAWhileLosesNothing(String name) throws Exception {
    int refused = 0;
    for (String kind : Splitter.on(", ").split(KINDS)) {
      Path place = root.resolve(name);
      Path aside = Files.move(place, directory.resolve("aside"));
      put(kind, place);
      boolean works = kind.equals("an empty directory") || !List.of("tmp", "new").contains(name);
      if (works) {
        traffic.enqueue(1);
      } else {
        SpoolException thrown = traffic.refused();
        assertTrue(thrown.getMessage().matches(ADVICE), thrown::toString);
        refused++;
      }
      traffic.goOn(); // the claims in hand are to be settled meanwhile
      traffic.awaitIdle();
      takeAway(place, aside);
      Files.move(aside, place);
      traffic.holdUp();
      traffic.enqueue(JOBS);
      traffic.awaitHeld(THREADS);
    }
    traffic.goOn();
    if (traffic.lost() > 0) {
      // Told lost where another cur/ was in place: they come back when their worker ends.
      traffic.retire();
    }
    finish();
    Evidence.of(
            Section.FULL_AND_FAILING,
            name + "/ replaced by hand in mid-run, and put back: " + KINDS)
        .row(
            THREADS + " claims in hand each time",
            "refused with what to do, or goes on; nothing lost; a claim told lost is back when its worker ends",
            "%d enqueues refused, %d claims told lost, all %d jobs completed once"
                .formatted(refused, traffic.lost(), traffic.acknowledged()));
  }

  private static final String ADVICE =
      ".*(is gone: was it moved or deleted|a file where a directory should be|another file system).*";

  private void put(String kind, Path place) throws IOException {
    switch (kind) {
      case "a file" -> Files.createFile(place);
      case "an empty directory" -> Files.createDirectory(place);
      case "a dangling link" -> Files.createSymbolicLink(place, Path.of("nowhere"));
      case "another file system" -> {
        Files.createDirectory(place);
        Shell.run("mount", "-t", "tmpfs", "none", place.toString());
        mounted = place;
      }
      default -> {} // nothing is there
    }
  }

  /** What has come into another directory meanwhile belongs to the old one. */
  private void takeAway(Path place, Path aside) throws IOException {
    if (Files.isDirectory(place)) {
      for (String entry : Shell.names(place)) {
        Files.move(place.resolve(entry), aside.resolve(entry));
      }
    }
    if (mounted != null) {
      Shell.unmount(mounted);
      mounted = null;
    }
    Files.deleteIfExists(place);
  }
}
