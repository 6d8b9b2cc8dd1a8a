package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.JobState;
import org.spooldir.SpoolException.InSpool;
import org.spooldir.SpoolFormatException;

/** The line in {@code spool.format}. */
final class SpoolFormatTest {

  private static final SpoolOptions DEFAULTS = SpoolOptions.DEFAULTS;
  private static final Path FILE = Path.of("spool.format");

  private static SpoolFormat parse(String text) throws SpoolFormatException {
    return SpoolFormat.parse(FILE, text);
  }

  @Test
  void defaultsAreNotWritten() {
    assertEquals(SpoolFormat.PLAIN, SpoolFormat.of(DEFAULTS));
    assertEquals("spool 1", SpoolFormat.PLAIN.line());
  }

  @Test
  void whatIsNotTheDefaultIsWritten() {
    SpoolOptions options =
        DEFAULTS
            .separator(';')
            .retention(Duration.ofDays(7))
            .reserve(65_536)
            .access(Access.DROPBOX);
    assertEquals(
        "spool 1 separator=; retain=604800 reserve=65536 access=dropbox",
        SpoolFormat.of(options).line());
    assertEquals("spool 1 reserve=0", SpoolFormat.of(DEFAULTS.reserve(0)).line());
  }

  @ParameterizedTest
  @CsvSource({"PT0.001S,1", "PT1S,1", "PT1.000000001S,2", "PT2562047788015215H30M7.5S,MAX"})
  void aRetentionIsRoundedUpToSeconds(Duration retention, String seconds) {
    String expected = seconds.equals("MAX") ? Long.toString(Long.MAX_VALUE) : seconds;
    assertEquals(
        "spool 1 retain=" + expected, SpoolFormat.of(DEFAULTS.retention(retention)).line());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spool 1",
        "spool 1 separator=!",
        "spool 1 separator=;",
        "spool 1 retain=0",
        "spool 1 retain=1",
        "spool 1 reserve=0",
        "spool 1 reserve=9223372036854775807",
        "spool 1 access=dropbox",
        "spool 1 separator=! retain=9223372036854775807 reserve=1 access=dropbox"
      })
  void aLineIsReadAsItWasWritten(String line) throws Exception {
    assertEquals(line, parse(line + "\n").line());
    assertEquals(parse(line + "\n"), parse(line)); // by hand, without a line feed
  }

  @Test
  void theOrderOfSettingsMeansNothing() throws Exception {
    assertEquals(
        parse("spool 1 separator=; retain=5 access=dropbox"),
        parse("spool 1 access=dropbox retain=5 separator=;\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spool 1 ",
        "spool 1  retain=5",
        "spool 1 retain=5 ",
        "spool 1 retain=5  reserve=0",
        "spool 1 retain=5\treserve=0",
        "spool 1 retain=5 retain=5",
        "spool 1 separator=; separator=;",
        "spool 1 reserve=1 reserve=2",
        "spool 1 access=dropbox access=dropbox",
        "spool 1 retain",
        "spool 1 retain=",
        "spool 1 =5",
        "spool 1 retain=-5",
        "spool 1 retain=+5",
        "spool 1 retain=05",
        "spool 1 retain=5s",
        "spool 1 retain=5.0",
        "spool 1 retain=0x5",
        "spool 1 retain=\u0665", // a digit, of another script
        "spool 1 retain=9223372036854775808",
        "spool 1 reserve=99999999999999999999999999",
        "spool 1 reserve=2M",
        "spool 1 Reserve=2",
        "spool 1 reserve =2",
        "spool 1 reserve==2",
        "spool 1 separator=",
        "spool 1 separator=;!",
        "spool 1 separator=/",
        "spool 1 access=",
        "spool 1 access=DROPBOX",
        "spool 1 access=public",
        "spool 1 compressed=yes",
        "spool 1 retain=5\r\n"
      })
  void whatIsNotUnderstoodIsRefused(String line) {
    SpoolFormatException e = assertThrows(SpoolFormatException.class, () -> parse(line));
    assertTrue(e.getMessage().contains("does not understand ("), e.getMessage());
    assertEquals(InSpool.NO, e.jobIn());
  }

  @ParameterizedTest
  @ValueSource(strings = {"spool 2", "spool 10", "spool 1x", "spool 1\t", "spool 2 retain=5\n"})
  void aNewerFormatIsSaidToBeOne(String line) {
    SpoolFormatException e = assertThrows(SpoolFormatException.class, () -> parse(line));
    assertTrue(e.getMessage().contains("is of a newer format ("), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "spool",
        "spool ",
        "spool x",
        " spool 1",
        "SPOOL 1",
        "spool 1\n\n",
        "spool 1\nretain=5\n",
        "spool 1 retain=5\n\n",
        "spool 1 retain=5\nx"
      })
  void whatIsNoSuchLineIsSaidToBeNone(String line) {
    SpoolFormatException e = assertThrows(SpoolFormatException.class, () -> parse(line));
    assertTrue(e.getMessage().contains("no spool, or it is damaged"), e.getMessage());
  }

  @Test
  void whatTheSpoolSaysWins() throws Exception {
    SpoolOptions mine = DEFAULTS.retention(Duration.ofHours(1)).reserve(1).separator('!');
    SpoolOptions applied =
        parse("spool 1 separator=; retain=0 reserve=4096 access=dropbox").applyTo(mine);
    assertEquals(Duration.ZERO, applied.retention());
    assertEquals(4096, applied.reserve());
    assertEquals(';', applied.separator());
    assertEquals(Access.DROPBOX, applied.access());
    assertEquals(1 << 30, applied.maxEntrySize());
  }

  @Test
  void whatTheSpoolDoesNotSayIsTheProcesss() {
    SpoolOptions mine = DEFAULTS.retention(Duration.ofHours(1)).reserve(1);
    assertEquals(mine, SpoolFormat.PLAIN.applyTo(mine));
    assertEquals(':', SpoolFormat.PLAIN.applyTo(mine.separator('!')).separator());
  }

  @Test
  void everyoneWhoOpensTheSpoolKeepsDoneJobsAndTheReserve(@TempDir Path scratch) throws Exception {
    Path root = scratch.resolve("spool");
    SpoolOptions made = DEFAULTS.retention(Duration.ofDays(7)).reserve(65_536);
    DirectorySpool.create(root, made).close();
    assertEquals(
        "spool 1 retain=604800 reserve=65536\n", Files.readString(root.resolve("spool.format")));
    Files.delete(root.resolve("spool.reserve"));
    try (DirectorySpool spool = DirectorySpool.open(root)) {
      spool.enqueue(Job.of("x"));
      Claim claim = spool.claim().orElseThrow();
      claim.complete();
      assertEquals(1, spool.inspector().stats().jobs(JobState.DONE));
      spool.maintenance().recover();
      assertEquals(65_536, Files.size(root.resolve("spool.reserve")));
    }
  }

  @Test
  void aRetentionBeyondAllClocksKeepsJobsForEver(@TempDir Path scratch) throws Exception {
    Path root = scratch.resolve("spool");
    SpoolOptions forEver = DEFAULTS.retention(Duration.ofSeconds(Long.MAX_VALUE)).reserve(0);
    try (DirectorySpool spool = DirectorySpool.create(root, forEver)) {
      spool.enqueue(Job.of("x"));
      spool.claim().orElseThrow().complete();
      spool.maintenance().recover();
      assertEquals(1, spool.inspector().stats().jobs(JobState.DONE));
    }
  }

  @Test
  void aReserveBeyondAllDisksIsNotTried(@TempDir Path scratch) throws Exception {
    Path root = scratch.resolve("spool");
    DirectorySpool.create(root, DEFAULTS.reserve(1L << 62)).close(); // times four, it is zero
    assertFalse(Files.exists(root.resolve("spool.reserve")));
  }
}
