package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.spooldir.SpoolException;
import org.spooldir.SpoolFormatException;
import org.spooldir.fs.Finding.Kind;

/** Checks of what a spool consists of, jobs apart. */
class CheckStructureTest extends CheckTest {

  private void mode(String file, String permissions) throws Exception {
    Files.setPosixFilePermissions(
        lab.root.resolve(file), PosixFilePermissions.fromString(permissions));
  }

  // ---- the marker ----

  @Test
  void withoutItsMarkerNothingIsMended() throws Exception {
    Files.write(lab.root.resolve("spool.reserve"), new byte[1]); // any size will do
    Files.delete(lab.root.resolve("spool.format"));
    Files.delete(lab.root.resolve("held"));
    mode("cur", "rwx-w--w-");
    lab.deliver(lab.unique() + ",S=5", "123");
    Path damaged = lab.only("new");
    Tree before = Tree.of(lab.root);
    assertRepairLeaves(
        "bad-format spool.format",
        "damaged " + at(damaged),
        "missing-directory held",
        "open-directory cur");
    assertEquals(before, Tree.of(lab.root));
  }

  @Test
  void aPlainMaildirIsRefusedAndLeftAsItIs() throws Exception {
    Path maildir = Files.createDirectory(lab.root.resolveSibling("maildir"));
    for (String name : SpoolLayout.MAILDIR) {
      Files.createDirectory(maildir.resolve(name));
    }
    Files.writeString(maildir.resolve("new/1795247682.mail.host"), "x");
    Files.setPosixFilePermissions(maildir, PosixFilePermissions.fromString("rwxrwxrwx"));
    Tree before = Tree.of(maildir);
    SpoolCheck check = SpoolCheck.of(maildir);
    SpoolFormatException refusal = assertThrows(SpoolFormatException.class, () -> run(check, true));
    assertTrue(refusal.getMessage().contains("is no spool"), refusal::getMessage);
    assertThrows(SpoolFormatException.class, () -> run(check, false));
    assertEquals(before, Tree.of(maildir));
  }

  @Test
  void aDamagedMarkerIsAllThatIsTold() throws Exception {
    Files.writeString(lab.root.resolve("spool.format"), "spoon 1\n");
    Files.createDirectory(lab.root.resolve("new/directory"));
    assertRepairLeaves("bad-format spool.format");
  }

  @Test
  void whatIsNoSpoolOrANewerOneIsRefused() throws Exception {
    Files.writeString(lab.root.resolve("spool.format"), "spool 2\n");
    assertThrows(SpoolFormatException.class, this::check);
    assertThrows(SpoolFormatException.class, this::repair);
    Path empty = Files.createDirectory(lab.root.resolveSibling("empty"));
    assertThrows(SpoolFormatException.class, () -> SpoolCheck.of(empty).check(finding -> {}));
    Path absent = empty.resolve("absent");
    assertThrows(SpoolFormatException.class, () -> SpoolCheck.of(absent).check(finding -> {}));
  }

  // ---- directories ----

