package org.spooldir.fs.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.spooldir.Spool;
import org.spooldir.SpoolException;

/**
 * A child that does one {@link Deed}, in a thread of its own, when it is told to. Before that it
 * has done the same in another spool, so that from the word on all its system calls are the deed's.
 *
 * <p>Settings: {@code deed}; {@code rehearsal} another spool in the same state as the one in which
 * it comes to the deed; {@code file} a file to write and to adopt.
 */
final class DoomedMain {

  /** The name of the thread that does it. */
  static final String THREAD = "doomed";

  private DoomedMain() {}

  public static void main(String[] args) throws SpoolException {
    Child.live(
        args,
        child -> {
          Deed deed = Deed.valueOf(child.setting("deed", ""));
          Path file = Path.of(child.setting("file", ""));
          try (Spool rehearsal = child.open(Path.of(child.setting("rehearsal", "")))) {
            Deed.Stage stage = new Deed.Stage(child, rehearsal, file);
            deed.prepare(stage);
            deed.happen(stage);
          }

          Deed.Stage stage = new Deed.Stage(child, child.spool(), file);
          deed.prepare(stage);
          Thread doomed = new Thread(() -> await(child, deed, stage), THREAD);
          doomed.start();
          doomed.join();
        });
  }

  private static void await(Child child, Deed deed, Deed.Stage stage) {
    try {
      child.write(Act.REHEARSED);
      child.nextOrder();
      deed.happen(stage);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
