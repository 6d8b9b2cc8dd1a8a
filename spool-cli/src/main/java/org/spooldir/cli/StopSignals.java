package org.spooldir.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * What TERM, INT and HUP do to a worker: the first one begins an orderly end, each further one
 * interrupts the wait for it.
 *
 * <p>Shutdown hooks hear of the first signal only, so this is {@code sun.misc.Signal} of the module
 * jdk.unsupported, which nothing replaces. By reflection, because javac warns of any other use in a
 * way that no annotation and no option suppresses, and warnings are errors here.
 */
final class StopSignals {

  private final Ending ending;
  private @Nullable Thread waiting = Thread.currentThread();
  private boolean asked;

  /** Hears signals from now on, for the thread that makes it. */
  StopSignals(Ending ending) {
    this.ending = ending;
    try {
      Class<?> type = Class.forName("sun.misc.SignalHandler");
      Object handler =
          Proxy.newProxyInstance(
              type.getClassLoader(), new Class<?>[] {type}, (proxy, method, signal) -> stop());
      for (String name : new String[] {"TERM", "INT", "HUP"}) {
        handle(name, type, handler);
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this Java has no signals", e);
    }
  }

  private static void handle(String name, Class<?> type, Object handler)
      throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    try {
      signal
          .getMethod("handle", signal, type)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), handler);
    } catch (InvocationTargetException e) {
      // the JVM was told to keep it for itself
    }
  }

  private synchronized @Nullable Object stop() {
    if (asked && waiting != null) {
      waiting.interrupt();
    }
    asked = true;
    ending.say();
    return null;
  }

  /** Interrupts nobody any more. */
  synchronized void disarm() {
    waiting = null;
    Thread.interrupted(); // what is left to do is short, and must not fail for it
  }
}
