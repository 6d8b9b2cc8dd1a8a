package org.spooldir.fs;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;

/**
 * Hears of arrivals in {@code new/} and {@code delayed/}. A hint and no more: events are lost when
 * there are too many, and on network file systems there are none; the poll sees what was missed.
 */
final class ArrivalWatcher implements Runnable {

  private final SpoolLayout layout;
  private final Candidates candidates;
  private final DelayedJobs delayed;
  private final WatchService watch;

  ArrivalWatcher(SpoolLayout layout, Candidates candidates, DelayedJobs delayed)
      throws IOException {
    this.layout = layout;
    this.candidates = candidates;
    this.delayed = delayed;
    this.watch = layout.root().getFileSystem().newWatchService();
    try {
      layout.ready().register(watch, StandardWatchEventKinds.ENTRY_CREATE);
      layout.delayed().register(watch, StandardWatchEventKinds.ENTRY_CREATE);
    } catch (IOException e) {
      watch.close();
      throw e;
    }
  }

  /** Listens until it is closed. */
  @Override
  public void run() {
    try {
      while (true) {
        WatchKey key = watch.take();
        for (WatchEvent<?> event : key.pollEvents()) {
          hear((Path) key.watchable(), event);
        }
        key.reset();
      }
    } catch (ClosedWatchServiceException | InterruptedException e) {
      return; // the spool was closed
    }
  }

  private void hear(Path directory, WatchEvent<?> event) {
    if (!(event.context() instanceof Path name)) {
      candidates.wakeAll(); // too many to tell: look
    } else if (directory.equals(layout.ready())) {
      candidates.offer(layout.nameOf(directory.resolve(name)));
    } else {
      delayed.arrived(layout.nameOf(name));
      candidates.wakeAll(); // whoever waits must wait no longer than until this one is due
    }
  }

  void close() throws IOException {
    watch.close();
  }
}
