package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spooldir.Job;
import org.spooldir.SpoolFormatException;

/** A spool whose {@code spool.format} is gone, by a restore from a backup that left it out, say. */
final class LostMarkerTest {

  private static final SpoolOptions OPTIONS = SpoolOptions.DEFAULTS.reserve(0);

  @TempDir private Path directory;

  @Test
  void aSpoolThatLostItsMarkerIsNotMadeAnew() throws Exception {
    Path root = directory.resolve("spool");
    try (DirectorySpool spool = DirectorySpool.create(root, OPTIONS.separator(';'))) {
      spool.enqueue(Job.of("x").delay(Duration.ofHours(1)));
    }
    Path marker = root.resolve("spool.format");
    String format = Files.readString(marker);
    List<Path> delayed = delayed(root);
    Files.delete(marker);
    SpoolFormatException refused =
        assertThrows(SpoolFormatException.class, () -> DirectorySpool.openOrCreate(root, OPTIONS));
    assertTrue(refused.getMessage().contains("spool.format"), refused.getMessage());
    assertEquals(delayed, delayed(root));
    Files.writeString(marker, format);
    DirectorySpool.openOrCreate(root, OPTIONS).close();
  }

  private static List<Path> delayed(Path root) throws Exception {
    try (Stream<Path> files = Files.list(root.resolve("delayed"))) {
      return files.toList();
    }
  }
}
