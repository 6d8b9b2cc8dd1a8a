package org.spooldir;

/**
 * Hears what happens in this process' part of a spool: for logs and metrics. Called by the thread
 * that did it, after it was done; be quick. What a listener throws is logged and goes no further.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface SpoolListener {

  /** Hears nothing. */
  SpoolListener NONE =
      new SpoolListener() {
        // No lambda: the first one delays the start of a process that has none of its own.
        @Override
        public void on(SpoolEvent event) {}
      };

  /** Something happened. */
  void on(SpoolEvent event);
}
