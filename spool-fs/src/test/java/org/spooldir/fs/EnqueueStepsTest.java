package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.Uninterruptibles;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.Payload;
import org.spooldir.SpoolEvent;
import org.spooldir.SpoolFixture;
import org.spooldir.SpoolFixture.Background;

/** E1 to E5. */
class EnqueueStepsTest extends SpoolTest {

  private final Shorthand shorthand = new Shorthand();

  private List<String> enqueue(Durability level, Job... jobs) throws Exception {
    DirectorySpool spool = lab.open(Lab.OPTIONS.durability(level));
    return shorthand.changes(lab.faults.during(() -> spool.enqueueAll(List.of(jobs))));
  }

  @ParameterizedTest
  @EnumSource(names = {"ENQUEUE", "FULL"})
  void e1ToE5HappenInOrder(Durability level) throws Exception {
    assertEquals(
        List.of(
            "create tmp/J1", // E1
            "write tmp/J1",
            "force tmp/J1", // E2
            "forceDirectory tmp", // E3
            "rename tmp/J1 new/J1", // E4
            "forceDirectory new"), // E5
        enqueue(level, Job.of("x")));
  }

  @Test
  void aStreamThatKeepsItsBufferAndWritesToItLateHarmsNoOtherJob() throws Exception {
    DirectorySpool spool = lab.open();
    List<byte[]> kept = new ArrayList<>();
    Payload keeping =
        new Payload() {
          @Override
          public InputStream open() {
            return new ByteArrayInputStream("kept".getBytes(UTF_8)) {
              @Override
              public synchronized int read(byte[] into, int from, int length) {
                kept.add(into);
                return super.read(into, from, length);
              }
            };
          }

          @Override
          public OptionalLong size() {
            return OptionalLong.of(4);
          }
        };
    spool.enqueue(Job.of(keeping));
    lab.faults
        .on("write tmp/.*")
        .nth(1)
        .first(() -> kept.forEach(buffer -> Arrays.fill(buffer, (byte) '!')));
    spool.enqueue(Job.of("whole"));
    assertEquals("kept", Lab.claim(spool).payload().text());
    assertEquals("whole", Lab.claim(spool).payload().text());
  }

  @Test
  void whatIsHandedInMeanwhileHasABufferOfItsOwn() throws Exception {
    DirectorySpool spool = lab.open();
    lab.faults.on("write tmp/.*").nth(1).first(() -> spool.enqueue(Job.of("inner")));
    spool.enqueue(Job.of("outer"));
    assertEquals("outer", Lab.claim(spool).payload().text()); // its name was made first
    assertEquals("inner", Lab.claim(spool).payload().text());
  }

  @Test
  void whatWasHandedInBeforeIsNotInWhatIsShorter() throws Exception {
    DirectorySpool spool = lab.open();
    for (int length : List.of(16_383, 1, 0, 16_384, 2, 16_382, 16_385, 140_000, 3)) {
      String text = Integer.toString(length % 10).repeat(length);
      spool.enqueue(Job.of(text).attribute("name", "value"));
      spool.enqueue(Job.of(text));
      for (int i = 0; i < 2; i++) {
        Claim claim = Lab.claim(spool);
        assertEquals(text, claim.payload().text());
        claim.complete();
      }
    }
  }

  @Test
  void e3IsDoneIfAnotherThreadsBeganDuringE2() throws Exception {
    DirectorySpool spool = lab.open();
    lab.faults
        .on("force tmp/.*")
        .nth(1)
        .first(() -> resultOf(SpoolFixture.inBackground(() -> spool.enqueue(Job.of("other")))));
    spool.enqueue(Job.of("x"));
    assertEquals(1, lab.faults.count("forceDirectory tmp"));
    assertEquals(2, lab.faults.count("forceDirectory new"));
  }

  @Test
  void e3IsNotDoneByOneThatBeganBeforeE1() throws Exception {
    DirectorySpool spool = lab.open();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    AtomicReference<Background<JobId>> other = new AtomicReference<>();
    lab.faults
        .on("create tmp/.*")
        .nth(1)
        .first(
            () -> {
              other.set(SpoolFixture.inBackground(() -> spool.enqueue(Job.of("other"))));
              Uninterruptibles.awaitUninterruptibly(begun);
            });
    lab.faults
        .on("forceDirectory tmp")
        .nth(1)
        .first(
            () -> {
              begun.countDown();
              Uninterruptibles.awaitUninterruptibly(mayEnd);
            });
    Background<JobId> mine = SpoolFixture.inBackground(() -> spool.enqueue(Job.of("x")));
    SpoolFixture.eventually().until(() -> lab.faults.count("force tmp/.*") == 2);
    mine.awaitWaiting();
    mayEnd.countDown();
    mine.result();
    other.get().result();
    assertEquals(2, lab.faults.count("forceDirectory tmp"));
  }

