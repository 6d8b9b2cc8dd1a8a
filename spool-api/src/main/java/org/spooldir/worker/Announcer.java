package org.spooldir.worker;

import java.lang.System.Logger.Level;
import org.spooldir.SpoolEvent;
import org.spooldir.SpoolListener;

/**
 * Tells the listener and the log what happens. Never throws: whoever tells has something better to
 * do than to fail.
 */
final class Announcer {

  private static final System.Logger LOG = System.getLogger("org.spooldir.worker");

  private final SpoolListener listener;

  Announcer(SpoolListener listener) {
    this.listener = listener;
  }

  /** Something that belongs to a worker's day. */
  void tell(SpoolEvent event) {
    try {
      listener.on(event);
    } catch (Throwable thrown) {
      log(Level.WARNING, "listener failed on " + event, thrown);
    }
  }

  /** A handler threw: logged, because only its class and message are kept with the job. */
  void handlerFailed(SpoolEvent.HandlerFailed event) {
    log(
        Level.INFO,
        "attempt " + event.attempt() + " at job " + event.id() + " failed",
        event.cause());
    tell(event);
  }

  /** Something failed that nobody else would hear of. */
  void trouble(String what, Throwable cause) {
    log(Level.WARNING, what, cause);
    tell(new SpoolEvent.Trouble(what, cause));
  }

  private static void log(Level level, String what, Throwable cause) {
    try {
      LOG.log(level, what, cause);
    } catch (Throwable thrown) {
      // The log is broken or the memory is full; there is nobody left to tell.
    }
  }
}
