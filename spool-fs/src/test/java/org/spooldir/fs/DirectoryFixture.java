package org.spooldir.fs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.spooldir.Spool;
import org.spooldir.SpoolFixture;

/** Gives {@link DirectorySpool} to the contracts. */
abstract class DirectoryFixture implements SpoolFixture {

  private static final SpoolOptions OPTIONS =
      SpoolOptions.DEFAULTS.lease(Duration.ofSeconds(3)).poll(Duration.ofMillis(50)).reserve(0);

  @TempDir private Path scratch;
  private final List<Spool> opened = new ArrayList<>();
  private final Map<String, Spool> named = new HashMap<>();

  @AfterEach
  final void closeAll() throws IOException {
    for (Spool each : opened) {
      each.close();
    }
  }

  private synchronized Spool openOrCreate(String name, SpoolOptions options) throws IOException {
    Spool spool = DirectorySpool.openOrCreate(scratch.resolve(name), options);
    opened.add(spool);
    return spool;
  }

  // A test may ask in two threads at once, and interrupt one of them as soon as it has got its own.
  private synchronized Spool once(String name, SpoolOptions options) throws IOException {
    if (!named.containsKey(name)) {
      named.put(name, openOrCreate(name, options));
    }
    return named.get(name);
  }

  @Override
  public final Spool spool() throws IOException {
    return once("spool", OPTIONS);
  }

  @Override
  public final Spool another() throws IOException {
    spool();
    return openOrCreate("spool", OPTIONS);
  }

  @Override
  public final Spool retaining() throws IOException {
    return once("retaining", OPTIONS.retention(LONG));
  }

  /** As a recoverer does it (R0): unlinks the presence, which is that of the claims it holds. */
  @Override
  public final void declareDead(Spool dead) throws IOException {
    String worker = ((DirectorySpool) dead).workerId().orElseThrow();
    Files.delete(scratch.resolve("spool/workers").resolve(worker));
  }

  @Override
  public final Path scratch() throws IOException {
    return Files.createDirectories(scratch.resolve("scratch"));
  }
}
