package org.spooldir.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.spooldir.cli.SpoolCommand.spool;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.spooldir.JobId;
import org.spooldir.fs.DirectorySpool;

/** {@code spool import maildir}. */
class ImportMaildirIT extends ImportScene {

  private Path mail(Path maildir, String name) throws IOException {
    return Files.writeString(maildir.resolve(name), name.substring(name.indexOf('/') + 1));
  }

  private void mails(Path maildir) throws IOException {
    for (String name :
        List.of(
            "1700000000.M123456P1Q9.host",
            "1700000000.M99P1Q1.host",
            "1700000001.M5P1Q10.host",
            "999999999.old.host",
            "1700000000.M123456P1Q10.host",
            "name-without-time")) {
      mail(maildir, "new/" + name);
    }
    mail(maildir, "new/.hidden");
    mail(maildir, "tmp/1700000000.being-written");
    mail(maildir, "cur/1700000000.M100P1Q2.host:2,S");
  }

  private static final List<String> ORDER =
      List.of(
          "999999999.old.host",
          "1700000000.M99P1Q1.host",
          "1700000000.M123456P1Q9.host",
          "1700000000.M123456P1Q10.host",
          "1700000001.M5P1Q10.host",
          "name-without-time");

  private static final List<String> REST =
      List.of(
          "cur",
          "cur/1700000000.M100P1Q2.host:2,S",
          "new",
          "new/.hidden",
          "tmp",
          "tmp/1700000000.being-written");

  @Test
  void newMailMovesInInItsOrder() throws Exception {
    Path maildir = maildir(directory.resolve("mail"));
    mails(maildir);
    SpoolCommand.Result result = importing("maildir", maildir).run().ok();
    assertEquals(6, result.lines().size());
    assertTrue(result.err().endsWith("6 imported\n"), result.err());
    assertEquals(REST, tree(maildir));
    assertEquals(List.of("lock"), tree(spool.resolve("import")));
    assertEquals(ORDER, work());
  }

  @Test
  void itMovesInFromAnotherFileSystemAsWell() throws Exception {
    Path maildir = maildir(elsewhere().resolve("mail"));
    mails(maildir);
    byte[] bytes = new byte[300_000];
    new Random(1).nextBytes(bytes);
    Files.write(maildir.resolve("new/1.binary.host"), bytes);
    List<String> ids = importing("maildir", maildir).run().ok().lines();
    assertArrayEquals(
        bytes,
        DirectorySpool.inspect(spool).read(new JobId(ids.get(0))).orElseThrow().payload().bytes());
    assertEquals(REST, tree(maildir));
    assertEquals(List.of("lock"), tree(spool.resolve("import")));
    assertEquals(ORDER, work().subList(1, 7));
  }

  @Test
  void mailThatWasSeenComesWithAnOption() throws Exception {
    Path maildir = maildir(directory.resolve("mail"));
    mails(maildir);
    mail(maildir, "cur/1.twice.host");
    mail(maildir, "new/1.twice.host"); // one must not replace the other
    assertEquals(9, importing("maildir", maildir, "--cur").run().ok().lines().size());
    List<String> worked = work();
    assertEquals(List.of("1.twice.host", "1.twice.host"), worked.subList(0, 2));
    assertEquals("1700000000.M100P1Q2.host:2,S", worked.get(4));
  }

  @Test
  void aDryRunTellsAndChangesNothing() throws Exception {
    Path maildir = maildir(directory.resolve("mail"));
    mails(maildir);
    List<String> before = tree(directory);
    List<String> lines = importing("maildir", maildir, "--dry-run").run().ok().lines();
    assertEquals(7, lines.size());
    assertTrue(lines.get(0).endsWith("new/999999999.old.host"), lines.get(0));
    assertEquals("6 would be imported", lines.get(6));
    assertEquals(before, tree(directory));
  }

  @Test
  void aListingThatFailsIsAFailureToRead() throws Exception {
    Path maildir = maildir(directory.resolve("mail"));
    mails(maildir);
    importing("maildir", maildir)
        .under(failing("getdents64", "EIO", maildir.resolve("new")))
        .run()
        .failsWith(ExitCode.IO);
    Path taken = maildir.resolve(Passage.name(maildir.toRealPath(), spool.toRealPath()));
    importing("maildir", maildir)
        .under(failing("getdents64", "EIO", taken))
        .run()
        .failsWith(ExitCode.IO);
    assertEquals(List.of(), work());
    importing("maildir", maildir).run().ok();
    assertEquals(ORDER, work());
  }

