package org.spooldir.fs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * A wall clock, a monotonic clock and the clock of a file system that move only when told to; only
 * the last one also ticks by itself, by the few real milliseconds of a test.
 */
final class FakeTime extends Clock {

  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final Path probe;

  /** From which real mtime on how much is added. */
  private final ConcurrentSkipListMap<Instant, Duration> shifts = new ConcurrentSkipListMap<>();

  private volatile Duration wall = Duration.ZERO;
  private volatile long nano = Long.MAX_VALUE - 1_000_000; // it overflows soon: differences count

  /** Tells the time of the file system by a file of its own. */
  FakeTime(Path probe) {
    this.probe = probe;
  }

  /** Time passes, on all clocks. */
  synchronized void advance(Duration duration) {
    nano += duration.toNanos();
    step(duration);
  }

  /** Somebody sets the wall clocks; the monotonic one does not care. */
  synchronized void step(Duration duration) {
    wall = wall.plus(duration);
    Instant before = realFileTime();
    Instant from = realFileTime();
    while (!from.isAfter(before)) { // its clock ticks coarsely
      from = realFileTime();
    }
    shifts.put(from, wall);
  }

  private Instant realFileTime() {
    try {
      Files.write(probe, new byte[] {1});
      return Files.getLastModifiedTime(probe).toInstant();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** When that was, in this time. */
  Instant ofFile(Instant real) {
    Map.Entry<Instant, Duration> shift = shifts.floorEntry(real);
    return shift == null ? real : real.plus(shift.getValue());
  }

  long nanoTime() {
    return nano;
  }

  @Override
  public Instant instant() {
    return START.plus(wall);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException();
  }
}
