package org.spooldir.fs;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;

/**
 * Checks what a spool consists of, jobs apart: directories, their modes and owners, the reserve.
 */
final class StructureCheck {

  private static final String NO_ROOM = "there is not enough room on the disk yet";
  private static final int WRITABLE = 0022;
  private static final int LISTABLE = 0044;
  private static final int PASSABLE = 0011;
  private static final int USABLE = 0700;
  private static final int STICKY = 01000;
  private static final int ANYBODY = 0007;

  /** Where a drop box lets producers of a group in. */
  private static final Set<String> DROP_BOX = Set.of("tmp", "new");

  /** Where {@code spool import} has the jobs that it brings. */
  private static final String IMPORT = "import";

  private static final Set<String> AT_THE_TOP =
      Set.of("spool.format", "spool.reserve", "lost+found");

  private final FileOps ops;
  private final SpoolLayout layout;
  private final Reserve reserve;
  private final FileOps.Lstat root;
  private final Findings findings;

  StructureCheck(Site site, FileOps.Lstat root, Findings findings) {
    this.ops = site.ops();
    this.layout = site.layout();
    this.reserve = site.reserve();
    this.root = root;
    this.findings = findings;
  }

  /** Whether anybody but its owner gets into the spool at all. */
  static boolean letsOthersIn(FileOps.Lstat root) {
    return (root.permissions() & PASSABLE) != 0;
  }

  void check() throws IOException {
    checkModes(layout.root(), root, false);
    for (String name : SpoolLayout.DIRECTORIES) {
      checkDirectory(layout.root().resolve(name), DROP_BOX.contains(name));
    }
    checkReserve();
    ops.forEach(layout.root(), this::checkTop);
  }

  private boolean checkTop(Path file) throws IOException {
    String name = FileNames.textOf(file);
    if (name.startsWith(".")) {
      findings.tell(Finding.Kind.HIDDEN, file, "is hidden");
    } else if (name.equals(IMPORT) && ops.lstat(file).isDirectory()) {
      Listing.each(ops, file, findings, this::checkImport);
    } else if (!AT_THE_TOP.contains(name) && !SpoolLayout.DIRECTORIES.contains(name)) {
      findings.tell(Finding.Kind.UNKNOWN_FILE, file, ops.lstat(file).what());
    }
    return true;
  }

  private void checkImport(Path way, FileOps.Lstat facts) throws IOException {
    long files = facts.isDirectory() ? ops.forEach(way, file -> true) : 0;
    if (files > 0) {
      findings.tell(Finding.Kind.IMPORT, way, "holds " + files);
    }
  }

  private void checkDirectory(Path directory, boolean dropBox) throws IOException {
    FileOps.Lstat facts;
    try {
      facts = ops.lstat(directory.toRealPath()); // behind a link is what counts
    } catch (NoSuchFileException e) {
      tellAbsent(directory);
      return;
    }
    if (!facts.isDirectory()) {
      findings.tell(Finding.Kind.NO_DIRECTORY, directory, "is " + facts.what());
      return;
    }
    if (!ops.device(directory).equals(ops.device(layout.root()))) {
      findings.tell(
          Finding.Kind.OTHER_FILE_SYSTEM, directory, "is on another file system than the spool");
    }
    if (facts.owner() != root.owner()) {
      findings.tell(
          Finding.Kind.OTHER_OWNER,
          directory,
          "belongs to user %s, the spool to user %s".formatted(facts.owner(), root.owner()));
    }
    checkModes(directory, facts, dropBox);
  }

  private void tellAbsent(Path directory) throws IOException {
    try {
      FileOps.Lstat facts = ops.lstat(directory);
      if (facts.isLink()) { // or else somebody has just made it
        findings.tell(Finding.Kind.NO_DIRECTORY, directory, "is " + facts.what() + " to nowhere");
      }
    } catch (NoSuchFileException e) {
      findings.tellMissing(
          Finding.Kind.MISSING_DIRECTORY, directory, "is missing", () -> make(directory));
    }
  }

  private void make(Path directory) throws IOException {
    try {
      ops.createDirectory(directory);
    } catch (FileAlreadyExistsException e) {
      // RACE: somebody else has made it.
    }
    ops.forceDirectory(directory);
    ops.forceDirectory(layout.root());
  }

  private void checkModes(Path directory, FileOps.Lstat facts, boolean dropBox) throws IOException {
    int permissions = facts.permissions();
    String mode = "has mode %04o".formatted(permissions);
    boolean opened =
        (permissions & WRITABLE) != 0
            && !(dropBox && (permissions & STICKY) != 0 && (permissions & ANYBODY) == 0);
    if (opened) {
      findings.tell(
          Finding.Kind.OPEN_DIRECTORY,
          directory,
          mode,
          () -> Modes.restrict(ops, directory, facts, WRITABLE));
    }
    if ((permissions & LISTABLE) != 0 && letsOthersIn(root)) {
      findings.tell(Finding.Kind.READABLE_DIRECTORY, directory, mode);
    }
    if ((permissions & USABLE) != USABLE) {
      findings.tell(Finding.Kind.CLOSED_DIRECTORY, directory, mode);
    }
  }

  /** A spool that does not say how large its reserve is may have one of any size. */
  private void checkReserve() throws IOException {
    Path file = layout.reserve();
    Long said = layout.format().reserve();
    FileOps.Lstat facts;
    try {
      facts = ops.lstat(file);
    } catch (NoSuchFileException e) {
      if (said == null || said > 0) {
        findings.tellMissing(Finding.Kind.NO_RESERVE, file, "is missing", this::makeReserve);
      }
      return;
    }
    if (!facts.isRegular()) {
      findings.tell(Finding.Kind.STRANGER, file, "is " + facts.what());
    } else if (said == null ? facts.size() == 0 : facts.size() != said) {
      findings.tell(
          Finding.Kind.WRONG_RESERVE,
          file,
          "has " + facts.size() + " bytes, not " + (said == null ? "more" : said),
          () -> remakeReserve(said == null || said > 0));
    }
  }

  /** What there is goes only if there is room for what should be there. */
  private void remakeReserve(boolean wanted) throws IOException {
    if (wanted && !reserve.hasRoom()) {
      throw new IOException(NO_ROOM);
    }
    ops.delete(layout.reserve());
    if (wanted) {
      makeReserve();
    }
  }

  private void makeReserve() throws IOException {
    reserve.restore();
    if (!ops.exists(layout.reserve())) {
      throw new IOException(NO_ROOM);
    }
  }
}
