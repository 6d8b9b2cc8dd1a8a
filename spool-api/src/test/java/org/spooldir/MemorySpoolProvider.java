package org.spooldir;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The engine of the tests: {@code memory:NAME} is the same queue for all of a process. It tells
 * listeners nothing.
 */
public final class MemorySpoolProvider implements SpoolProvider {

  private static final Map<String, MemorySpool> SPOOLS = new ConcurrentHashMap<>();

  @Override
  public String scheme() {
    return "memory";
  }

  @Override
  public Spool open(URI uri, SpoolListener listener) {
    return SPOOLS
        .computeIfAbsent(uri.getSchemeSpecificPart(), name -> MemorySpool.create())
        .another();
  }
}
