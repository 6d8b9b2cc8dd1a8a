package org.spooldir.examples;

import java.io.IOException;

/**
 * What ties a child process to the coordinator: its standard input, which ends when the coordinator
 * lets go or dies, however it dies. So no child outlives it.
 */
final class Leash {

  private Leash() {}

  /** Does something when the coordinator lets go; until then the process goes on with its work. */
  static void onEnd(Runnable act) {
    Thread thread =
        new Thread(
            () -> {
              awaitEnd();
              act.run();
            },
            "leash");
    thread.setDaemon(true);
    thread.start();
  }

  /** Waits until the coordinator says go; false if it lets go instead. */
  static boolean awaitGo() {
    return read() >= 0;
  }

  /** Waits until the coordinator lets go. */
  static void awaitEnd() {
    while (read() >= 0) {
      // Nothing that it says now means anything.
    }
  }

  private static int read() {
    try {
      return System.in.read();
    } catch (IOException e) {
      return -1; // as good as the end
    }
  }
}
