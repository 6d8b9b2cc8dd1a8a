package org.spooldir.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that was stopped with SIGSTOP, and goes on with SIGCONT when this is closed. It does
 * not know that it stood still.
 */
final class Standstill implements AutoCloseable {

  private static final Duration A_MOMENT = Duration.ofMillis(5);

  /** Java has no call for these signals. The shell is on a leash as the children are. */
  private static final String SCRIPT =
      "trap '' INT TERM; kill -STOP $0; read -r goOn; kill -CONT $0";

  private final Process shell;

  private Standstill(Process shell) {
    this.shell = shell;
  }

  /** Stops a process; returns when all of it stands still. */
  static Standstill of(Child child) throws IOException {
    Standstill standstill =
        new Standstill(
            new ProcessBuilder("sh", "-c", SCRIPT, Long.toString(child.pid()))
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start());
    while (!isComplete(child.pid())) {
      child.requireWell();
      LockSupport.parkNanos(A_MOMENT.toNanos());
    }
    return standstill;
  }

  /**
   * Each thread ends the system call that it is in before it stands still: an unlink that waits for
   * the disk can still happen a while after the signal.
   */
  private static boolean isComplete(long pid) throws IOException {
    try (DirectoryStream<Path> threads =
        Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
      for (Path thread : threads) {
        String stat = Files.readString(thread.resolve("stat"), ISO_8859_1);
        if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
          return false;
        }
      }
      return true;
    } catch (NoSuchFileException e) {
      return false; // RACE: a thread ended between the listing and the look.
    }
  }

  /** Lets it go on. */
  @Override
  public void close() throws IOException {
    shell.getOutputStream().close();
    shell.onExit().join();
  }
}
