package org.spooldir.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import org.jspecify.annotations.Nullable;

/** Points in time as people write them. */
final class TimeText {

  static final String EXPECTED =
      "2026-11-21T17:30 (local time), 2026-11-21T17:30:00Z, 17:30 (the next one) or @EPOCH-SECONDS";

  private TimeText() {}

  /** Reads a time; null if it is none. */
  static @Nullable Instant parse(String text) {
    return parse(text, ZonedDateTime.now(ZoneId.systemDefault()));
  }

  static @Nullable Instant parse(String text, ZonedDateTime now) {
    try {
      if (text.startsWith("@")) {
        return Instant.ofEpochSecond(Long.parseLong(text.substring(1)));
      }
      if (text.length() <= 8) {
        ZonedDateTime today = now.with(LocalTime.parse(text));
        return (today.isAfter(now) ? today : today.plusDays(1)).toInstant();
      }
      String iso = text.replace(' ', 'T');
      return hasZone(iso)
          ? OffsetDateTime.parse(iso).toInstant()
          : LocalDateTime.parse(iso).atZone(now.getZone()).toInstant();
    } catch (DateTimeException | NumberFormatException e) {
      return null;
    }
  }

  private static boolean hasZone(String iso) {
    String time = iso.substring(iso.indexOf('T') + 1);
    return time.endsWith("Z") || time.indexOf('+') >= 0 || time.indexOf('-') >= 0;
  }
}
