package org.spooldir.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spooldir.JobId;
import org.spooldir.SpoolEvent.Claimed;
import org.spooldir.SpoolEvent.HandlerFailed;
import org.spooldir.SpoolEvent.Trouble;
import org.spooldir.SpoolListener;

final class AnnouncerTest {

  private static final Logger LOG = Logger.getLogger("org.spooldir.worker");
  private final Exception cause = new Exception("cause");
  private static final JobId ID = new JobId("42");

  private final RecordedLog log = new RecordedLog();
  private final RecordedEvents events = new RecordedEvents();

  /** What was logged; broken if told so. */
  private static final class RecordedLog extends Handler {

    final List<LogRecord> records = new CopyOnWriteArrayList<>();
    boolean broken;

    @Override
    public void publish(LogRecord logged) {
      if (broken) {
        throw new IllegalStateException("the log is broken");
      }
      records.add(logged);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @BeforeEach
  void listen() {
    LOG.setUseParentHandlers(false);
    LOG.addHandler(log);
  }

  @AfterEach
  void listenNoMore() {
    LOG.removeHandler(log);
  }

  @Test
  void troubleIsToldAndLogged() {
    new Announcer(events).trouble("claiming failed", cause);
    assertEquals(List.of(new Trouble("claiming failed", cause)), events.all());
    assertLogged(Level.WARNING, "claiming failed", cause);
  }

  @Test
  void aFailedHandlerIsToldAndLogged() {
    HandlerFailed failed = new HandlerFailed(ID, 2, cause);
    new Announcer(events).handlerFailed(failed);
    assertEquals(List.of(failed), events.all());
    assertLogged(Level.INFO, "attempt 2 at job 42 failed", cause);
  }

  @Test
  void whatAListenerThrowsIsLoggedAndGoesNoFurther() {
    AssertionError thrown = new AssertionError("listener");
    SpoolListener failing =
        event -> {
          throw thrown;
        };
    new Announcer(failing).tell(new Claimed(ID, 1));
    assertLogged(Level.WARNING, "listener failed on Claimed[id=42, attempt=1]", thrown);
  }

  @Test
  void aBrokenLogKeepsNobodyFromListening() {
    log.broken = true;
    new Announcer(events).trouble("claiming failed", cause);
    assertEquals(1, events.all().size());
  }

  private void assertLogged(Level level, String message, Throwable thrown) {
    assertEquals(1, log.records.size());
    LogRecord logged = log.records.get(0);
    assertEquals(level, logged.getLevel());
    assertTrue(logged.getMessage().contains(message), logged.getMessage());
    assertSame(thrown, logged.getThrown());
  }
}
