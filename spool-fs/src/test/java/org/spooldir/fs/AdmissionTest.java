package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spooldir.Job;
import org.spooldir.JobState;
import org.spooldir.SpoolException;

/** C3 under rules: whose entries are taken, how large, and under how many names. */
class AdmissionTest extends SpoolTest {

  private static UserPrincipal user(String name) throws Exception {
    return FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(name);
  }

  private DirectorySpool openDropBox() throws Exception {
    return openDropBox(Lab.OPTIONS);
  }

  private DirectorySpool openDropBox(SpoolOptions options) throws Exception {
    lab.makeDropBoxOfOthers();
    return lab.openWorker(options);
  }

  /** The only job there is becomes a dead letter, and nobody opens it. */
  private void assertRefused(DirectorySpool spool, String reason) throws Exception {
    lab.faults.forget();
    assertEquals(Optional.empty(), spool.claim());
    assertEquals(0, lab.faults.count("read (new|cur)/.*"));
    Path letter = lab.only("failed");
    String said = spool.inspector().failures(lab.layout().nameOf(letter).id()).get(0).reason();
    assertTrue(said.contains(reason), said);
    assertEquals(List.of(), lab.names("tmp"));
    Files.delete(letter);
  }

  // ---- size ----

  @Test
  void aLargerEntryThanIsTakenIsNotEvenOpened() throws Exception {
    DirectorySpool spool = lab.openWorker(Lab.OPTIONS.maxEntrySize(5));
    spool.enqueue(Job.of("12345"));
    Lab.claim(spool).complete();
    spool.enqueue(Job.of("123456"));
    assertRefused(spool, "has 6 bytes, and more than 5 are not taken");
  }

  @Test
  void aDropBoxHasALimitByItself() throws Exception {
    DirectorySpool spool = openDropBox();
    Path huge = lab.deliver("huge", "");
    try (RandomAccessFile file = new RandomAccessFile(huge.toFile(), "rw")) {
      file.setLength((1L << 30) + 1); // of holes: it costs its owner nothing
    }
    assertRefused(spool, "and more than 1073741824 are not taken");
  }

  @Test
  void aDropBoxMayHaveAnotherLimit() throws Exception {
    DirectorySpool spool = openDropBox(Lab.OPTIONS.maxEntrySize(4));
    lab.deliver("five", "12345");
    assertRefused(spool, "and more than 4 are not taken");
  }

  // ---- owners ----

  @Test
  void onlyEntriesOfTheOwnersThatAreNamedAreTaken() throws Exception {
    UserPrincipal real = Files.getOwner(lab.root);
    DirectorySpool spool = openDropBox(Lab.OPTIONS.owners(Set.of(user("4711"), real)));
    spool.enqueue(Job.of("x"));
    Lab.claim(spool).complete();
    spool.close();
    DirectorySpool strict = lab.openWorker(Lab.OPTIONS.owners(Set.of(user("4711"))));
    strict.enqueue(Job.of("x"));
    assertRefused(strict, "belongs to user " + real.getName() + ", whose entries are not taken");
  }

  @Test
  void theOwnEntriesAreAlwaysTaken() throws Exception {
    DirectorySpool spool = lab.openWorker(Lab.OPTIONS.owners(Set.of(user("4711"))));
    spool.enqueue(Job.of("x"));
    Lab.claim(spool).complete();
  }

  @Test
  void withoutRulesAPrivateSpoolLooksAtNothingMore() throws Exception {
    DirectorySpool spool = lab.openWorker();
    spool.enqueue(Job.of("x"));
    lab.faults.forget();
    Lab.claim(spool).complete();
    assertEquals(0, lab.faults.count("(lstat|owner|create) .*|delete tmp/.*"));
  }

  // ---- names ----

