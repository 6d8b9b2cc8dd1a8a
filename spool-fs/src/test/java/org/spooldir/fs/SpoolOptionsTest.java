package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.FileSystems;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.spooldir.SpoolListener;

/** What a user may choose. */
class SpoolOptionsTest {

  private static final SpoolOptions DEFAULTS = SpoolOptions.DEFAULTS;

  @Test
  void theDefaultsAreWhatTheDocumentationSays() {
    assertEquals(
        new SpoolOptions(
            Durability.ENQUEUE,
            Duration.ofSeconds(60),
            Duration.ofSeconds(1),
            Duration.ZERO,
            2 << 20,
            0,
            0,
            Set.of(),
            ':',
            Access.PRIVATE,
            SpoolListener.NONE),
        DEFAULTS);
  }

  @Test
  void eachIsChangedAlone() throws Exception {
    UserPrincipal owner =
        FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName("1");
    SpoolListener listener = event -> {};
    SpoolOptions changed =
        DEFAULTS
            .durability(Durability.FULL)
            .lease(Duration.ofSeconds(30))
            .poll(Duration.ofSeconds(2))
            .retention(Duration.ofDays(1))
            .reserve(1)
            .keepFree(2)
            .maxEntrySize(3)
            .owners(Set.of(owner))
            .separator(';')
            .access(Access.DROPBOX)
            .listener(listener);
    assertEquals(
        new SpoolOptions(
            Durability.FULL,
            Duration.ofSeconds(30),
            Duration.ofSeconds(2),
            Duration.ofDays(1),
            1,
            2,
            3,
            Set.of(owner),
            ';',
            Access.DROPBOX,
            listener),
        changed);
  }

  @Test
  void whatCannotWorkIsRefusedWithTheReason() {
    List<Executable> refused =
        List.of(
            () -> DEFAULTS.lease(Duration.ofMillis(999)),
            () -> DEFAULTS.lease(ChronoUnit.FOREVER.getDuration()),
            () -> DEFAULTS.poll(Duration.ofMillis(9)),
            () -> DEFAULTS.poll(Duration.ofSeconds(61)),
            () -> DEFAULTS.retention(Duration.ofMillis(-1)),
            () -> DEFAULTS.reserve(-1),
            () -> DEFAULTS.keepFree(-1),
            () -> DEFAULTS.maxEntrySize(-1),
            () -> DEFAULTS.separator('-'),
            () -> DEFAULTS.separator('/'));
    for (Executable each : refused) {
      String message = assertThrows(IllegalArgumentException.class, each).getMessage();
      assertTrue(message.startsWith("spool options need a "), message);
    }
  }
}
