package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.spooldir.fs.Finding.Kind;

/** What tests of the check have in common: a spool in a laboratory, and how to ask about it. */
abstract class CheckTest extends SpoolTest {

  /** The machine's clock goes with the one of the file system, as it mostly does. */
  private final class FileTimeClock extends Clock {
    @Override
    public Instant instant() {
      return lab.time.ofFile(Instant.now());
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }

  @BeforeEach
  void thereShallBeNoReserve() throws IOException {
    reserve(0);
  }

  /** What the spool says of its reserve. */
  void reserve(long bytes) throws IOException {
    Files.writeString(lab.root.resolve("spool.format"), "spool 1 reserve=" + bytes + "\n");
  }

  /** A check of all there is. */
  SpoolCheck spoolCheck() {
    Clock clock = new FileTimeClock();
    SplittableRandom random = new SplittableRandom(7);
    Ground ground =
        new Ground(
            lab.ops,
            clock,
            lab.time::nanoTime,
            random,
            new UniqueNames(clock, random, 7, "check"),
            Lab.WINDOW);
    return new SpoolCheck(lab.root, ground, true);
  }

  /** What is found; and looking must change nothing. */
  List<Finding> check() throws IOException {
    Tree before = Tree.of(lab.root);
    List<Finding> findings = new ArrayList<>();
    spoolCheck().check(findings::add);
    assertEquals(before, Tree.of(lab.root));
    for (Finding finding : findings) {
      assertFalse(finding.mended(), finding::toString);
    }
    return findings;
  }

  /** What a repair says. */
  List<Finding> repair() throws IOException {
    List<Finding> findings = new ArrayList<>();
    spoolCheck().repair(findings::add);
    return findings;
  }

  /** Asserts that this is all that a check finds: one line each, {@code kind where}. */
  List<Finding> assertFound(String... expected) throws IOException {
    List<Finding> findings = check();
    assertEquals(List.of(expected), lines(findings));
    return findings;
  }

  static List<String> lines(List<Finding> findings) {
    return findings.stream()
        .map(finding -> finding.kind().code() + " " + finding.where())
        .sorted()
        .toList();
  }

  /** Asserts that recovery puts right what a check finds, and that nothing is found after that. */
  void assertRecoveryMends(String... expected) throws IOException {
    assertFound(expected);
    List<Finding> told = repair();
    assertEquals(List.of("recovered ."), lines(told));
    assertTrue(told.get(0).mended());
    assertFound();
  }

  /** Asserts that a repair tells of just this and leaves it. */
  void assertRepairLeaves(String... expected) throws IOException {
    assertFound(expected);
    List<Finding> told = repair();
    assertEquals(List.of(expected), lines(told));
    for (Finding finding : told) {
      assertFalse(finding.mended(), finding::toString);
    }
    assertFound(expected);
  }

  /** Asserts that a repair mends this itself, and that nothing is found after that. */
  void assertRepairMends(String... expected) throws IOException {
    assertFound(expected);
    List<Finding> told = repair();
    assertEquals(List.of(expected), lines(told));
    for (Finding finding : told) {
      assertTrue(finding.mended(), finding::toString);
    }
    assertFound();
  }

  /** The only finding of this kind. */
  static Finding only(List<Finding> findings, Kind kind) {
    List<Finding> found = findings.stream().filter(finding -> finding.kind() == kind).toList();
    assertEquals(1, found.size(), findings::toString);
    return found.get(0);
  }

  /** A file of the spool as findings name it. */
  String at(Path file) {
    return FileNames.escape(lab.root.relativize(file));
  }
}
