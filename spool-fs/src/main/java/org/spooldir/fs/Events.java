package org.spooldir.fs;

import java.lang.System.Logger.Level;
import org.spooldir.SpoolEvent;
import org.spooldir.SpoolListener;

/** Tells the listener, and the log of what nobody else would hear. */
final class Events {

  private final SpoolListener listener;

  Events(SpoolListener listener) {
    this.listener = listener;
  }

  /** Whether there is a listener: an event that comes with each job is not made for nobody. */
  boolean areHeard() {
    return listener != SpoolListener.NONE;
  }

  /** Something happened. A listener that throws harms nobody. */
  void tell(SpoolEvent event) {
    try {
      listener.on(event);
    } catch (RuntimeException | Error e) {
      Log.LOG.log(Level.WARNING, "a spool listener threw on " + event, e);
    }
  }

  /** Something failed that will be tried again. */
  void trouble(String what, Throwable cause) {
    Log.LOG.log(Level.WARNING, what, cause);
    tell(new SpoolEvent.Trouble(what, cause));
  }
}
