package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.spooldir.fs.Lab.claim;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.fs.Finding.Kind;

/** Checks of entries: content, names, what is no entry, second names. */
class CheckEntriesTest extends CheckTest {

  private DirectorySpool spool;

  private JobId enqueue(String text) throws Exception {
    if (spool == null) {
      spool = lab.open();
    }
    return spool.enqueue(Job.of(text));
  }

  private static void damage(Path entry, String text) throws Exception {
    Files.writeString(entry, text, StandardOpenOption.TRUNCATE_EXISTING);
  }

  @Test
  void aHealthySpoolWithJobsInEveryStateHasNoFindings() throws Exception {
    DirectorySpool spool = lab.openWorker(Lab.OPTIONS.retention(Duration.ofDays(1)));
    spool.enqueue(Job.of("failed").key("k").attribute("a", "b"));
    claim(spool).reject("no");
    spool.enqueue(Job.of("retried"));
    claim(spool).retry(Duration.ofDays(9000), "later");
    spool.enqueue(Job.of("done"));
    claim(spool).complete();
    spool.maintenance().hold(List.of(spool.enqueue(Job.of("held"))));
    spool.enqueue(Job.of("claimed"));
    try (Claim claim = claim(spool)) {
      spool.enqueue(Job.of("ready").key("l"));
      spool.enqueue(Job.of("x".repeat(300_000)));
      assertFound();
      assertEquals(List.of(), repair());
      assertTrue(claim.isHeld());
    }
  }

  // ---- content ----

  @Test
  void anEntryOfTheWrongSizeBecomesADeadLetterWithTheReason() throws Exception {
    JobId id = enqueue("12345");
    Path entry = lab.only("new");
    damage(entry, "123");
    Finding finding = only(assertFound("damaged " + at(entry)), Kind.DAMAGED);
    assertEquals("size is 3, S= says 5", finding.what());

    Finding told = only(repair(), Kind.DAMAGED);
    assertTrue(told.mended());
    assertEquals(List.of(), lab.names("new"));
    assertEquals(
        "size is 3, S= says 5",
        spool.inspector().read(id).orElseThrow().failures().get(0).reason());
    assertFound("damaged-kept " + at(lab.only("failed")));
  }

  @Test
  void anEntryWithTheWrongChecksumBecomesADeadLetterFromWhereItWaits() throws Exception {
    lab.open().enqueue(Job.of("12345").delay(Duration.ofDays(9000)));
    Path entry = lab.only("delayed");
    damage(entry, "54321");
    Finding finding = only(assertFound("damaged " + at(entry)), Kind.DAMAGED);
    assertTrue(finding.what().matches("CRC32C is [0-9a-f]{8}, C= says [0-9a-f]{8}"), finding::what);

    assertTrue(only(repair(), Kind.DAMAGED).mended());
    assertEquals(List.of(), lab.names("delayed"));
    assertFound("damaged-kept " + at(lab.only("failed")));
  }

  @Test
  void withoutPayloadsSizesAreComparedAndChecksumsAreNot() throws Exception {
    enqueue("12345");
    damage(lab.only("new"), "54321");
    List<Finding> findings = new ArrayList<>();
    spoolCheck().withoutPayloads().check(findings::add);
    assertEquals(List.of(), findings);
    damage(lab.only("new"), "4321");
    spoolCheck().withoutPayloads().check(findings::add);
    assertEquals(List.of("damaged " + at(lab.only("new"))), lines(findings));
  }

  @Test
  void aHeaderThatIsNoneIsDamage() throws Exception {
    Path entry = lab.deliver(lab.unique() + ",H=9", "no header");
    assertFound("damaged " + at(entry));
  }

  @Test
  void damageInAWorkersHandsAndInHeldIsLeft() throws Exception {
    DirectorySpool worker = lab.openWorker();
    worker.enqueue(Job.of("claimed"));
    try (Claim claim = claim(worker)) {
      Path claimed = lab.only("cur");
      damage(claimed, "x");
      worker.maintenance().hold(List.of(worker.enqueue(Job.of("held"))));
      Path held = lab.only("held");
      damage(held, "x");
      assertRepairLeaves("damaged " + at(claimed), "damaged " + at(held));
      assertTrue(claim.isHeld());
    }
  }

