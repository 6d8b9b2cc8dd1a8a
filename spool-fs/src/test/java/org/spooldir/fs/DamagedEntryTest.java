package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spooldir.Claim;
import org.spooldir.CorruptEntryException;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.JobRecord;
import org.spooldir.JobState;

/** C3: what is not as its producer wrote it never reaches a worker, and nobody loses it. */
class DamagedEntryTest extends SpoolTest {

  private static final String UNIQUE = "1767225600.M000000P9Q1R0000000000000000.host";

  private DirectorySpool spool;

  @BeforeEach
  void openSpool() throws Exception {
    spool = lab.openWorker();
  }

  /** The only job is refused, with these words in its log, and all its bytes are kept. */
  private void assertRefused(JobId id, String words) throws Exception {
    byte[] bytes = Files.readAllBytes(lab.only("new"));
    assertEquals(Optional.empty(), spool.claim());
    assertEquals(JobState.FAILED, spool.inspector().find(id).orElseThrow().state());
    assertEquals(1, spool.inspector().find(id).orElseThrow().attempts());
    String log = Files.readString(lab.root.resolve("errors").resolve(id + ".log"));
    assertTrue(log.contains(words), log);
    assertTrue(Arrays.equals(bytes, Files.readAllBytes(lab.only("failed"))));
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 300_000}) // handed out from memory, and from disk
  void aJobThatWasCutOrGrewIsRefused(int size) throws Exception {
    for (int change : new int[] {-1, 1, -size}) {
      JobId id = spool.enqueue(Job.of("x".repeat(size)));
      Files.writeString(lab.only("new"), "x".repeat(size + change));
      assertRefused(id, "size is " + (size + change) + ", S= says " + size);
      spool.maintenance().discard(List.of(id));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 300_000})
  void aJobOfWhichOneBitIsOtherIsRefused(int size) throws Exception {
    for (int at : new int[] {0, size / 2, size - 1}) {
      JobId id = spool.enqueue(Job.of("x".repeat(size)));
      byte[] bytes = Files.readAllBytes(lab.only("new"));
      bytes[at] ^= 1;
      Files.write(lab.only("new"), bytes);
      assertRefused(id, "CRC32C is ");
      spool.maintenance().discard(List.of(id));
    }
  }

  @Test
  void itsHeaderIsChecksummedToo() throws Exception {
    JobId id = spool.enqueue(Job.of("x").attribute("a", "b"));
    Files.writeString(lab.only("new"), Files.readString(lab.only("new")).replace("a: b", "a: c"));
    assertRefused(id, "CRC32C is ");
  }

  /** An entry that was written with this header length, and is as it was written. */
  private JobId entry(String content, long header) throws Exception {
    byte[] bytes = content.getBytes(ISO_8859_1);
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    String name = "%s,S=%d,C=%08x,H=%d".formatted(UNIQUE, bytes.length, crc.getValue(), header);
    Files.write(lab.root.resolve("new").resolve(name), bytes);
    return new JobId(UNIQUE);
  }

  @ParameterizedTest
  @CsvSource({
    "7,shorter than its header", // longer than the file
    "1048576,shorter than its header",
    "5,does not end in an empty line",
    "1,does not end in an empty line"
  })
  void aHeaderThatIsNotThereIsRefused(long header, String words) throws Exception {
    assertRefused(entry("a: b\n\n", header), words);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"no colon\n\n", "\n\n", ": x\n\n", "a: =?utf-8?B?$$?=\n\n", "a: b\n\nx\n\n"})
  void aHeaderThatMakesNoSenseIsRefused(String header) throws Exception {
    JobId id = entry(header + "payload", header.length());
    assertRefused(id, "read ");
    JobRecord record = spool.inspector().read(id).orElseThrow();
    assertEquals(Map.of(), record.attributes());
    assertThrows(CorruptEntryException.class, record.payload()::open);
    assertEquals(JobState.FAILED, spool.inspector().find(id).orElseThrow().state());
  }

  @Test
  void aHeaderThatFillsTheFileLeavesAnEmptyPayload() throws Exception {
    entry("a: b\n\n", 6);
    Claim claim = Lab.claim(spool);
    assertEquals(Map.of("a", "b"), claim.attributes());
    assertEquals(0, claim.payload().bytes().length);
    assertEquals(0, claim.payload().size().orElseThrow());
  }

  @Test
  void itsBytesCanStillBeLookedAt() throws Exception {
    JobId id = spool.enqueue(Job.of("payload").attribute("a", "b"));
    Files.writeString(lab.only("new"), "a: b\n\nPAYLOAD");
    spool.claim();
    JobRecord record = spool.inspector().read(id).orElseThrow();
    assertEquals("PAYLOAD", Lab.textBeforeDamageIsTold(record.payload()));
    assertEquals(Map.of("a", "b"), record.attributes());
    assertEquals(1, record.failures().size());
  }

  @Test
  void itWaitsForAnOperatorAndThenIsTriedAgain() throws Exception {
    JobId id = spool.enqueue(Job.of("x"));
    Path entry = lab.only("new");
    Files.writeString(entry, "y");
    assertRefused(id, "CRC32C is ");
    Files.writeString(lab.only("failed"), "x"); // restored from a backup, say
    spool.maintenance().requeue(List.of(id));
    assertEquals("x", Lab.claim(spool).payload().text());
  }

  @Test
  void aPayloadThatIsReadLaterIsTheSame() throws Exception {
    byte[] large = new byte[300_000];
    Arrays.fill(large, (byte) 7);
    spool.enqueue(Job.of(large).attribute("a", "b"));
    Claim claim = Lab.claim(spool);
    assertEquals(large.length, claim.payload().size().orElseThrow());
    assertTrue(Arrays.equals(large, claim.payload().bytes()));
    claim.complete();
    assertThrows(IOException.class, () -> claim.payload().bytes());
  }
}
