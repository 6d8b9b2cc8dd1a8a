package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.spooldir.fs.Evidence.Section.FUZZ;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.spooldir.Failure;
import org.spooldir.SpoolFormatException;

/**
 * What stands in the files of a spool is untrusted: reading it is total or ends in the one failure
 * that is promised, and what we write comes back as it was.
 */
@Tag("proof")
final class FileContentsFuzzTest {

  private static final int ROUNDS = 50_000;

  private static final List<String> OF_HEADERS =
      List.of(
          "Spool-Key",
          "spool-key",
          "a",
          ":",
          ": ",
          " ",
          "\n",
          "\n\n",
          "\r\n",
          "\r",
          "\n ",
          "=?utf-8?B?",
          "=?UTF-8?b?",
          "eA==",
          "8J+agA==",
          "/w==",
          "?=",
          "*",
          "\u00ff\u00fe",
          "\0",
          "\t");

  private static final List<String> OF_LOGS =
      List.of(
          "{\"at\":\"",
          "2026-11-21T07:00:00.123Z",
          "\",\"attempt\":",
          "1",
          "999999999",
          "9999999999",
          "\",\"worker\":\"",
          ",\"worker\":\"",
          "host.1.x",
          "\",\"reason\":\"",
          "\"}",
          "\\",
          "\\u00",
          "\\u0041",
          "\\ud83d",
          "\\n",
          "\"",
          "$1",
          "\u00ff");

  private static final List<String> SETTINGS =
      List.of(
          "separator=;",
          "separator=!",
          "retain=0",
          "retain=604800",
          "retain=9223372036854775807",
          "retain=9223372036854775808",
          "reserve=4096",
          "reserve=9223372036854775807",
          "reserve=-1",
          "access=dropbox",
          "access=");

  private static final List<String> OF_FORMATS =
      List.of("2", " ", "\n", "\r", "separator=", ":", "5", "=", "\0", "\u00ff");

  private static final List<String> OF_PRESENCES =
      List.of(
          "spool worker 1\n",
          "spool worker 2\n",
          "host=h",
          "boot=b",
          "pidns=n",
          "pid=",
          "start=s",
          "lease=",
          "beat=",
          "1",
          "9223372036854775807",
          "-9223372036854775808",
          "9223372036854775808",
          "\n",
          "\r\n",
          "=",
          "\0",
          "\u00ff");

  // ---- attribute headers ----

  @Test
  void anyBytesAreAHeaderOrMalformed() {
    int[] malformed = {0};
    long headers =
        Fuzz.rounds(
            "headers",
            ROUNDS,
            random -> {
              try {
                checkHeader(AttributeHeader.decode(bytes(OF_HEADERS, "\n\n", random)));
              } catch (AttributeHeader.MalformedException e) {
                assertFalse(e.problem().isEmpty());
                malformed[0]++;
              }
            });
    assertTrue(malformed[0] > 0 && malformed[0] < headers, "of both kinds");
    Evidence.of(FUZZ, "attribute headers: any bytes, cut off, CR and LF mixed, no valid UTF-8")
        .row(
            headers + " headers",
            "read, or said to be malformed; what is read, is read the same when it is written"
                + " again",
            malformed[0] + " malformed, the rest read");
  }

  /** Names of other programs' headers may be what ours never are. */
  private static void checkHeader(AttributeHeader header) throws Exception {
    boolean writable =
        header.attributes().keySet().stream().allMatch(name -> name.matches("[!-9;-~]+"));
    if (writable && (header.key().isPresent() || !header.attributes().isEmpty())) {
      assertEquals(header, AttributeHeader.decode(header.encode()));
    }
  }

  @Test
  void whatWeWriteComesBack() {
    Fuzz.rounds(
        "written headers",
        ROUNDS / 25,
        random -> {
          Map<String, String> attributes = new LinkedHashMap<>();
          for (int n = random.nextInt(5); n >= 0; n--) {
            attributes.put("n" + n, unicode(random.nextInt(8) == 0 ? 2000 : 80, random));
          }
          Optional<String> key =
              Optional.of(unicode(random.nextInt(8) == 0 ? 2000 : 80, random))
                  .filter(k -> random.nextBoolean());
          AttributeHeader header = new AttributeHeader(attributes, key);
          assertEquals(header, AttributeHeader.decode(header.encode()));
          String text = new String(header.encode(), US_ASCII);
          assertTrue(text.lines().allMatch(line -> line.length() <= 998), text);
        });
  }

  @Test
  void theLongestHeaderIsReadInAMoment() throws Exception {
    for (String line : List.of("a: =?utf-8?B?eA==?=\n ", "\n ", "a:b\n", "a\r\n", ":", "=?")) {
      String all = line.repeat(AttributeHeader.MAX_BYTES / line.length() - 2) + "\n\n";
      try {
        AttributeHeader.decode(all.getBytes(ISO_8859_1));
      } catch (AttributeHeader.MalformedException e) {
        assertFalse(e.problem().isEmpty());
      }
    }
  }

  // ---- failure logs ----