  @Test
  void damageThatCannotBeMovedAwayIsToldWithTheReason() throws Exception {
    Path entry = lab.deliver(lab.unique() + ",S=5", "123");
    Files.delete(lab.root.resolve("failed"));
    Files.createSymbolicLink(lab.root.resolve("failed"), Path.of("/nonexistent"));
    assertFound("damaged " + at(entry), "no-directory failed");
    Finding told = only(repair(), Kind.DAMAGED);
    assertTrue(!told.mended() && told.isLeft(), told::toString);
    assertTrue(
        told.what().startsWith("size is 3, S= says 5; not mended: no such file or directory"),
        told::what);
    assertTrue(Files.exists(entry));
  }

  @Test
  void damageThatHasMovedOnBeforeItIsMendedIsNotTold() throws Exception {
    Path entry = lab.deliver(lab.unique() + ",S=5", "123");
    lab.faults
        .on("rename new/.*")
        .first(() -> Files.move(entry, lab.root.resolve("held").resolve(entry.getFileName())));
    String lost = at(entry);
    assertTrue(repair().stream().noneMatch(finding -> finding.where().equals(lost)));
    assertEquals(1, lab.names("held").size());
  }

  @Test
  void aFailingDiskIsToldAndDoesNotStopTheCheck() throws Exception {
    enqueue("one");
    Path broken = lab.only("new");
    lab.faults.on("read new/" + Pattern.quote(lab.names("new").get(0))).fails(Faults.broken());
    Files.writeString(lab.root.resolve("README"), "x");
    assertFound("read-failed " + at(broken), "unknown-file README");
  }

  // ---- names ----

  @Test
  void aNameThatCannotBeReadIsTold() throws Exception {
    Path size = lab.deliver(lab.unique() + ",S=five,X=later", "12345");
    Finding finding = only(assertRepairTells("bad-name " + at(size)), Kind.BAD_NAME);
    assertEquals("cannot read \"S=five\" in its name", finding.what());
  }

  @Test
  void everyFieldOfANameIsRead() throws Exception {
    String[] bad = {"C=xyz", "C=ABCDEF01", "H=0", "P=10", "S", "=5", "S=-1"};
    for (String field : bad) {
      EntryName name = EntryName.parse(lab.unique() + "," + field, ':');
      assertTrue(String.valueOf(NameCheck.unreadable(name)).contains(field), field);
    }
    for (String field : new String[] {"a=x", "u=", "t=1x", "w=nodot", "a"}) {
      EntryName name = EntryName.parse(lab.unique() + ",S=1:2,,P=1," + field, ':');
      assertTrue(String.valueOf(NameCheck.unreadable(name)).contains(field), field);
    }
  }

  @Test
  void aNameOfAnotherStateIsNoted() throws Exception {
    Path ready = lab.deliver(lab.unique() + ":2,,a=1,t=5,w=host.1.abc.1", "x");
    Path waiting = lab.deliver(lab.unique() + ":2,,u=5", "x");
    Path timeless = Files.writeString(lab.root.resolve("delayed").resolve(lab.unique()), "x");
    List<Finding> found =
        assertFound(
            "misplaced-name " + at(timeless),
            "misplaced-name " + at(ready),
            "misplaced-name " + at(waiting));
    assertTrue(found.stream().noneMatch(Finding::isLeft));
  }

  private List<Finding> assertRepairTells(String... expected) throws Exception {
    assertRepairLeaves(expected);
    return check();
  }

  @Test
  void jobsOfOtherProgramsAreCountedNotListed() throws Exception {
    lab.deliver("mail.1", "x");
    lab.deliver("mail.2:2,S", "x");
    Finding finding = only(assertFound("delivered new"), Kind.DELIVERED);
    assertEquals("2 jobs", finding.what());
  }

  @Test
  void hiddenNamesAreNoted() throws Exception {
    Files.writeString(lab.root.resolve("new/.nfs0000000000000001"), "x");
    Files.writeString(lab.root.resolve("tmp/.hidden"), "x");
    Files.createDirectory(lab.root.resolve(".dovecot"));
    assertRepairLeaves("hidden .dovecot", "hidden new/.nfs0000000000000001", "hidden tmp/.hidden");
  }

  @Test
  void hostileNamesAreToldAsPrintableText() throws Exception {
    RawNames.createFifo(lab.root.resolve("new"), "a\u001b[2J\n\u00ff b");
    Finding finding = only(check(), Kind.STRANGER);
    assertEquals("new/a\\033[2J\\012\\377\\040b", finding.where());
  }

  // ---- what is no entry ----

