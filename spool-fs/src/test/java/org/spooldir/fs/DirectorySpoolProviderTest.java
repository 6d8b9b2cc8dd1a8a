package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.MemorySpool;
import org.spooldir.Spool;
import org.spooldir.SpoolEvent;
import org.spooldir.SpoolFormatException;
import org.spooldir.SpoolListener;
import org.spooldir.Spools;

/** Here two engines are on the class path: that of the directories and that of the tests. */
final class DirectorySpoolProviderTest {

  @TempDir private Path scratch;
  private String uri;

  @BeforeEach
  void nameIt() {
    uri = "spool://" + scratch.resolve("jobs");
  }

  @Test
  void theUriOfADirectoryOpensThatSpool() throws IOException {
    DirectorySpool.create(scratch.resolve("jobs"), SpoolOptions.DEFAULTS).close();
    try (Spool spool = open(uri);
        Spool same = open("SPOOL:" + scratch.resolve("jobs") + "/")) {
      JobId id = spool.enqueue(Job.of("a job"));
      try (Claim claim = same.claim().orElseThrow()) {
        assertEquals(id, claim.id());
      }
    }
  }

  @Test
  void anotherEngineIsAnotherUri() throws IOException {
    try (Spool spool = open("memory:" + scratch)) {
      assertInstanceOf(MemorySpool.class, spool);
    }
  }

  @Test
  void nothingIsMadeUnlessTheUriSaysSo() throws IOException {
    assertThrows(SpoolFormatException.class, () -> open(uri));
    assertThrows(SpoolFormatException.class, () -> open(uri + "?create=false"));
    assertFalse(Files.exists(scratch.resolve("jobs")));
    open(uri + "?create=true").close();
    open(uri + "?create=true").close();
    open(uri).close();
  }

  @Test
  void theListenerHearsWhatHappens() throws IOException {
    List<SpoolEvent> events = new ArrayList<>();
    JobId id;
    try (Spool spool = Spools.open(URI.create(uri + "?create=true"), events::add)) {
      id = spool.enqueue(Job.of("a job"));
    }
    assertEquals(List.of(new SpoolEvent.Enqueued(id)), events);
  }

  @Test
  void optionsReachTheSpool() throws IOException {
    String options =
        "create=true&durability=full&lease=PT30S&poll=PT5S&retention=P7D"
            + "&reserve=4096&keepFree=1&maxEntrySize=9&owners=root,1&separator=;&access=dropbox";
    open(uri + "?" + options).close();
    assertEquals(
        "spool 1 separator=; retain=604800 reserve=4096 access=dropbox\n",
        Files.readString(scratch.resolve("jobs/spool.format")));
    assertEquals(4096, Files.size(scratch.resolve("jobs/spool.reserve")));
    assertTrue(
        Files.getPosixFilePermissions(scratch.resolve("jobs/new"))
            .contains(PosixFilePermission.GROUP_WRITE));

    Set<String> all =
        Stream.concat(
                Stream.of("create"),
                Arrays.stream(SpoolOptions.class.getRecordComponents())
                    .map(RecordComponent::getName)
                    .filter(name -> !name.equals("listener")))
            .collect(Collectors.toSet());
    assertEquals(
        all,
        Arrays.stream(options.split("&", -1))
            .map(o -> o.substring(0, o.indexOf('=')))
            .collect(Collectors.toSet()),
        "every option of SpoolOptions has a name in the URI");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "?creat=true | creat=true: there is no such option; there are create durability",
        "?create | create: each option is once NAME=VALUE",
        "?create=true&create=true | create=true: each option is once NAME=VALUE",
        "? | : each option is once NAME=VALUE",
        "?create=yes | create=yes: true or false",
        "?durability=most | durability=most: one of [process, enqueue, full]",
        "?lease=30s | lease=30s: a duration like PT30S",
        "?lease=PT0.1S | lease=PT0.1S: spool options need a lease of at least 1 s",
        "?keepFree=1G | keepFree=1G: a number of bytes",
        "?owners=root,no-such-user | owners=root,no-such-user: names or numbers of users; not no-such-user",
        "?separator=:: | separator=::: one of :;!",
        "?separator=%0A | separator=%0A: one of :;!",
        "?durability=\u00fc | durability=%C3%BC: one of",
        "?access=all | one of [private, dropbox]",
        "#new | three slashes and no fragment",
        "%00 | names no directory",
      })
  void whatIsNotUnderstoodIsRefusedWithWhatToDo(String rest, String message) {
    SpoolFormatException refused = assertThrows(SpoolFormatException.class, () -> open(uri + rest));
    assertTrue(refused.getMessage().contains(message), refused.getMessage());
    assertEquals("open", refused.operation());
    assertFalse(Files.exists(scratch.resolve("jobs")));
  }

  @ParameterizedTest
  @CsvSource({"spool:jobs", "spool://var/spool/jobs", "spool://localhost/jobs"})
  void onlyAnAbsolutePathIsADirectory(String relative) {
    SpoolFormatException refused = assertThrows(SpoolFormatException.class, () -> open(relative));
    assertTrue(refused.getMessage().contains("spool:///DIR"), refused.getMessage());
    assertEquals(relative, refused.path());
  }

  @Test
  void aDirectoryWhoseNameIsNoTextHasAUri() throws IOException {
    String odd = "spool://" + scratch + "/%FFa%20b%25";
    open(odd + "?create=true").close();
    try (Stream<Path> made = Files.list(scratch)) {
      assertEquals(
          "file://" + scratch + "/%FFa%20b%25/", made.findFirst().orElseThrow().toUri().toString());
    }
    open(odd).close();
  }

  private static Spool open(String uri) throws IOException {
    return Spools.open(URI.create(uri), SpoolListener.NONE);
  }

  @Test
  void theOrderOfOptionsDoesNotMatter() throws IOException {
    for (String options : List.of("poll=PT90S&lease=PT200S", "lease=PT200S&poll=PT90S")) {
      open(uri + "?create=true&" + options).close();
    }
  }

  @Test
  void aNameIsTakenAsItIsWritten() throws IOException {
    String decomposed = "spool://" + scratch + "/cafe\u0301";
    open(decomposed + "?create=true").close();
    try (Stream<Path> made = Files.list(scratch)) {
      assertEquals(
          "file://" + scratch + "/cafe%CC%81/", made.findFirst().orElseThrow().toUri().toString());
    }
  }
}
