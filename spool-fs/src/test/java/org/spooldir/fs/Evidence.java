package org.spooldir.fs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a run tried and saw, as a row of the table in docs/reliability.md, which {@code ./prove}
 * makes out of {@code target/evidence}. A row is written after the test has judged, and every time
 * the test runs: nothing in the table is typed.
 *
 * @param section where the row stands
 * @param fault what was done to the spool; unique in its section and the same in every run
 */
public record Evidence(Section section, String fault) {

  private static final Path DIRECTORY = Path.of("target", "evidence");

  /** Sections whose rows of earlier runs are gone. */
  private static final Set<String> BEGUN = ConcurrentHashMap.newKeySet();

  /** The parts of the table, in their order. */
  public enum Section {
    CRASH_MODEL("1. Crash model"),
    POWER_CUTS("2. Power cuts on real kernels"),
    BLOCK_WRITES("3. Recorded block writes"),
    MUTANTS("4. Mutants, which must fail"),
    KILLS("5. Kills"),
    FULL_AND_FAILING("6. Full and failing disks"),
    CLOCKS("7. Clocks"),
    FUZZ("8. Hostile input");

    private final String title;

    Section(String title) {
      this.title = title;
    }
  }

  /** A row that is about to be earned. */
  public static Evidence of(Section section, String fault) {
    return new Evidence(section, fault);
  }

  /**
   * Writes the row, and prints it.
   *
   * @param tried how many of what, for instance {@code "512 cuts"}
   * @param promised what must hold
   * @param observed what was seen, with its figures
   */
  public void row(String tried, String promised, String observed) {
    List<String> cells = List.of(section.title, fault, tried, promised, observed);
    System.out.println("[evidence] " + String.join(" | ", cells));
    for (String cell : cells) {
      if (cell.isBlank() || cell.contains("|") || cell.contains("\t") || cell.contains("\n")) {
        throw new IllegalArgumentException("not a cell: " + cell);
      }
    }
    // A file for each class of tests, so that one that runs again takes the place of its rows.
    String caller =
        StackWalker.getInstance()
            .walk(
                frames ->
                    frames
                        .map(StackWalker.StackFrame::getClassName)
                        .filter(name -> !name.equals(Evidence.class.getName()))
                        .findFirst()
                        .orElseThrow());
    String name = section.title.charAt(0) + "-" + caller.replaceAll(".*\\.|\\$.*", "") + ".tsv";
    try {
      Files.createDirectories(DIRECTORY);
      Path file = DIRECTORY.resolve(name);
      if (BEGUN.add(name)) {
        Files.deleteIfExists(file);
      }
      Files.writeString(
          file,
          String.join("\t", cells) + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
