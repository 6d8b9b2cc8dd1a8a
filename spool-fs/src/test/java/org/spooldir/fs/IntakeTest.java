package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spooldir.EnqueueUncertainException;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.Payload;
import org.spooldir.SpoolEvent;
import org.spooldir.SpoolException;
import org.spooldir.SpoolException.InSpool;

/** E2, E4 and E5 of files that are moved in. */
class IntakeTest extends SpoolTest {

  private List<Path> files(String... texts) throws IOException {
    List<Path> files = new ArrayList<>();
    for (String text : texts) {
      files.add(Files.writeString(directory.resolve("file-" + text), text));
    }
    return files;
  }

  @Test
  void aFileBecomesAJobByOneRename() throws Exception {
    Path file = files("123456789").get(0);
    String from = FileNames.escape(file);
    DirectorySpool spool = lab.open();
    List<JobId> ids = new ArrayList<>();
    List<String> calls = lab.faults.during(() -> ids.addAll(spool.moveIn(List.of(file))));
    String name = ids.get(0) + ",S=9,C=e3069283";
    assertEquals(
        List.of(
            "force " + from, // E2
            "rename " + from + " new/" + name, // E4
            "forceDirectory new", // E5: first where it is, then where it was
            "forceDirectory " + FileNames.escape(directory)),
        calls.stream()
            .filter(call -> call.matches("(force|rename|link|delete|create).*"))
            .toList());
    assertEquals(List.of(new SpoolEvent.Enqueued(ids.get(0))), lab.events);
    assertEquals("123456789", Lab.claim(spool).payload().text());
  }

  @Test
  void nothingIsForcedAtLevelProcess() throws Exception {
    lab.open(Lab.OPTIONS.durability(Durability.PROCESS)).moveIn(files("a", "b"));
    assertEquals(List.of(), lab.faults.matching("force.*"));
    assertEquals(2, lab.names("new").size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"force .*file-b", "read .*file-b"})
  void ifOneCannotBeReadNoneIsMoved(String step) throws Exception {
    List<Path> files = files("a", "b", "c");
    lab.faults.on(step).fails(Faults.broken());
    SpoolException thrown = assertThrows(SpoolException.class, () -> lab.open().moveIn(files));
    assertEquals(InSpool.NO, thrown.jobIn());
    assertEquals(List.of(), thrown.enqueued());
    assertTrue(files.stream().allMatch(Files::exists));
    assertEquals(List.of(), lab.names("new"));
  }

  @Test
  void thoseBeforeOneThatCannotBeMovedAreIn() throws Exception {
    List<Path> files = files("a", "b", "c");
    lab.faults.on("rename .*file-b .*").fails(Faults.broken());
    SpoolException thrown = assertThrows(SpoolException.class, () -> lab.open().moveIn(files));
    assertEquals(InSpool.NO, thrown.jobIn());
    assertEquals(1, thrown.enqueued().size());
    assertTrue(lab.names("new").get(0).startsWith(thrown.enqueued().get(0).value()));
    assertEquals(1, lab.faults.count("forceDirectory new"));
    assertFalse(Files.exists(files.get(0)));
    assertTrue(Files.exists(files.get(1)) && Files.exists(files.get(2)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"forceDirectory new", "forceDirectory .*"})
  void anErrorInE5LeavesTheJobVisibleAndSaysSo(String step) throws Exception {
    List<Path> files = files("a");
    DirectorySpool spool = lab.open();
    lab.faults.on(step).fails(Faults.broken());
    EnqueueUncertainException thrown =
        assertThrows(EnqueueUncertainException.class, () -> spool.moveIn(files));
    assertEquals(1, lab.names("new").size());
    assertTrue(lab.names("new").get(0).startsWith(thrown.ids().get(0).value()));
  }

  @Test
  void whatIsNoRegularFileIsRefused() throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("link"), files("a").get(0));
    SpoolException thrown =
        assertThrows(SpoolException.class, () -> lab.open().moveIn(List.of(link)));
    assertTrue(thrown.getMessage().contains("is no regular file"), thrown.getMessage());
    assertEquals(List.of(), lab.names("new"));
  }

  @Test
  void aRenameWhoseReplyWasLostIsDone() throws Exception {
    List<Path> files = files("a");
    Site site =
        lab.siteOn(
            ops ->
                new ForwardingFileOps(ops) {
                  @Override
                  public void rename(Path from, Path to) throws IOException {
                    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
                    super.rename(from, to); // once more, as a network file system may do it
                  }
                });
    assertEquals(1, new Intake(site, new EntryWriter(site)).moveIn(files).size());
    assertEquals(1, lab.names("new").size());
  }

  @Test
  void aRenameThatIsDoneInSpiteOfItsErrorIsDone() throws Exception {
    List<Path> files = files("a");
    lab.faults.on("rename .*").failsAfterwards(Faults.broken());
    assertEquals(1, lab.open().moveIn(files).size());
    assertEquals(1, lab.names("new").size());
  }

  @Test
  void ofARenameThatFailedAndCannotBeLookedAtNobodyKnows() throws Exception {
    List<Path> files = files("a");
    lab.faults.on("rename .*").failsAfterwards(Faults.broken());
    lab.faults.on("stat new/.*").fails(Faults.broken());
    assertThrows(EnqueueUncertainException.class, () -> lab.open().moveIn(files));
  }

  @Test
  void theCallersFileIsNamedIfItIsThatWhichIsMissing() throws Exception {
    DirectorySpool spool = lab.open();
    Path missing = directory.resolve("missing");
    for (Executable handIn : handIn(spool, missing)) {
      SpoolException thrown = assertThrows(SpoolException.class, handIn);
      String text = thrown.getMessage();
      assertTrue(text.contains(missing + ": cannot be read"), text);
      assertEquals(InSpool.NO, thrown.jobIn());
    }
  }

  @Test
  void aFileOfAnotherFileSystemIsRefusedWithWhatToDo() throws Exception {
    DirectorySpool spool = lab.open();
    Path far = files("far").get(0);
    lab.faults
        .on("(link|rename) .*file-far .*")
        .fails(new FileSystemException("x", "y", "Invalid cross-device link"));
    for (Executable handIn : handIn(spool, far)) {
      SpoolException thrown = assertThrows(SpoolException.class, handIn);
      String text = thrown.getMessage();
      assertTrue(text.contains(far + ": is not on the file system of the spool"), text);
      assertFalse(thrown.mayRetry());
    }
    assertTrue(Files.exists(far));
    assertEquals(List.of(), lab.names("tmp"));
  }

  /** Both ways to hand in a file in its place. */
  private static List<Executable> handIn(DirectorySpool spool, Path file) {
    return List.of(
        () -> spool.moveIn(List.of(file)), () -> spool.enqueue(Job.of(Payload.adopt(file))));
  }

  @Test
  void ofWhatVanishedBeforeItsRenameNobodyKnows() throws Exception {
    List<Path> files = files("a", "b");
    lab.faults.on("rename .*file-b new/.*").nth(1).first(() -> Files.delete(files.get(1)));
    EnqueueUncertainException thrown =
        assertThrows(EnqueueUncertainException.class, () -> lab.open().moveIn(files));
    assertEquals(InSpool.UNKNOWN, thrown.jobIn());
    assertEquals(1, thrown.ids().size());
    assertEquals(1, thrown.enqueued().size());
  }
}