  @Test
  void whatIsNoRegularFileIsLeftWhereItIs() throws Exception {
    Path outside = Files.writeString(lab.root.resolveSibling("outside"), "x");
    Files.createSymbolicLink(lab.root.resolve("new/link"), outside);
    Files.createSymbolicLink(lab.root.resolve("held/dangling"), Path.of("nowhere"));
    Files.createDirectory(lab.root.resolve("cur/directory"));
    RawNames.createFifo(lab.root.resolve("tmp"), "fifo");
    RawNames.createSocket(lab.root.resolve("failed"), "socket");
    Files.createDirectory(lab.root.resolve("errors/directory.log"));
    Files.createSymbolicLink(lab.root.resolve("workers/link"), outside);
    assertRepairLeaves(
        "stranger cur/directory",
        "stranger errors/directory.log",
        "stranger failed/socket",
        "stranger held/dangling",
        "stranger new/link",
        "stranger tmp/fifo",
        "stranger workers/link");
  }

  @Test
  void filesThatNoSpoolMakesAreNotedAndLeft() throws Exception {
    Files.writeString(lab.root.resolve("README"), "x");
    Files.writeString(lab.root.resolve("errors/notes.txt"), "x");
    Files.writeString(lab.root.resolve("keys/file"), "x");
    Files.createDirectory(lab.root.resolve("keys/directory"));
    assertRepairLeaves(
        "unknown-file README",
        "unknown-file errors/notes.txt",
        "unknown-file keys/directory",
        "unknown-file keys/file");
  }

  @Test
  void anImportThatWasCutOffIsTold() throws Exception {
    Path imports = Files.createDirectory(lab.root.resolve("import"));
    Files.createFile(imports.resolve("lock"));
    Files.createDirectory(imports.resolve("whole"));
    assertFound();
    Files.createFile(Files.createDirectory(imports.resolve("cut-off")).resolve("job"));
    assertRepairLeaves("import import/cut-off");
  }

  // ---- second names ----

  @Test
  void oneFileUnderTwoNamesLosesTheLowerOne() throws Exception {
    JobId id = enqueue("12345");
    Path entry = lab.only("new");
    Path second = lab.root.resolve("tmp").resolve(id.value());
    Files.createLink(second, entry);
    assertRecoveryMends("two-names " + at(second));
    assertEquals(entry, lab.only("new"));
  }

  @Test
  void twoJobsOfOneFileAreFine() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "x");
    Path link = Files.createLink(directory.resolve("link"), file);
    lab.open().moveIn(List.of(file, link));
    assertFound();
  }

  @Test
  void aJobThatIsHeldAndReadyStaysHeld() throws Exception {
    JobId id = enqueue("12345");
    spool.maintenance().hold(List.of(id));
    Path held = lab.only("held");
    Files.createLink(lab.root.resolve("new").resolve(held.getFileName()), held);
    assertRecoveryMends("two-names " + at(held));
    assertEquals(held, lab.only("held"));
    assertEquals(List.of(), lab.names("new"));
  }

  @Test
  void anEntryThatMovesDuringTheCheckHasOneName() throws Exception {
    lab.open().enqueue(Job.of("12345").key("k")); // two links: the entry's and the key's
    Path entry = lab.only("new");
    Path moved = lab.root.resolve("held").resolve(entry.getFileName());
    lab.faults.on("list held").nth(1).first(() -> Files.move(entry, moved));
    List<Finding> findings = new ArrayList<>();
    spoolCheck().check(findings::add);
    assertEquals(List.of(), findings);
    assertTrue(Files.exists(moved));
  }

  // ---- modes ----

  @Test
  void anEntryThatItsOwnerMayNotReadIsTold() throws Exception {
    enqueue("12345");
    Path entry = lab.only("new");
    Files.setPosixFilePermissions(entry, PosixFilePermissions.fromString("---------"));
    lab.faults.ownedBy(65_534);
    assertFound("unreadable " + at(entry));
  }

  @Test
  void anEntryThatOthersMayChangeIsClosedToThem() throws Exception {
    enqueue("12345");
    Path entry = lab.only("new");
    Files.setPosixFilePermissions(entry, PosixFilePermissions.fromString("rw-rw-rw-"));
    assertFound(); // nobody else gets into the spool
    Files.setPosixFilePermissions(lab.root, PosixFilePermissions.fromString("rwx--x--x"));
    assertRepairMends("open-file " + at(entry));
    assertEquals("rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(entry)));
  }
}
