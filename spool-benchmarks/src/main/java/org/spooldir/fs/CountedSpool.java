package org.spooldir.fs;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Opens a spool that counts the races it loses. Stands in this package because it counts behind the
 * one door to the operating system.
 */
public final class CountedSpool {

  private CountedSpool() {}

  /** Opens it; a rename whose source is gone is a lost race. */
  public static DirectorySpool open(Path directory, SpoolOptions options, AtomicLong lost)
      throws IOException {
    Ground real = Ground.of(directory);
    Ground ground =
        new Ground(
            new CountingFileOps(lost),
            real.clock(),
            real.nanoTime(),
            real.random(),
            real.names(),
            real.window());
    return DirectorySpool.open(directory, options, ground);
  }

  private static final class CountingFileOps extends NioFileOps {

    private final AtomicLong lost;

    CountingFileOps(AtomicLong lost) {
      super(true);
      this.lost = lost;
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
      try {
        super.rename(from, to);
      } catch (NoSuchFileException e) {
        lost.incrementAndGet();
        throw e;
      }
    }
  }
}