  @Test
  void anyLineOfALogIsAFailure() {
    int[] understood = {0};
    long lines =
        Fuzz.rounds(
            "lines of logs",
            ROUNDS / 10,
            random -> {
              Failure ours = failure(random);
              String written = FailureLog.encode(ours);
              assertEquals(ours, FailureLog.decode(written));
              StringBuilder mixed = new StringBuilder(written);
              mixed.insert(random.nextInt(mixed.length()), HostileText.of(OF_LOGS, 3, random));
              HostileText.damage(mixed, random);
              Failure failure = FailureLog.decode(mixed.toString());
              understood[0] += failure.isUnderstood() ? 1 : 0;
              assertTrue(failure.isUnderstood() || failure.reason().contentEquals(mixed));
              String cut = written.substring(0, random.nextInt(written.length()));
              assertFalse(FailureLog.decode(cut).isUnderstood(), cut);
              assertEquals(ours, FailureLog.decode(cut + written), "behind one that was cut off");
            });
    assertTrue(understood[0] > 0 && understood[0] < lines, "of both kinds");
    Evidence.of(FUZZ, "lines of failure logs: any text, cut off anywhere, mixed with whole ones")
        .row(
            lines + " lines",
            "read as a failure; a whole note of ours comes back, also behind one that was cut off",
            "all read, %d of the mixed ones as notes".formatted(understood[0]));
  }

  private static Failure failure(RandomGenerator random) {
    Instant at = Instant.ofEpochMilli(random.nextLong(0, 4_000_000_000_000L));
    String worker = unicode(20, random).replace("\"", ""); // in which it has no place
    return new Failure(at, random.nextInt(1_000_000), worker, unicode(80, random));
  }

  // ---- spool.format ----

  @Test
  void anyMarkerIsUnderstoodOrRefused() {
    int[] refused = {0};
    long markers =
        Fuzz.rounds(
            "markers",
            ROUNDS,
            random -> {
              StringBuilder made = new StringBuilder("spool 1");
              for (int i = random.nextInt(4); i > 0; i--) {
                made.append(' ').append(SETTINGS.get(random.nextInt(SETTINGS.size())));
              }
              if (random.nextInt(3) == 0) {
                made.append(HostileText.of(OF_FORMATS, 2, random));
              }
              HostileText.damage(made, random);
              String text = made.toString();
              try {
                SpoolFormat format = SpoolFormat.parse(Path.of("spool.format"), text);
                assertEquals(format, SpoolFormat.parse(Path.of("spool.format"), format.line()));
                SpoolOptions options = format.applyTo(SpoolOptions.DEFAULTS); // can all be had
                assertEquals(format.separator(), options.separator());
              } catch (SpoolFormatException e) {
                assertTrue(e.getMessage().chars().allMatch(c -> c >= ' ' && c <= '~'), text);
                refused[0]++;
              }
            });
    assertTrue(refused[0] > 0 && refused[0] < markers, "of both kinds");
    Evidence.of(FUZZ, "markers: settings in any order, doubled, cut off, beyond all numbers")
        .row(
            markers + " markers",
            "understood in full, or refused with what to do",
            refused[0] + " refused, the rest understood");
  }

  // ---- presences ----

  @Test
  void anyPresenceSaysWhoOrNothing() {
    WorkerIdentity self = WorkerIdentity.ofThisProcess(Duration.ofHours(1));
    int[] nothing = {0};
    long presences =
        Fuzz.rounds(
            "presences",
            ROUNDS,
            random -> {
              StringBuilder text = new StringBuilder(self.text(1));
              HostileText.damage(text, random);
              String some = random.nextBoolean() ? text.toString() : "spool worker 1\n";
              some += new String(bytes(OF_PRESENCES, "", random), ISO_8859_1);
              Optional<WorkerIdentity> who = WorkerIdentity.parse(some);
              nothing[0] += who.isEmpty() ? 1 : 0;
              who.ifPresent(worker -> assertTrue(worker.lease().toMillis() >= 1));
            });
    assertTrue(nothing[0] > 0 && nothing[0] < presences, "of both kinds");
    assertEquals(Optional.of(self), WorkerIdentity.parse(self.text(Long.MAX_VALUE)));
    Evidence.of(FUZZ, "presences: any text, one byte wrong, numbers beyond all bounds")
        .row(
            presences + " presences",
            "say who works there, or nothing; a lease is never nothing",
            nothing[0] + " said nothing, the rest who");
  }

  // ---- input ----

  private static byte[] bytes(List<String> pieces, String end, RandomGenerator random) {
    StringBuilder text = new StringBuilder(HostileText.of(pieces, 14, random));
    if (random.nextBoolean()) {
      text.append(end);
    }
    HostileText.damage(text, random);
    return text.toString().getBytes(ISO_8859_1);
  }

  private static String unicode(int most, RandomGenerator random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(most); i > 0; i--) {
      int code = random.nextBoolean() ? random.nextInt(128) : random.nextInt(0x110000);
      if (code < Character.MIN_SURROGATE || code > Character.MAX_SURROGATE) {
        text.appendCodePoint(code);
      }
    }
    return text.toString();
  }
}
