package org.spooldir.fs.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * R2 and the wall clock: the clock of one worker's host jumps, as libfaketime makes it do. Ages are
 * told by the clock of the file system, so nobody is believed dead.
 */
@Tag("privileged")
@Timeout(90)
class ClockJumpTest {

  private static Path library = Path.of("");

  @RegisterExtension final Processes processes = Processes.inMemory();

  /** Where Debian puts it, or where {@code -Dspool.libfaketime} says. */
  @BeforeAll
  static void findLibrary() throws IOException {
    Optional<Path> found =
        Optional.ofNullable(System.getProperty("spool.libfaketime")).map(Path::of);
    try (Stream<Path> places = Files.list(Path.of("/usr/lib"))) {
      found =
          found.or(
              () ->
                  places
                      .map(place -> place.resolve("faketime/libfaketimeMT.so.1"))
                      .filter(Files::exists)
                      .findAny());
    }
    assumeTrue(found.isPresent(), "no libfaketime here: apt-get install libfaketime");
    library = found.get();
  }

  @ParameterizedTest
  @ValueSource(strings = {"+1d", "-1d"})
  void ofOneWorkerLosesNobodysClaim(String jump) throws IOException {
    Path clock = Files.writeString(processes.scratch("clock"), "+0d");
    List<String> faked =
        List.of(
            "env",
            "LD_PRELOAD=" + library,
            "FAKETIME_TIMESTAMP_FILE=" + clock,
            "FAKETIME_NO_CACHE=1",
            "FAKETIME_DONT_FAKE_MONOTONIC=1",
            "NO_FAKE_STAT=1"); // the file system is another's, and keeps its own time
    ChildProcess jumper = processes.startBehind(faked, PuppetMain.class, "lease=2000", "poll=100");
    ChildProcess other = processes.start(PuppetMain.class, "lease=2000", "poll=100");
    jumper.tell("enqueue of-the-jumper 1000");
    String ofJumper = jumper.claim().id();
    other.tell("enqueue of-the-other 1000");
    String ofOther = other.claim().id();

    Files.writeString(clock, jump);
    jumper.tell("claim 5000");
    other.tell("claim 5000");
    jumper.next(Act.NOTHING);
    other.next(Act.NOTHING);
    assertEquals(2, processes.files().in("workers").size(), "presences");
    jumper.settle("COMPLETED", ofJumper);
    other.settle("COMPLETED", ofOther);

    jumper.tell("enqueue told-by-the-wrong-clock 10");
    Instant named = Instant.ofEpochSecond(seconds(jumper.next(Act.ENQUEUED).id()));
    Duration off = Duration.between(Instant.now(), named);
    assertTrue(off.isNegative() || off.toHours() >= 23, "the clock did not jump: " + off);
    other.settle("COMPLETED", other.claim().id());
    processes.files().requireNoJobs();
    assertEquals(0, jumper.count(Act.LOST) + other.count(Act.LOST));
    new Ledger(processes.children()).requireNoComplaints();
  }

  private static long seconds(String id) {
    return Long.parseLong(id.substring(0, id.indexOf('.')));
  }
}
