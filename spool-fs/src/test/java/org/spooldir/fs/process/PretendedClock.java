package org.spooldir.fs.process;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.spooldir.fs.SteppedTime;

/** A wall clock that the test sets, and children who believe it. */
interface PretendedClock {

  /** From now on it differs from the real one by this much. */
  void set(Duration shift) throws IOException;

  /** A child by this clock. */
  ChildProcess start(Class<?> main, String... settings) throws IOException;

  /**
   * The clock of a host, not that of the file system: libfaketime stands between the JVM and the C
   * library. Gives up where there is none.
   */
  static PretendedClock ofHost(Processes processes) throws IOException {
    Path library = library();
    Path clock = Files.writeString(processes.scratch("clock"), "+0");
    List<String> faked =
        List.of(
            "env",
            "LD_PRELOAD=" + library,
            "FAKETIME_TIMESTAMP_FILE=" + clock,
            "FAKETIME_NO_CACHE=1",
            "FAKETIME_DONT_FAKE_MONOTONIC=1",
            "NO_FAKE_STAT=1"); // the file system is another's, and keeps its own time
    return new PretendedClock() {
      @Override
      public void set(Duration shift) throws IOException {
        Files.writeString(clock, "%+d".formatted(shift.toSeconds()));
      }

      @Override
      public ChildProcess start(Class<?> main, String... settings) throws IOException {
        return processes.startBehind(faked, main, settings);
      }
    };
  }

  /** Where Debian puts it, or where {@code -Dspool.libfaketime} says. */
  private static Path library() throws IOException {
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
    return found.get();
  }

  /** The clock of a machine with the file system on it: both are set at once. */
  static PretendedClock ofMachine(Processes processes) {
    Path steps = processes.scratch("steps");
    SteppedTime time = new SteppedTime(steps);
    return new PretendedClock() {
      @Override
      public void set(Duration shift) throws IOException {
        time.set(shift);
      }

      @Override
      public ChildProcess start(Class<?> main, String... settings) throws IOException {
        List<String> all =
            Stream.concat(Stream.of(settings), Stream.of("clocks=" + steps)).toList();
        return processes.start(main, all.toArray(String[]::new));
      }
    };
  }

  /** The real one, which nobody sets. */
  static PretendedClock real(Processes processes) {
    return new PretendedClock() {
      @Override
      public void set(Duration shift) {
        throw new UnsupportedOperationException();
      }

      @Override
      public ChildProcess start(Class<?> main, String... settings) throws IOException {
        return processes.start(main, settings);
      }
    };
  }
}
