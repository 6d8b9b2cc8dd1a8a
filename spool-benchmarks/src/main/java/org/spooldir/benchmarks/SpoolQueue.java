package org.spooldir.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.Spool;
import org.spooldir.fs.DirectorySpool;
import org.spooldir.fs.Durability;
import org.spooldir.fs.SpoolOptions;

/** Ours. */
final class SpoolQueue implements Queue {

  private final Spool spool;

  SpoolQueue(Spool spool) {
    this.spool = spool;
  }

  static SpoolQueue open(Path directory, Level level) throws IOException {
    SpoolOptions options = SpoolOptions.DEFAULTS.durability(Durability.valueOf(level.name()));
    return new SpoolQueue(DirectorySpool.openOrCreate(directory, options));
  }

  @Override
  public void put(byte[] payload) throws Exception {
    spool.enqueue(Job.of(payload));
  }

  @Override
  public void putAll(byte[] payload, int count) throws Exception {
    spool.enqueueAll(Collections.nCopies(count, Job.of(payload)));
  }

  @Override
  public boolean take() throws Exception {
    return finish(spool.claim());
  }

  @Override
  public boolean take(Duration wait) throws Exception {
    return finish(spool.claim(wait));
  }

  private static boolean finish(Optional<Claim> claim) throws IOException {
    if (claim.isEmpty()) {
      return false;
    }
    try (InputStream in = claim.get().payload().open()) {
      // Without another copy: what is small was read into memory by the claim.
      in.transferTo(OutputStream.nullOutputStream());
    }
    claim.get().complete();
    return true;
  }

  @Override
  public void close() throws IOException {
    spool.close();
  }
}