  private static void resultOf(Background<JobId> enqueue) throws IOException {
    try {
      enqueue.result();
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  @Test
  void aStreamThatTricklesIsWrittenAtOnce() throws Exception {
    byte[] bytes = new byte[1000];
    Payload trickle =
        () ->
            new FilterInputStream(new ByteArrayInputStream(bytes)) {
              @Override
              public int read(byte[] buffer, int offset, int length) throws IOException {
                return super.read(buffer, offset, Math.min(length, 10));
              }
            };
    assertEquals(
        List.of("create tmp/J1", "write tmp/J1", "rename tmp/J1 new/J1"),
        enqueue(Durability.PROCESS, Job.of(trickle)));
  }

  @Test
  void aFileThatCannotBeClosedEitherIsTold() throws Exception {
    Site site =
        lab.siteOn(
            ops ->
                new ForwardingFileOps(ops) {
                  @Override
                  public NewFile create(Path file) throws IOException {
                    NewFile made = super.create(file);
                    return new NewFile() {
                      @Override
                      public void write(ByteBuffer bytes) throws IOException {
                        throw Faults.full();
                      }

                      @Override
                      public void force() {}

                      @Override
                      public void close() throws IOException {
                        made.close();
                        throw Faults.broken();
                      }
                    };
                  }
                });
    IOException full =
        assertThrows(IOException.class, () -> new EntryWriter(site).write(Job.of("x")));
    assertEquals(1, full.getSuppressed().length);
  }

  @Test
  void nothingIsForcedAtLevelProcess() throws Exception {
    assertEquals(
        List.of("create tmp/J1", "write tmp/J1", "rename tmp/J1 new/J1"),
        enqueue(Durability.PROCESS, Job.of("x")));
  }

  @Test
  void nothingIsForcedAtLevelProcessForAKeyEither() throws Exception {
    enqueue(Durability.PROCESS, Job.of("x").key("k"));
    assertEquals(List.of(), lab.faults.matching("force.*"));
  }

  @ParameterizedTest
  @CsvSource({"PROCESS,false,300", "PROCESS,true,128", "ENQUEUE,false,128", "ENQUEUE,true,128"})
  void aBatchIsAsLargeAsFilesMayBeOpen(Durability level, boolean keyed, int expected)
      throws Exception {
    List<Job> jobs =
        IntStream.range(0, 300)
            .mapToObj(i -> keyed ? Job.of("x").key("key " + i) : Job.of("x"))
            .toList();
    DirectorySpool spool = lab.open(Lab.OPTIONS.durability(level));
    int batch = 0;
    int most = 0;
    for (String call : lab.faults.during(() -> spool.enqueueAll(jobs))) {
      batch = call.startsWith("rename tmp") ? 0 : batch + (call.startsWith("create tmp") ? 1 : 0);
      most = Math.max(most, batch);
    }
    assertEquals(expected, most);
  }

  @Test
  void whatCannotBeTakenAwayIsToldAsWell() throws Exception {
    lab.faults.on("write tmp/.*").fails(Faults.full());
    lab.faults.on("delete tmp/.*").fails(Faults.broken());
    IOException full =
        assertThrows(
            IOException.class, () -> new EntryWriter(lab.site(Lab.OPTIONS)).write(Job.of("x")));
    assertEquals(1, full.getSuppressed().length);
  }

  @Test
  void noJobsAreNoCalls() throws Exception {
    DirectorySpool spool = lab.open();
    assertEquals(List.of(), lab.faults.during(() -> spool.enqueueAll(List.of())));
  }

  @Test
  void manyJobsShareE3AndE5() throws Exception {
    assertEquals(
        List.of(
            "create tmp/J1",
            "write tmp/J1",
            "create tmp/J2",
            "write tmp/J2",
            "force tmp/J1",
            "force tmp/J2",
            "forceDirectory tmp",
            "rename tmp/J1 new/J1",
            "rename tmp/J2 delayed/J2:2,,u",
            "forceDirectory new",
            "forceDirectory delayed"),
        enqueue(Durability.ENQUEUE, Job.of("x"), Job.of("y").delay(Lab.LONG)));
  }

  @Test
  void aKeyIsTakenBeforeTheJobIsVisible() throws Exception {
    assertEquals(
        List.of(
            "create tmp/J1",
            "write tmp/J1",
            "force tmp/J1",
            "forceDirectory tmp",
            "mkdir keys/J1",
            "link tmp/J1 keys/J1/J1",
            "forceDirectory keys/J1",
            "rename keys/J1 keys/HASH",
            "forceDirectory keys",
            "rename tmp/J1 new/J1",
            "forceDirectory new"),
        enqueue(Durability.ENQUEUE, Job.of("x").key("k")));
  }

  @Test
  void anAdoptedFileKeepsItsOldNameUntilTheJobIsDurable() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "x");
    assertEquals(
        List.of(
            "link " + FileNames.escape(file) + " tmp/J1",
            "force tmp/J1",
            "forceDirectory tmp",
            "rename tmp/J1 new/J1",
            "forceDirectory new",
            "delete " + FileNames.escape(file)),
        enqueue(Durability.ENQUEUE, Job.of(Payload.adopt(file))));
    assertFalse(Files.exists(file));
  }

