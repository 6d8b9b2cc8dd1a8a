package org.spooldir;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JobTest {

  private static final Job JOB = Job.of("payload");
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void aPlainJobAsksForNothing() {
    assertEquals(Map.of(), JOB.attributes());
    assertEquals(Job.DEFAULT_PRIORITY, JOB.priority());
    assertEquals(Optional.empty(), JOB.key());
    assertEquals(Optional.empty(), JOB.due(NOW));
  }

  @Test
  void everyChangeIsACopy() throws Exception {
    Job changed = JOB.attribute("a", "b").priority(9).delay(Duration.ofHours(1)).key("k");
    aPlainJobAsksForNothing();
    assertEquals(Map.of("a", "b"), changed.attributes());
    assertEquals(9, changed.priority());
    assertEquals(Optional.of("k"), changed.key());
    assertEquals(Optional.of(NOW.plusSeconds(3600)), changed.due(NOW));
    assertEquals("payload", changed.payload().text());
  }

  @Test
  void theBytesAreCopied() throws Exception {
    byte[] bytes = {1, 2, 3};
    Job job = Job.of(bytes);
    bytes[0] = 9;
    assertArrayEquals(new byte[] {1, 2, 3}, job.payload().bytes());
    assertEquals(3, job.payload().size().orElseThrow());
  }

  @Test
  void textIsUtf8() throws Exception {
    assertArrayEquals("ü".getBytes(StandardCharsets.UTF_8), Job.of("ü").payload().bytes());
  }

  @Test
  void attributesKeepTheirOrderAndTheLastSpelling() {
    Job job = JOB.attributes(Map.of("b", "1")).attribute("a", "2").attribute("B", "3");
    assertEquals(List.of("a", "B"), new ArrayList<>(job.attributes().keySet()));
    assertEquals("3", job.attributes().get("B"));
    assertThrows(UnsupportedOperationException.class, () -> job.attributes().clear());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "a b", "a:", "ä", "a\n", "\u007f", "Spool-Id", "SPOOL-x", "spool-"})
  void whatIsNoHeaderNameIsNoAttributeName(String name) {
    assertThrows(IllegalArgumentException.class, () -> JOB.attribute(name, "value"));
  }

  @Test
  void namesHaveALimit() {
    assertEquals(1, JOB.attribute("n".repeat(200), "").attributes().size());
    assertThrows(IllegalArgumentException.class, () -> JOB.attribute("n".repeat(201), ""));
  }

  @Test
  void valuesAreUnicodeText() {
    assertThrows(IllegalArgumentException.class, () -> JOB.attribute("name", "\ud83d"));
  }

  @Test
  void attributesTogetherHaveALimit() {
    Job nearlyFull = JOB.attribute("a", "v".repeat(60_000));
    int room = Job.MAX_ATTRIBUTE_BYTES - (1 + 60_000 + 3) - (1 + 3);
    assertEquals(2, nearlyFull.attribute("b", "v".repeat(room)).attributes().size());
    assertThrows(
        IllegalArgumentException.class, () -> nearlyFull.attribute("b", "v".repeat(room + 1)));
    assertThrows(
        IllegalArgumentException.class, () -> nearlyFull.attribute("b", "ü".repeat(room / 2 + 1)));
    assertEquals(1, nearlyFull.attribute("A", "v".repeat(60_000)).attributes().size());
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 10, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void prioritiesAreOneDigit(int priority) {
    assertThrows(IllegalArgumentException.class, () -> JOB.priority(priority));
  }

  @Test
  void theLastWordOnTimeCounts() {
    Instant later = NOW.plusSeconds(60);
    assertEquals(Optional.of(later), JOB.delay(Duration.ofHours(1)).notBefore(later).due(NOW));
    assertEquals(Optional.of(later), JOB.notBefore(NOW).delay(Duration.ofMinutes(1)).due(NOW));
    assertEquals(Optional.empty(), JOB.notBefore(later).delay(Duration.ZERO).due(NOW));
    assertThrows(IllegalArgumentException.class, () -> JOB.delay(Duration.ofNanos(-1)));
    assertThrows(IllegalArgumentException.class, () -> JOB.delay(Duration.ofDays(365_250 + 366)));
  }

  @Test
  void keysHaveALimit() {
    assertEquals(Optional.of("k".repeat(1024)), JOB.key("k".repeat(1024)).key());
    for (String key : List.of("", "k".repeat(1025), "ü".repeat(513), "\udc00")) {
      assertThrows(IllegalArgumentException.class, () -> JOB.key(key));
    }
  }

  @Test
  void anAdoptedFileHasNoRoomForAHeader() {
    Job adopted = Job.of(Payload.adopt(Path.of("42.png"))).priority(7).delay(Duration.ofHours(1));
    assertEquals(7, adopted.priority());
    assertThrows(IllegalArgumentException.class, () -> adopted.attribute("size", "128"));
    assertThrows(IllegalArgumentException.class, () -> adopted.key("k"));
  }
}
