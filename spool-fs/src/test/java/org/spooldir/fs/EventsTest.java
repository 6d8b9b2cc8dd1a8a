package org.spooldir.fs;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.function.Executable;
import org.spooldir.Claim;
import org.spooldir.ClaimLostException;
import org.spooldir.Job;
import org.spooldir.SpoolEvent;
import org.spooldir.SpoolListener;

/** Listeners are others' code. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class EventsTest extends SpoolTest {

  /** A listener that closes the spool when a claim ends. */
  private static SpoolListener closing(AtomicReference<DirectorySpool> spool) {
    return event -> {
      if (event instanceof SpoolEvent.Settled || event instanceof SpoolEvent.ClaimLost) {
        assertDoesNotThrow(() -> spool.get().close());
      }
    };
  }

  /** Before a claim is settled, somebody else begins to close the spool, and waits for it. */
  private void meet(DirectorySpool spool, Claim claim, Executable other) throws Exception {
    Thread closer = new Thread(() -> assertDoesNotThrow(other));
    closer.setDaemon(true);
    lab.faults
        .on("delete cur/" + claim.id() + ".*")
        .first(
            () -> {
              closer.start();
              await()
                  .until(
                      () ->
                          closer.getState() == Thread.State.BLOCKED
                              || closer.getState() == Thread.State.TERMINATED);
            });
    try {
      claim.complete();
    } catch (ClaimLostException e) {
      // as it may be
    }
    closer.join();
    assertFalse(spool.isOpen());
  }

  private DirectorySpool closedByItsListener() throws Exception {
    AtomicReference<DirectorySpool> own = new AtomicReference<>();
    DirectorySpool spool = lab.openWorker(Lab.OPTIONS.listener(closing(own)));
    own.set(spool);
    return spool;
  }

  @Test
  void twoListenersMayCloseTheSpoolAtOnce() throws Exception {
    DirectorySpool spool = closedByItsListener();
    spool.enqueueAll(List.of(Job.of("x"), Job.of("y")));
    Claim first = Lab.claim(spool);
    meet(spool, Lab.claim(spool), first::complete);
    assertEquals(List.of(), lab.names("cur"));
  }

  @Test
  void soMayThoseWhoHearThatTheirProcessWasDeclaredDead() throws Exception {
    DirectorySpool spool = closedByItsListener();
    spool.enqueueAll(Collections.nCopies(10, Job.of("x")));
    List<Claim> claims = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      claims.add(Lab.claim(spool));
    }
    Files.delete(lab.only("workers"));
    for (String entry : lab.names("cur")) {
      Files.delete(lab.root.resolve("cur").resolve(entry));
    }
    lab.time.advance(Lab.LONG); // so that the next claim asks first
    meet(spool, claims.get(8), spool::claim);
  }

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