  @Test
  void theNameTellsSizeAndChecksumOfTheWholeFile() throws Exception {
    JobId id = lab.open().enqueue(Job.of("payload").attribute("name", "value").priority(7));
    byte[] file = "name: value\n\npayload".getBytes(UTF_8);
    CRC32C crc = new CRC32C();
    crc.update(file);
    String name = "%s,S=20,C=%08x,H=13,P=7".formatted(id.value(), crc.getValue());
    assertEquals(List.of(name), lab.names("new"));
    assertEquals(new String(file, UTF_8), Files.readString(lab.only("new")));
  }

  @Test
  void aPlainJobIsItsPayloadAndNothingElse() throws Exception {
    JobId id = lab.open().enqueue(Job.of("123456789"));
    assertEquals(List.of(id.value() + ",S=9,C=e3069283"), lab.names("new")); // as RFC 3720 has it
    assertEquals("123456789", Files.readString(lab.only("new")));
  }

  @Test
  void anEmptyPayloadIsAJob() throws Exception {
    JobId id = lab.open().enqueue(Job.of(""));
    assertEquals(List.of(id.value() + ",S=0,C=00000000"), lab.names("new"));
    assertEquals(0, lab.faults.count("write .*"));
  }

  @Test
  void aJobIsOneWriteIfItIsNotLarge() throws Exception {
    DirectorySpool spool = lab.open();
    spool.enqueue(Job.of("x".repeat(120_000)).attribute("name", "value".repeat(100)));
    assertEquals(1, lab.faults.count("write .*"));
    spool.enqueue(Job.of("x".repeat(1 << 17)));
    assertEquals(2, lab.faults.count("write .*"), "as large as it may be");
  }

  @Test
  void aHeaderMayBeLargerThanAWrite() throws Exception {
    DirectorySpool spool = lab.open();
    Job job = Job.of("payload");
    for (int i = 0; i < 5000; i++) { // each counts 13 bytes, and takes 27 where base64 is needed
      job = job.attribute("n" + Integer.toString(i, Character.MAX_RADIX), "\u00e9\u00e9\u00e9");
    }
    JobId id = spool.enqueue(job);
    assertTrue(Files.size(lab.only("new")) > 1 << 17);
    assertEquals(job.attributes(), spool.inspector().read(id).orElseThrow().attributes());
    assertEquals("payload", Lab.claim(spool).payload().text());
  }

  @Test
  void theNameOfAnAdoptedFileTellsItsSizeAndChecksum() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "123456789");
    JobId id = lab.open().enqueue(Job.of(Payload.adopt(file)));
    assertEquals(List.of(id.value() + ",S=9,C=e3069283"), lab.names("new"));
  }

  @ParameterizedTest
  @CsvSource({"PROCESS, 0", "ENQUEUE, 1", "FULL, 1"})
  void aBigFileIsForcedWhileItIsWrittenAndWhenItIs(Durability level, long ahead) throws Exception {
    DirectorySpool spool = lab.open(Lab.OPTIONS.durability(level));
    lab.faults
        .on("write tmp/.*")
        .nth(257) // of 128 KB each: what is behind the part forced ahead
        .first(
            () -> SpoolFixture.eventually().until(() -> lab.faults.count("force tmp/.*") == ahead));
    byte[] big = new byte[ForcedAhead.STRIDE + 1];
    Arrays.fill(big, (byte) 'x');
    List<String> calls = lab.faults.during(() -> spool.enqueue(Job.of(big)));
    assertEquals(257, calls.stream().filter(call -> call.startsWith("write tmp/")).count());
    assertEquals(ahead, calls.stream().filter(call -> call.startsWith("force tmp/")).count());
    assertEquals(2 * ahead, lab.faults.count("force tmp/.*"));
    assertArrayEquals(big, Files.readAllBytes(lab.only("new")));
  }

  @Test
  void nobodySeesHalfAJob() throws Exception {
    DirectorySpool spool = lab.open();
    byte[] large = new byte[1 << 20];
    for (String step : List.of("write tmp/.*", "force tmp/.*", "forceDirectory tmp")) {
      lab.faults.on(step).first(() -> assertEquals(List.of(), lab.names("new")));
    }
    spool.enqueue(Job.of(large));
    assertEquals(large.length, Files.size(lab.only("new")));
  }

  @Test
  void aListenerHearsOfAJobAfterE5() throws Exception {
    DirectorySpool spool = lab.open();
    lab.faults.on("forceDirectory new").first(() -> assertEquals(List.of(), lab.events));
    JobId id = spool.enqueue(Job.of("x"));
    assertEquals(List.of(new SpoolEvent.Enqueued(id)), lab.events);
  }
}