  @Test
  void aHardLinkIsNotTakenForItMayBeToAnything() throws Exception {
    DirectorySpool spool = openDropBox();
    Path secret = Files.writeString(directory.resolve("secret"), "of the worker's user");
    Files.createLink(lab.root.resolve("new/planted"), secret);
    assertRefused(spool, "is a file with 2 names: hard links are not taken");
    lab.faults.ownedBy(-1); // a file of the own user, which a kernel of old lets anybody link
    Files.createLink(lab.root.resolve("new/planted"), secret);
    assertRefused(spool, "is a file with 2 names: hard links are not taken");
    assertEquals("of the worker's user", Files.readString(secret));
  }

  @Test
  void theOwnersJobsMayHaveAKey() throws Exception {
    DirectorySpool spool = openDropBox();
    lab.faults.ownedBy(-1);
    spool.enqueue(Job.of("x").key("k"));
    Lab.claim(spool).complete();
  }

  // ---- what can be neither claimed nor removed ----

  @ParameterizedTest
  @ValueSource(strings = {"planted", "0000000001.M000001P1Q1R0123456789abcdef.host,S=6,C=00000000"})
  void aPlantedDirectoryIsIgnoredAndCountedWhateverItsName(String name) throws Exception {
    DirectorySpool spool = openDropBox();
    Files.createDirectory(lab.root.resolve("new").resolve(name));
    spool.enqueue(Job.of("x"));
    assertEquals("x", Lab.claim(spool).payload().text());
    assertEquals(Optional.empty(), spool.claim());
    assertEquals(1, spool.inspector().stats().foreign());
    assertEquals(0, spool.inspector().stats().jobs(JobState.READY));
    assertEquals(0, lab.faults.count("rename new/" + name + " .*"));
  }

  @Test
  void manyDirectoriesInPlaceOfJobsAreNoReasonToStop() throws Exception {
    DirectorySpool spool = openDropBox();
    for (int i = 0; i < 20; i++) { // more than make a worker believe that it may rename nothing
      spool.enqueue(Job.of("x"));
      String name = lab.names("new").get(i);
      Path file = lab.root.resolve("new").resolve(name);
      lab.faults
          .on("rename new/" + name.replace(".", "\\.") + " .*")
          .first(
              () -> {
                Files.delete(file); // by its owner, since it was listed
                Files.createDirectory(file);
                throw new AccessDeniedException("a directory is moved by who may write to it");
              });
    }
    spool.enqueue(Job.of("y").priority(0));
    assertEquals("y", Lab.claim(spool).payload().text());
    assertEquals(1, lab.faults.count("lstat cur/.*"), "of the only one that was claimed");
  }

  @Test
  void aJobThatMayNotBeRenamedIsAnError() throws Exception {
    DirectorySpool spool = openDropBox();
    spool.enqueue(Job.of("x"));
    lab.faults.on("rename new/.*").fails(new AccessDeniedException("new"));
    SpoolException thrown = assertThrows(SpoolException.class, spool::claim);
    assertTrue(thrown.getMessage().contains("permission denied"), thrown::getMessage);
    assertEquals(1, lab.names("new").size());
  }

  @Test
  void aJobThatItsOwnerTakesBackMeanwhileIsNoError() throws Exception {
    DirectorySpool spool = openDropBox();
    spool.enqueue(Job.of("x"));
    lab.faults
        .on("rename new/.*")
        .first(
            () -> {
              Files.delete(lab.only("new"));
              throw new AccessDeniedException("new");
            });
    assertEquals(Optional.empty(), spool.claim());
  }

  @Test
  void whatIsNoFileWhenItIsClaimedBecomesADeadLetter() throws Exception {
    DirectorySpool spool = openDropBox();
    spool.enqueue(Job.of("x"));
    Path entry = lab.only("new");
    lab.faults
        .on("rename new/.*")
        .first(
            () -> {
              Files.delete(entry); // by its owner, since it was listed
              Files.createSymbolicLink(entry, Path.of("/etc/passwd"));
            });
    assertRefused(spool, "not a regular file");
  }

  @Test
  void anAppendedEntryIsNotWhatItsProducerWrote() throws Exception {
    DirectorySpool spool = openDropBox();
    spool.enqueue(Job.of("x"));
    Files.writeString(lab.only("new"), "more", StandardOpenOption.APPEND);
    assertRefused(spool, "size is 5, S= says 1");
  }
}
