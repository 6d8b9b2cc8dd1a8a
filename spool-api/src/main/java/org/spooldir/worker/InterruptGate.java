package org.spooldir.worker;

import org.jspecify.annotations.Nullable;

/**
 * A section of a thread's work in which others may interrupt it. Who comes too late interrupts
 * nobody, and who comes in time leaves no trace after the section.
 */
final class InterruptGate {

  private @Nullable Thread inside;

  synchronized void enter() {
    inside = Thread.currentThread();
  }

  /** Ends the section and clears the thread's interrupt status, wherever that came from. */
  synchronized void leave() {
    inside = null;
    // Under the lock: no interrupt through this gate can come after it.
    Thread.interrupted();
  }

  /** Interrupts the thread inside, if there is one. */
  synchronized void interrupt() {
    if (inside != null) {
      inside.interrupt();
    }
  }
}