  @Test
  void missingDirectoriesAreMadeAgain() throws Exception {
    Files.delete(lab.root.resolve("cur"));
    Files.delete(lab.root.resolve("keys"));
    assertRepairMends("missing-directory cur", "missing-directory keys");
    assertEquals(
        "rwx------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(lab.root.resolve("cur"))));
  }

  @Test
  void aFileWhereADirectoryShouldBeIsLeftAndRecoveryFails() throws Exception {
    Files.delete(lab.root.resolve("done"));
    Files.writeString(lab.root.resolve("done"), "x");
    assertFound("no-directory done");
    assertEquals(List.of("no-directory done", "no-recovery ."), lines(repair()));
    assertEquals("x", Files.readString(lab.root.resolve("done")));
  }

  @Test
  void aLinkToNowhereWhereADirectoryShouldBeIsLeftAndRecoveryFails() throws Exception {
    Path link = lab.root.resolve("failed");
    Files.delete(link);
    Files.createSymbolicLink(link, Path.of("/nonexistent"));
    Finding finding = only(assertFound("no-directory failed"), Kind.NO_DIRECTORY);
    assertEquals("is a symbolic link to nowhere", finding.what());
    assertEquals(List.of("no-directory failed", "no-recovery ."), lines(repair()));
    assertTrue(Files.isSymbolicLink(link));
  }

  @Test
  void aDirectoryOnAnotherFileSystemIsLeft() throws Exception {
    FileStore here = Files.getFileStore(lab.root);
    Path elsewhere = Path.of(here.type().equals("tmpfs") ? "/var/tmp" : "/dev/shm");
    assumeTrue(
        Files.isWritable(elsewhere) && !Files.getFileStore(elsewhere).equals(here),
        "only one file system to write to");
    Path other = Files.createTempDirectory(elsewhere, "spool");
    try {
      Files.delete(lab.root.resolve("done"));
      Files.createSymbolicLink(lab.root.resolve("done"), other);
      assertEquals(
          List.of("other-file-system done"),
          lines(check()).stream().filter(line -> !line.startsWith("readable")).toList());
      assertTrue(lines(repair()).contains("no-recovery ."));
    } finally {
      Files.delete(other);
    }
  }

  // ---- modes and owners ----

  @Test
  void directoriesThatOthersMayWriteToAreClosedToThem() throws Exception {
    mode("cur", "rwxrwxrwx");
    mode("", "rwxrwx---");
    assertFound(
        "open-directory .", "open-directory cur", "readable-directory .", "readable-directory cur");
    assertEquals(2, repair().stream().filter(Finding::mended).count());
    assertFound("readable-directory .", "readable-directory cur"); // perhaps it is meant so
    assertTrue(check().stream().noneMatch(Finding::isLeft));
  }

  @Test
  void aDropBoxIsMeantToBeOpen() throws Exception {
    for (String directory : List.of("tmp", "new")) {
      Files.setAttribute(lab.root.resolve(directory), "unix:mode", 03730);
    }
    mode("", "rwx--x---");
    assertFound();
    Files.setAttribute(lab.root.resolve("new"), "unix:mode", 02770);
    assertEquals(
        List.of("open-directory new", "readable-directory new"), lines(check())); // no sticky bit
  }

  @Test
  void whatIsOpenButBehindAClosedDoorIsNotNoted() throws Exception {
    mode("failed", "rwxr-xr-x");
    assertFound();
  }

  @Test
  void aDirectoryThatItsOwnerMayNotUseIsTold() throws Exception {
    mode("failed", "r-x------");
    assertFound("closed-directory failed");
    mode("failed", "rwx------");
  }

  @Test
  void aSpoolOfAnotherUserIsNotRepaired() throws Exception {
    lab.faults.ownedBy(65_534);
    assertFound();
    SpoolException refusal = assertThrows(SpoolException.class, this::repair);
    assertTrue(refusal.getMessage().contains("run it as its owner"), refusal::getMessage);
  }

  // ---- the reserve ----

  private List<Finding> run(SpoolCheck check, boolean repair) throws Exception {
    List<Finding> findings = new ArrayList<>();
    if (repair) {
      check.repair(findings::add);
    } else {
      check.check(findings::add);
    }
    return findings;
  }

  @Test
  void aMissingReserveIsMadeAgain() throws Exception {
    lab.faults.roomFor(1L << 30);
    reserve(100_000);
    SpoolCheck check = spoolCheck();
    assertEquals(List.of("no-reserve spool.reserve"), lines(run(check, false)));
    assertTrue(only(run(check, true), Kind.NO_RESERVE).mended());
    assertEquals(100_000, Files.size(lab.root.resolve("spool.reserve")));
    assertEquals(List.of(), run(check, false));
  }

  @Test
  void aReserveOfAnotherSizeIsMadeAgainAsExpected() throws Exception {
    lab.faults.roomFor(1L << 30);
    Files.write(lab.root.resolve("spool.reserve"), new byte[10]);
    reserve(100_000);
    SpoolCheck check = spoolCheck();
    assertEquals(List.of("wrong-reserve spool.reserve"), lines(run(check, false)));
    assertTrue(only(run(check, true), Kind.WRONG_RESERVE).mended());
    assertEquals(100_000, Files.size(lab.root.resolve("spool.reserve")));
  }

  @Test
  void aReserveOfAnotherSizeStaysWhereThereIsNoRoomForMore() throws Exception {
    lab.faults.roomFor(200_000);
    Files.write(lab.root.resolve("spool.reserve"), new byte[10]);
    reserve(100_000);
    assertFalse(only(run(spoolCheck(), true), Kind.WRONG_RESERVE).mended());
    assertEquals(10, Files.size(lab.root.resolve("spool.reserve")));
  }

  @Test
  void anImportThatMayNotBeLookedAtIsToldAndStopsNothing() throws Exception {
    Files.createDirectory(lab.root.resolve("import"));
    Files.createFile(lab.root.resolve("tmp/x"));
    lab.faults.on("list import").fails(new AccessDeniedException("import"));
    assertTrue(lines(run(spoolCheck(), false)).contains("cannot-look import"));
  }

  @Test
  void withoutRoomTheReserveIsLeft() throws Exception {
    lab.faults.roomFor(10);
    reserve(100_000);
    Finding finding = only(run(spoolCheck(), true), Kind.NO_RESERVE);
    assertTrue(!finding.mended() && finding.what().contains("not enough room"), finding::what);
  }
}
