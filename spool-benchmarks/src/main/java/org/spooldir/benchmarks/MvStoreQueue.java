package org.spooldir.benchmarks;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;

/**
 * A map of H2's MVStore, whose least key is the next job. One process only. Each put is committed,
 * and forced where the level says so; a job that is taken is gone, so a crash loses it: there is no
 * claim.
 */
final class MvStoreQueue implements Queue {

  private final MVStore store;
  private final MVMap<Long, byte[]> jobs;
  private final AtomicLong last;
  private final Level level;

  private MvStoreQueue(MVStore store, Level level) {
    this.store = store;
    this.level = level;
    jobs = store.openMap("jobs");
    Long key = jobs.lastKey();
    last = new AtomicLong(key == null ? 0 : key);
  }

  static MvStoreQueue open(Path directory, Level level) {
    String file = directory.resolve("queue.mv").toString();
    MVStore store = new MVStore.Builder().fileName(file).autoCommitDisabled().open();
    return new MvStoreQueue(store, level);
  }

  @Override
  public void put(byte[] payload) {
    jobs.put(last.incrementAndGet(), payload);
    commit(level != Level.PROCESS);
  }

  @Override
  public void putAll(byte[] payload, int count) {
    for (int i = 0; i < count; i++) {
      jobs.put(last.incrementAndGet(), payload);
    }
    commit(level != Level.PROCESS);
  }

  @Override
  public boolean take() {
    while (true) {
      Long key = jobs.firstKey();
      if (key == null) {
        return false;
      }
      if (jobs.remove(key) != null) {
        commit(level == Level.FULL);
        return true;
      }
    }
  }

  private void commit(boolean force) {
    store.commit();
    if (force) {
      store.sync();
    }
  }

  @Override
  public void close() {
    store.close();
  }
}
