package org.spooldir.fs;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.spooldir.SpoolException;
import org.spooldir.fs.Evidence.Section;

/** What a process loses in the middle of its work, and is given back: descriptors, permissions. */
@Tag("privileged")
final class TakenAwayTest extends SpoolTest {

  private static final int JOBS = 40;
  private static final int REFUSED = 10;
  private static final int THREADS = 2;
  private static final int BEATS = 5;

  /** A beat is due every second, and after a failure with every poll. */
  private static final SpoolOptions OPTIONS = Traffic.OPTIONS.lease(Duration.ofSeconds(3));

  // ---- descriptors ----

  @Test
  void withoutDescriptorsItIsToldWhatToDoAndNothingIsLost() throws Exception {
    String said =
        ChildJvm.run(
            List.of("prlimit", "--nofile=200:200"), Map.of(), LosesDescriptors.class, lab.root);
    Evidence.of(Section.FULL_AND_FAILING, "no file descriptor is left (EMFILE), then they are back")
        .row(
            "%d enqueues, %d claims in hand while %d beats fail, %d jobs"
                .formatted(REFUSED, THREADS, BEATS, JOBS),
            "too many open files, may be tried again; no claim lost; no hot loop; goes on",
            said.strip().replaceAll("(?s).*\n", "")); // libraries have their say when loaded
  }

  static final class LosesDescriptors {
    private LosesDescriptors() {}

    public static void main(String[] arguments) throws Exception {
      Path root = Path.of(arguments[0]);
      try (Traffic traffic = new Traffic(root, OPTIONS)) {
        traffic.work(THREADS);
        loadClasses();
        rehearse(traffic, root);
        traffic.holdUp();
        traffic.enqueue(JOBS);
        traffic.awaitHeld(THREADS);
        List<FileInputStream> taken = takeAll();
        traffic.awaitFailedBeats(BEATS);
        for (int i = 0; i < REFUSED; i++) {
          SpoolException thrown = traffic.refused();
          assertTrue(thrown.getMessage().contains("too many open files"), thrown::toString);
          assertTrue(thrown.mayRetry());
        }
        traffic.goOn();
        traffic.awaitTroubleWithoutHotLoop(20);
        for (FileInputStream each : taken) {
          each.close();
        }
        traffic.enqueue(JOBS);
        await()
            .atMost(Traffic.PATIENCE)
            .until(
                () -> {
                  traffic.retryNow(); // what could not be read would wait for a minute
                  return Shell.names(root.resolve("delayed")).isEmpty();
                });
        traffic.awaitAllCompleted();
        traffic.assertOrderly();
        assertEquals(0, traffic.lost());
        System.out.println(
            "%d refused so, 0 claims lost, all %d jobs completed once"
                .formatted(REFUSED, traffic.acknowledged()));
      }
    }

    /** Loads all classes that are files: without a descriptor none could be loaded any more. */
    private static void loadClasses() throws Exception {
      for (String part : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
        Path directory = Path.of(part);
        if (directory.endsWith("classes") || directory.endsWith("test-classes")) {
          try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : (Iterable<Path>) files::iterator) {
              String name = directory.relativize(file).toString();
              if (name.endsWith(".class") && !name.endsWith("-info.class")) {
                Class.forName(name.replace(".class", "").replace('/', '.'));
              }
            }
          }
        }
      }
    }

    /** Troubles of the same kind as those to come: what they take of the JDK is loaded then. */
    private static void rehearse(Traffic traffic, Path root) throws IOException {
      Path aside = root.resolveSibling("aside");
      traffic.enqueue(1);
      Files.move(root.resolve("new"), aside);
      traffic.refused();
      traffic.awaitTroubleWithoutHotLoop(8);
      Files.move(aside, root.resolve("new"));
      traffic.retryNow();
      traffic.awaitAllCompleted();
    }

    /** Again and again: what the background has open just now is free a moment later. */
    private static List<FileInputStream> takeAll() throws Exception {
      List<FileInputStream> taken = new ArrayList<>();
      for (int polls = 0; polls < 10; polls++) {
        takeAll(taken);
        Thread.sleep(OPTIONS.poll().toMillis());
      }
      return taken;
    }

    private static void takeAll(List<FileInputStream> taken) throws IOException {
      try {
        while (true) {
          taken.add(new FileInputStream("/dev/null"));
        }
      } catch (FileNotFoundException e) {
        assertTrue(String.valueOf(e.getMessage()).contains("Too many open files"), e::toString);
      }
    }
  }

  // ---- permissions ----

  @Test
  void withoutPermissionItIsToldWhatToDoAndNothingIsLost() throws Exception {
    String said =
        ChildJvm.run(
            List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search"),
            Map.of(),
            LosesPermissions.class,
            lab.root);
    Evidence.of(
            Section.FULL_AND_FAILING,
            "permission on tmp/, new/, cur/, workers/ taken away and given back, one by one")
        .row(
            "%d jobs and %d claims in hand at each, at workers/ while %d beats fail"
                .formatted(JOBS, THREADS, BEATS),
            "permission denied; no claim lost by a beat; no hot loop; nothing lost; goes on",
            said.strip());
  }

  static final class LosesPermissions {
    private LosesPermissions() {}

    public static void main(String[] arguments) throws Exception {
      Path root = Path.of(arguments[0]);
      for (String each : List.of("tmp", "new", "cur", "workers")) {
        try (Traffic traffic = new Traffic(root, OPTIONS)) {
          lose(traffic, root.resolve(each));
        }
      }
      System.out.println("%d jobs, all completed once".formatted(4 * 2 * JOBS));
    }

    private static void lose(Traffic traffic, Path directory) throws Exception {
      boolean handedInto = directory.endsWith("tmp") || directory.endsWith("new");
      traffic.holdUp();
      traffic.enqueue(JOBS);
      traffic.work(THREADS);
      traffic.awaitHeld(THREADS);
      mode(directory, "---------");
      if (directory.endsWith("workers")) {
        traffic.awaitFailedBeats(BEATS);
      }
      if (handedInto) {
        SpoolException thrown = traffic.refused();
        assertTrue(thrown.getMessage().contains("permission denied"), thrown::toString);
        assertFalse(thrown.mayRetry());
      }
      traffic.goOn();
      if (!directory.endsWith("tmp")) { // which is a producer's alone
        traffic.awaitTroubleWithoutHotLoop(10);
      }
      mode(directory, "rwx------");
      traffic.enqueue(JOBS);
      traffic.relieve();
      traffic.awaitAllCompleted();
      traffic.assertOrderly();
    }

    private static void mode(Path directory, String permissions) throws IOException {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
      if (permissions.startsWith("-")) {
        assertThrows(IOException.class, () -> Files.createFile(directory.resolve("x")));
      }
    }
  }
}
