package org.spooldir.fs;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The clocks of a model: wall, monotonic and file system in one, which moves only when told to. */
final class ModelTime implements InstantSource {

  private Instant now;
  private long nano;

  ModelTime() {
    this(FakeTime.START, 0);
  }

  private ModelTime(Instant now, long nano) {
    this.now = now;
    this.nano = nano;
  }

  ModelTime copy() {
    return new ModelTime(now, nano);
  }

  void advance(Duration duration) {
    now = now.plus(duration);
    nano += duration.toNanos();
  }

  @Override
  public Instant instant() {
    return now;
  }

  long nanoTime() {
    return nano;
  }
}
