package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.spooldir.Failure;
import org.spooldir.Job;
import org.spooldir.fs.Vectors.Row;

/** Names and contents are understood as {@code docs/format-vectors} has it for all languages. */
class FormatVectorsTest {

  @TempDir(factory = SafeDirectory.class)
  private Path directory;

  private static final String NONE = "-";

  static Stream<Row> names() throws IOException {
    return Vectors.rows("names.tsv");
  }

  @ParameterizedTest
  @MethodSource("names")
  void namesSayWhatTheyShould(Row row) {
    EntryName name = EntryName.parse(row.bytes(0), row.raw(1).charAt(0));
    String moved = name.adopted("any").unclaimed().text();
    List<String> said =
        List.of(
            FileNames.escape(name.base()),
            FileNames.escape(name.id().value()),
            name.isForeign() ? "foreign" : "ours",
            Long.toString(name.seconds()),
            Integer.toString(name.micros()),
            number(name.size()),
            name.checksum() == EntryName.NONE ? NONE : "%08x".formatted(name.checksum()),
            Integer.toString(name.headerSize()),
            Integer.toString(name.priority()),
            name.hasHistory() ? Integer.toString(name.attempts()) : NONE,
            number(name.due()),
            number(name.claimedAt()),
            Optional.ofNullable(name.worker()).orElse(NONE));
    List<String> expected = new ArrayList<>(row.fields().subList(4, 15));
    expected.add(0, FileNames.escape(row.bytes(2)));
    expected.add(1, FileNames.escape(row.bytes(3)));
    assertEquals(expected, said);
    String pattern = Pattern.quote(row.bytes(15)).replace("<random>", "\\E[0-9a-f]{16}\\Q");
    assertTrue(moved.matches("(?s)" + pattern), () -> moved + " is not " + row.bytes(15));
  }

  private static String number(long number) {
    return number == EntryName.NONE ? NONE : Long.toString(number);
  }

  @Test
  void whatIsBetterComesFirst() throws IOException {
    List<String> expected = Vectors.rows("order.tsv").map(row -> row.bytes(0)).toList();
    List<String> names = new ArrayList<>(expected);
    Collections.shuffle(names, new Random(42));
    assertEquals(
        expected,
        names.stream()
            .map(name -> EntryName.parse(name, ':'))
            .sorted(Lab.ORDER)
            .map(EntryName::text)
            .toList());
  }

  static Stream<Row> headers() throws IOException {
    return Vectors.rows("headers.tsv");
  }

  @ParameterizedTest
  @MethodSource("headers")
  void headersSayWhatTheyShould(Row row) throws Exception {
    byte[] header = row.bytes(1).getBytes(ISO_8859_1);
    if (row.raw(0).equals("malformed")) {
      assertThrows(AttributeHeader.MalformedException.class, () -> AttributeHeader.decode(header));
      return;
    }
    Map<String, String> attributes = new LinkedHashMap<>();
    for (int i = 3; i < row.fields().size(); i++) {
      int equals = row.text(i).indexOf('=');
      attributes.put(row.text(i).substring(0, equals), row.text(i).substring(equals + 1));
    }
    Optional<String> key = Optional.of(row.text(2)).filter(k -> !k.equals(NONE));
    AttributeHeader expected = new AttributeHeader(attributes, key.map(k -> k.substring(1)));
    assertEquals(expected, AttributeHeader.decode(header));
    if (row.raw(0).equals("written")) {
      assertEquals(row.bytes(1), new String(expected.encode(), ISO_8859_1));
    }
  }

  static Stream<Row> checksums() throws IOException {
    return Vectors.rows("checksums.tsv");
  }

  @ParameterizedTest
  @MethodSource("checksums")
  void checksumsAreCrc32c(Row row) throws Exception {
    try (Lab lab = Lab.in(directory)) {
      lab.open().enqueue(Job.of(row.bytes(0).getBytes(ISO_8859_1)));
      EntryName name = EntryName.parse(lab.names("new").get(0), ':');
      assertEquals(row.raw(1), "%08x".formatted(name.checksum()));
    }
  }

  static Stream<Row> failures() throws IOException {
    return Vectors.rows("failures.tsv");
  }

  @ParameterizedTest
  @MethodSource("failures")
  void failuresAreNotedAsTheyShould(Row row) {
    Failure failure =
        new Failure(
            Instant.parse(row.raw(0)), Integer.parseInt(row.raw(1)), row.text(2), row.text(3));
    assertEquals(row.bytes(4), FailureLog.encode(failure));
  }
}
