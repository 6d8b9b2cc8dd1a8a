package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spooldir.fs.Trait.Fitness;

/** Exams of the file systems that every Linux machine has. */
class FileSystemExamTest {

  private static final List<String> TRIED =
      List.of(
          "rename",
          "exclusive creation",
          "fsync",
          "hard links",
          "directory rename",
          "name length",
          "colon in names",
          "upper and lower case",
          "resolution of times",
          "rename and times",
          "clock",
          "events");

  @TempDir Path directory;

  private static List<String> names(Path directory) throws Exception {
    try (var files = Files.walk(directory)) {
      return files.map(Path::toString).sorted().toList();
    }
  }

  @Test
  void memoryIsFitWithTheLimitThatNothingSurvivesAReboot() throws Exception {
    Path memory = Path.of("/dev/shm");
    assumeTrue(
        Files.isWritable(memory) && Files.getFileStore(memory).type().equals("tmpfs"),
        "no tmpfs to write to");
    Path spool = Files.createTempDirectory(memory, "exam");
    try {
      Examined examined = Examined.of(spool);
      assertTrue(examined.value("type").startsWith("tmpfs, mounted at /dev/shm"));
      assertEquals(Fitness.LIMITED, examined.verdict());
      for (String each : TRIED) {
        assertEquals(Fitness.FIT, examined.fitness(each), () -> each + ": " + examined);
      }
    } finally {
      Files.delete(spool); // which is empty again
    }
  }

  @Test
  void aPlainDirectoryIsAsItWas() throws Exception {
    Files.writeString(directory.resolve("file"), "x");
    List<String> before = names(directory);
    Examined examined = Examined.of(directory);
    assertEquals(before, names(directory));
    for (String each : TRIED) {
      assertEquals(Fitness.FIT, examined.fitness(each), () -> each + ": " + examined);
    }
  }

  @Test
  void aSpoolIsExaminedInItsTmpAndIsAsItWas() throws Exception {
    Path spool = directory.resolve("spool");
    DirectorySpool.create(spool, SpoolOptions.DEFAULTS.reserve(0)).close();
    List<String> before = names(spool);
    assertEquals("on one file system", Examined.of(spool).value("directories"));
    assertEquals(before, names(spool));
    List<Finding> findings = new ArrayList<>();
    SpoolCheck.of(spool).check(findings::add);
    assertEquals(List.of(), findings);
  }

  @Test
  void aSpoolOnTwoFileSystemsIsNotFit() throws Exception {
    Path elsewhere = Path.of("/dev/shm");
    Path spool = directory.resolve("spool");
    DirectorySpool.create(spool, SpoolOptions.DEFAULTS.reserve(0)).close();
    assumeTrue(
        Files.isWritable(elsewhere)
            && !Files.getFileStore(elsewhere).equals(Files.getFileStore(spool)),
        "only one file system to write to");
    Path other = Files.createTempDirectory(elsewhere, "spool");
    try {
      Files.delete(spool.resolve("done"));
      Files.createSymbolicLink(spool.resolve("done"), other);
      Examined examined = Examined.of(spool);
      assertEquals(Fitness.UNFIT, examined.fitness("directories"));
      assertEquals(Fitness.UNFIT, examined.verdict());
    } finally {
      Files.delete(other);
    }
  }

  @Test
  void whatIsNoDirectoryIsRefused() throws Exception {
    assertThrows(
        NoSuchFileException.class,
        () -> FileSystemExam.run(directory.resolve("absent"), trait -> {}));
    Path file = Files.writeString(directory.resolve("file"), "x");
    assertThrows(NotDirectoryException.class, () -> FileSystemExam.run(file, trait -> {}));
  }
}
