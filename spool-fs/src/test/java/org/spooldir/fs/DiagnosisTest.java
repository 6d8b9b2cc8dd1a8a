package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spooldir.CorruptEntryException;
import org.spooldir.JobState;
import org.spooldir.SpoolException;
import org.spooldir.SpoolException.InSpool;
import org.spooldir.SpoolException.Where;
import org.spooldir.SpoolFullException;

/** What the system says, and what the user is told to do. */
class DiagnosisTest {

  private static SpoolException of(IOException cause) {
    return Diagnosis.of("claim", Path.of("/spool/new"), JobState.READY, InSpool.YES, cause);
  }

  private static IOException saying(String reason) {
    return new FileSystemException("/spool/new/x", null, reason);
  }

  @ParameterizedTest
  @CsvSource({
    "No space left on device,true,make room",
    "Disk quota exceeded,true,make room",
    "Read-only file system,true,remount",
    "Too many open files,true,raise the limit",
    "Too many open files in system,true,raise the limit",
    "Invalid cross-device link,false,is something mounted there",
    "Input/output error,true,Input/output error",
    "Stale file handle,true,Stale file handle"
  })
  void everyTroubleSaysWhatToDo(String reason, boolean mayRetry, String words) {
    SpoolException thrown = of(saying(reason));
    assertTrue(thrown.getMessage().contains(words), thrown.getMessage());
    assertEquals(mayRetry, thrown.mayRetry());
  }

  @Test
  void itSaysWhatWasTriedWhereAndInWhichState() {
    IOException cause = saying("Input/output error");
    SpoolException thrown = of(cause);
    assertEquals("claim", thrown.operation());
    assertEquals("/spool/new", thrown.path());
    assertEquals(Optional.of(JobState.READY), thrown.state());
    assertEquals(InSpool.YES, thrown.jobIn());
    assertSame(cause, thrown.getCause());
    assertTrue(thrown.getMessage().startsWith("claim /spool/new: "), thrown.getMessage());
  }

  @Test
  void whatNeedsAnOperatorMayNotBeTriedAgain() {
    assertFalse(of(new AccessDeniedException("/spool/new")).mayRetry());
    assertTrue(of(new AccessDeniedException("/spool/new")).getMessage().contains("owner and mode"));
    assertFalse(of(new NoSuchFileException("/spool/new")).mayRetry());
    assertTrue(of(new NoSuchFileException("/spool/new")).getMessage().contains("is gone"));
  }

  @Test
  void aFullDiskIsAnExceptionOfItsOwnAlsoWithoutAnErrorNumber() {
    assertInstanceOf(SpoolFullException.class, of(saying("No space left on device")));
    assertInstanceOf(SpoolFullException.class, of(new IOException("No space left on device")));
    assertFalse(of(saying("Input/output error")) instanceof SpoolFullException);
  }

  @Test
  void aDeviceThatIsFullIsRecognisedByTheWordsOfThisSystem() {
    Path full = Path.of("/dev/full");
    Assumptions.assumeTrue(Files.exists(full), "no /dev/full here");
    IOException thrown = null;
    try (FileOutputStream out = new FileOutputStream(full.toFile())) {
      out.write(1);
    } catch (IOException e) {
      thrown = e;
    }
    assertInstanceOf(SpoolFullException.class, of(thrown));
  }

  @Test
  void whatSaysAllAlreadyIsHandedOn() {
    SpoolException known =
        new CorruptEntryException(new Where("read", "x", null, InSpool.YES), "damaged", null);
    assertSame(known, of(known));
  }

  @Test
  void anErrorWithoutWordsHasSome() {
    assertTrue(
        of(new IOException()).getMessage().contains("IOException"),
        of(new IOException())::getMessage);
  }

  @Test
  void noMessageCarriesAHostileNameToATerminal() {
    String name = "/spool/new/\u001b[31m\n";
    for (IOException cause :
        List.of(
            new FileSystemException(name, null, "Input/output error"),
            new FileAlreadyExistsException(name))) {
      SpoolException thrown =
          Diagnosis.of(
              "claim",
              FileNames.in(Path.of("/spool/new"), "\u001b[31m\n\u00ff"),
              JobState.READY,
              InSpool.YES,
              cause);
      assertTrue(
          thrown.getMessage().chars().allMatch(c -> c >= ' ' && c <= '~'),
          () -> FileNames.escape(thrown.getMessage()));
    }
  }
}
