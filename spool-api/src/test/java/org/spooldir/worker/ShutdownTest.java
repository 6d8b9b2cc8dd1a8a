package org.spooldir.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.spooldir.SpoolFixture.eventually;
import static org.spooldir.SpoolFixture.inBackground;

import java.io.BufferedReader;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.spooldir.Job;
import org.spooldir.MemorySpool;
import org.spooldir.SpoolFixture;
import org.spooldir.SpoolFixture.Background;

/** The end of a JVM, which is also the end of its workers. */
final class ShutdownTest {

  /** A JVM with a worker whose handler runs until it is told to end. */
  static final class Child {

    public static void main(String[] arguments) throws Exception {
      // Hooks run at the same time, in threads of their own; this one tells that they do.
      Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("shutting down")));
      MemorySpool spool = MemorySpool.create();
      spool.enqueue(Job.of("x"));
      Worker.on(spool)
          .listener(event -> System.out.println(event))
          .start(
              claim -> {
                System.out.println("running");
                System.in.read();
              });
    }
  }

  @Test
  void aJvmThatIsToldToEndLetsItsHandlersEnd() throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName())
            .redirectErrorStream(true)
            .start();
    try (BufferedReader output = child.inputReader()) {
      Background<List<String>> conversation =
          inBackground(
              () -> {
                awaitLine(output, "running");
                child.toHandle().destroy(); // the process' own destroy() also closes its output
                awaitLine(output, "shutting down");
                assertFalse(child.waitFor(500, TimeUnit.MILLISECONDS), "a handler still runs");
                child.getOutputStream().close();
                return output.lines().toList();
              });
      List<String> last = conversation.result();
      assertEquals(1, last.size(), last::toString);
      assertTrue(last.get(0).contains("how=COMPLETED"), last::toString);
      assertTrue(child.waitFor(SpoolFixture.PATIENCE.toSeconds(), TimeUnit.SECONDS));
    } finally {
      child.destroyForcibly();
    }
  }

  private static void awaitLine(BufferedReader output, String expected) throws Exception {
    String line = output.readLine();
    while (!expected.equals(line)) {
      assertTrue(line != null, "ended before it said: " + expected);
      line = output.readLine();
    }
  }

  @Test
  void aWorkerThatHasStoppedLeavesNothingBehind() {
    WeakReference<Object> trace = startAndClose();
    eventually()
        .until(
            () -> {
              System.gc();
              return trace.get() == null;
            });
  }

  /**
   * Starts and closes a worker; returns a weak reference to something that only its handler holds.
   */
  private static WeakReference<Object> startAndClose() {
    Object held = new Object();
    Worker worker =
        Worker.on(MemorySpool.create())
            .concurrency(2)
            .start(claim -> assertTrue(claim.equals(held)));
    worker.close();
    return new WeakReference<>(held);
  }
}
