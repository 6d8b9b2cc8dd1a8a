package org.spooldir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.spooldir.cli.Patience.await;
import static org.spooldir.cli.SpoolCommand.shell;
import static org.spooldir.cli.SpoolCommand.spool;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spooldir.fs.Trait;

/** {@code spool doctor}; what it tries out is tested with the library. */
class DoctorIT {

  @TempDir Path directory;

  @Test
  void aDirectoryIsExaminedAndLeftAsItWas() throws Exception {
    SpoolCommand.Result told = spool("doctor", directory).run().ok();
    assertTrue(
        told.lines().contains("ok      rename: atomic, replaces, the second one is refused"));
    assertTrue(told.out().contains("free inodes: "), told::out);
    String verdict = told.lines().get(told.lines().size() - 1);
    assertTrue(verdict.matches("verdict: fit( for a spool| with limits, see above)"), verdict);
    try (var files = Files.list(directory)) {
      assertEquals(List.of(), files.toList());
    }
  }

  @Test
  void memoryIsFitWithLimits() throws Exception {
    Path memory = Path.of("/dev/shm");
    assumeTrue(Files.isWritable(memory), "no /dev/shm");
    SpoolCommand.Result told = spool("doctor", memory).run().ok();
    assertTrue(told.out().startsWith("limit   type: tmpfs, mounted at /dev/shm"), told::out);
    assertTrue(told.out().endsWith("verdict: fit with limits, see above\n"), told::out);
  }

  @Test
  void linesOfJsonEndWithTheVerdict() {
    SpoolCommand.needs("python3");
    String last = "import json,sys; print([json.loads(l) for l in sys.stdin][-1][\"verdict\"])";
    String verdict =
        shell("spool doctor --json " + directory + " | python3 -c '" + last + "'").run().ok().out();
    assertTrue(verdict.matches("(fit|limited)\n"), verdict);
  }

  @Test
  void anAbsentDirectoryIsRefused() {
    assertTrue(
        spool("doctor", directory.resolve("absent"))
            .run()
            .failsWith(ExitCode.NO_INPUT)
            .err()
            .contains("no such file"));
  }

  @Test
  void aStatThatHangsIsEndedAndLeftOut() {
    List<String> hangs = List.of("sleep", "300");
    assertNull(Doctor.inodes(hangs, Duration.ofMillis(100)));
    await().until(() -> ProcessHandle.current().children().noneMatch(DoctorIT::isSleep));
    Thread.currentThread().interrupt();
    assertNull(Doctor.inodes(hangs, Duration.ofDays(1)));
    assertTrue(Thread.interrupted());
    await().until(() -> ProcessHandle.current().children().noneMatch(DoctorIT::isSleep));
  }

  private static boolean isSleep(ProcessHandle child) {
    return child.info().command().orElse("").endsWith("sleep");
  }

  @Test
  void inodesAreReadFromWhatStatSays() {
    Trait few = Doctor.inodes(List.of("echo", "20000 9999"), Duration.ofMinutes(1));
    assertEquals("9999 LIMITED", few.value() + " " + few.fitness());
    assertNull(Doctor.inodes(List.of("false"), Duration.ofMinutes(1)));
  }

  @Test
  void whatIsLeftIfItIsKilledIsSaid() {
    assertTrue(spool("doctor", "--help").run().ok().out().contains(".spool-doctor-*"));
  }

  @Test
  void whatCannotBeWrittenToIsNotFit() {
    SpoolCommand.Result told = spool("doctor", "/proc/sys").run().failsWith(ExitCode.CONFIG);
    assertTrue(told.out().contains("NOT FIT writing: not possible"), told::out);
    assertTrue(told.out().endsWith("verdict: not fit for a spool, see above\n"), told::out);
  }
}