  @Test
  void whatIsNoRegularFileIsLeftAndTold() throws Exception {
    Path maildir = maildir(directory.resolve("mail"));
    mail(maildir, "new/1.mail.host");
    Files.createDirectory(maildir.resolve("new/2.directory"));
    Files.createSymbolicLink(maildir.resolve("new/3.\u001b[31mlink"), Path.of("1.mail.host"));
    String dry = importing("maildir", maildir, "--dry-run").run().ok().out();
    assertTrue(dry.contains("3.\\u001b[31mlink: no regular file\n"), dry);
    assertTrue(dry.endsWith("1 would be imported, 2 left\n"), dry);
    SpoolCommand.Result result = importing("maildir", maildir).run().failsWith(ExitCode.TEMPORARY);
    assertEquals(List.of("1.mail.host"), work());
    assertTrue(result.err().contains("3.\\u001b[31mlink: no regular file"), result.err());
    assertTrue(result.err().endsWith("1 imported, 2 left\n"), result.err());
    assertTrue(tree(maildir).contains("new/2.directory"));
  }

  @Test
  void oneImportIntoASpoolRunsAtATime() throws Exception {
    Path maildir = maildir(directory.resolve("mail"));
    mail(maildir, "new/1.mail.host");
    Path lock = Files.createDirectory(spool.resolve("import")).resolve("lock");
    try (FileChannel other =
            FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock held = other.lock()) {
      assertTrue(held.isValid());
      importing("maildir", maildir).run().failsWith(ExitCode.TEMPORARY);
      assertTrue(Files.exists(maildir.resolve("new/1.mail.host")));
    }
    importing("maildir", maildir).run().ok();
    assertEquals(List.of("1.mail.host"), work());
  }

  @Test
  void whatAnImportLeftOnItsWayIsFoundByCheckAndByTheNextRun() throws Exception {
    Path maildir = maildir(directory.resolve("mail"));
    String way = Passage.name(maildir.toRealPath(), spool.toRealPath());
    Path staged = Files.createDirectories(spool.resolve("import").resolve(way));
    Files.writeString(staged.resolve("2.staged.host"), "2.staged.host");
    Files.writeString(staged.resolve(".part"), "half a mai");
    Path taken = Files.createDirectory(maildir.resolve(way));
    Files.writeString(taken.resolve("1.taken.host"), "1.taken.host");
    Files.writeString(taken.resolve("2.staged.host"), "2.staged.host");
    mail(maildir, "new/0.waits.host");
    assertTrue(
        spool("check", spool)
            .run()
            .failsWith(ExitCode.DATA)
            .out()
            .contains("warning: import/" + way + ": holds 2\n"));
    List<String> before = tree(directory);
    assertEquals(
        List.of(
            "would go on with 1.taken.host",
            "would go on with 2.staged.host",
            "would import " + maildir.toRealPath() + "/new/0.waits.host",
            "3 would be imported"),
        importing("maildir", maildir, "--dry-run").run().ok().lines());
    assertEquals(before, tree(directory));
    importing("maildir", maildir).run().ok();
    assertEquals(List.of("1.taken.host", "2.staged.host", "0.waits.host"), work());
    assertEquals(List.of("cur", "new", "tmp"), tree(maildir));
    spool("check", spool).run().ok();
  }

  @Test
  void whatIsNoMaildirOrNoSpoolIsRefused() throws Exception {
    Path empty = Files.createDirectory(directory.resolve("empty"));
    Path maildir = maildir(directory.resolve("mail"));
    assertTrue(
        importing("maildir", empty)
            .run()
            .failsWith(ExitCode.NO_INPUT)
            .err()
            .contains("no Maildir"));
    importing("maildir", directory.resolve("none")).run().failsWith(ExitCode.NO_INPUT);
    importing("maildir", spool).run().failsWith(ExitCode.USAGE);
    importing("mbox", maildir).run().failsWith(ExitCode.USAGE);
    importing("maildir", maildir, "--stale-locks", "1m").run().failsWith(ExitCode.USAGE);
    importing("dirq", maildir, "--cur").run().failsWith(ExitCode.USAGE);
    spool("import", "maildir", maildir, empty).run().failsWith(ExitCode.CONFIG);
    assertEquals(List.of(), tree(empty));
    assertEquals(List.of("cur", "new", "tmp"), tree(maildir));
  }
}
