package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.spooldir.Job;
import org.spooldir.SpoolListener;

/** Listeners are others' code. */
class EventsTest extends SpoolTest {

  @Test
  void whatAListenerThrowsHarmsNobody() throws Exception {
    AtomicInteger told = new AtomicInteger();
    SpoolListener broken =
        event -> {
          if (told.incrementAndGet() % 2 == 0) {
            throw new IllegalStateException("a bug");
          }
          throw new NoSuchMethodError("of another version of a library");
        };
    try (DirectorySpool spool = DirectorySpool.open(lab.root, Lab.OPTIONS.listener(broken))) {
      spool.enqueue(Job.of("x"));
      assertDoesNotThrow(() -> Lab.claim(spool).complete());
      spool.enqueue(Job.of("y"));
      assertDoesNotThrow(() -> Lab.claim(spool).complete());
    }
  }
}
