package org.spooldir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Gives {@link MemorySpool} to the contracts. */
public abstract class MemoryFixture implements SpoolFixture {

  private final MemorySpool spool = MemorySpool.create();
  private final MemorySpool retaining = MemorySpool.retaining();
  private final List<Spool> opened = new ArrayList<>(List.of(spool, retaining));

  @TempDir private Path scratch;

  @AfterEach
  final void closeAll() throws IOException {
    for (Spool each : opened) {
      each.close();
    }
  }

  @Override
  public final Spool spool() {
    return spool;
  }

  @Override
  public final Spool another() {
    Spool another = spool.another();
    opened.add(another);
    return another;
  }

  @Override
  public final Spool retaining() {
    return retaining;
  }

  @Override
  public final void declareDead(Spool dead) {
    ((MemorySpool) dead).declareDead();
  }

  @Override
  public final Path scratch() {
    return scratch;
  }
}
