package org.spooldir;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.spooldir.SpoolFixture.inBackground;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.spooldir.SpoolException.InSpool;

/** Handing in jobs: what went in comes out, whole or not at all. */
public interface EnqueueContract extends SpoolFixture {

  @Test
  default void bytesComeOutAsTheyWentIn() throws Exception {
    byte[] bytes = new byte[1000];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    spool().enqueue(Job.of(bytes));
    assertArrayEquals(bytes, claimNext().payload().bytes());
  }

  @Test
  default void textComesOutAsItWentIn() throws Exception {
    String text = "Größe: 128 px\r\n\n\u65e5\u672c\u8a9e \ud83d\ude00\u0000";
    spool().enqueue(Job.of(text));
    assertEquals(text, claimNext().payload().text());
  }

  @Test
  default void aPayloadThatLooksLikeAttributesIsNone() throws Exception {
    String text = "Subject: not an attribute\n\nbody\n";
    spool().enqueue(Job.of(text));
    Claim claim = claimNext();
    assertEquals(text, claim.payload().text());
    assertTrue(claim.attributes().isEmpty());
  }

  @Test
  default void aFileIsCopiedAndStays() throws Exception {
    Path file = Files.writeString(scratch().resolve("42.png"), "picture");
    spool().enqueue(Job.of(file));
    Files.writeString(file, "changed later");
    assertEquals("picture", claimNext().payload().text());
  }

  @Test
  default void aLambdaIsOpenedOnceAndItsStreamClosed() throws Exception {
    AtomicInteger opened = new AtomicInteger();
    AtomicInteger closed = new AtomicInteger();
    Payload payload =
        () -> {
          opened.incrementAndGet();
          return new ByteArrayInputStream(new byte[] {1, 2, 3}) {
            @Override
            public void close() {
              closed.incrementAndGet();
            }
          };
        };
    spool().enqueue(Job.of(payload));
    assertEquals(1, opened.get());
    assertEquals(1, closed.get());
    assertArrayEquals(new byte[] {1, 2, 3}, claimNext().payload().bytes());
  }

  @Test
  default void anAdoptedFileIsGoneFromItsPlace() throws Exception {
    Path file = Files.writeString(scratch().resolve("42.png"), "picture");
    spool().enqueue(Job.of(Payload.adopt(file)));
    assertFalse(Files.exists(file));
    assertEquals("picture", claimNext().payload().text());
  }

  @Test
  default void anAdoptedFileThatIsNotThereIsNoJob() throws Exception {
    Job job = Job.of(Payload.adopt(scratch().resolve("missing")));
    SpoolException refused = assertThrows(SpoolException.class, () -> spool().enqueue(job));
    assertEquals(InSpool.NO, refused.jobIn());
    assertEquals(Optional.empty(), spool().claim());
  }

  @Test
  default void anAdoptedFileStaysIfTheEnqueueFails() throws Exception {
    Path file = Files.writeString(scratch().resolve("42.png"), "picture");
    Spool closed = another();
    closed.close();
    assertThrows(IllegalStateException.class, () -> closed.enqueue(Job.of(Payload.adopt(file))));
    assertEquals("picture", Files.readString(file));
  }

  @Test
  default void anEmptyPayloadIsAJobToo() throws Exception {
    spool().enqueue(Job.of(""));
    spool().enqueue(Job.of("").attribute("size", "128"));
    assertEquals(0, claimNext().payload().bytes().length);
    Claim second = claimNext();
    assertEquals(0, second.payload().bytes().length);
    assertEquals(0, second.payload().size().orElseThrow());
  }

  @Test
  default void aLargePayloadStreamsThrough() throws Exception {
    GeneratedPayload payload = new GeneratedPayload(20_000_003);
    spool().enqueue(Job.of(payload).attribute("size", "large"));
    Claim claim = claimNext();
    assertEquals(20_000_003, claim.payload().size().orElseThrow());
    assertEquals(GeneratedPayload.digest(payload), GeneratedPayload.digest(claim.payload()));
  }

  @Test
  default void aPayloadThatCannotBeOpenedIsNoJob() throws Exception {
    IOException cause = new IOException("socket closed");
    Payload broken =
        () -> {
          throw cause;
        };
    SpoolException thrown =
        assertThrows(SpoolException.class, () -> spool().enqueue(Job.of(broken)));
    assertSame(cause, thrown.getCause());
    assertEquals(InSpool.NO, thrown.jobIn());
    assertNothingIsLeft();
  }

  @Test
  default void aPayloadThatBreaksOffIsNoJob() throws Exception {
    SpoolException thrown =
        assertThrows(
            SpoolException.class,
            () -> spool().enqueue(Job.of(breaksOff(new IOException("reset"))).key("k")));
    assertEquals(InSpool.NO, thrown.jobIn());
    assertNothingIsLeft();
    spool().enqueue(Job.of("second try").key("k"));
    assertEquals("second try", claimNext().payload().text());
  }

  @Test
  default void aPayloadWithABugIsNoJob() throws Exception {
    assertThrows(
        Exception.class,
        () -> spool().enqueue(Job.of(breaksOff(new IllegalStateException("bug")))));
    assertNothingIsLeft();
  }

  private Payload breaksOff(Exception thrown) {
    InputStream end =
        new InputStream() {
          @Override
          public int read() throws IOException {
            if (thrown instanceof IOException io) {
              throw io;
            }
            throw (RuntimeException) thrown;
          }

          @Override
          public int read(byte[] buffer, int offset, int count) throws IOException {
            return read(); // InputStream itself swallows what comes after the first byte
          }
        };
    return () -> new SequenceInputStream(new ByteArrayInputStream(new byte[100_000]), end);
  }

  private void assertNothingIsLeft() throws Exception {
    assertEquals(Optional.empty(), spool().claim());
    assertEquals(0, spool().inspector().stats().jobs(JobState.READY));
    // a sweep in the background may be writing a file of its own, to learn the time
    await().until(() -> spool().inspector().stats().writing() == 0);
  }

  @Test
  default void aJobIsVisibleToOthersWhenEnqueueReturns() throws Exception {
    Spool other = another();
    JobId id = spool().enqueue(Job.of("x"));
    assertEquals(id, other.claim().orElseThrow().id());
  }

  @Test
  default void manyJobsAtOnceKeepTheirOrder() throws Exception {
    List<Job> jobs = IntStream.range(0, 50).mapToObj(i -> Job.of("job " + i)).toList();
    List<JobId> ids = spool().enqueueAll(jobs);
    List<JobId> claimed = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      Claim claim = spool().claim().orElseThrow();
      assertEquals("job " + i, claim.payload().text());
      claimed.add(claim.id());
    }
    assertEquals(ids, claimed);
  }

  @Test
  default void manyJobsAtOnceMayDiffer() throws Exception {
    Path file = Files.writeString(scratch().resolve("42.png"), "adopted");
    List<JobId> ids =
        spool()
            .enqueueAll(
                List.of(
                    Job.of("low").priority(1),
                    Job.of("later").delay(LONG),
                    Job.of("high").priority(8).attribute("a", "b"),
                    Job.of(Payload.adopt(file))));
    assertEquals(Optional.of(JobState.DELAYED), state(ids.get(1)));
    assertEquals(List.of("high", "adopted", "low"), drain(spool()));
  }

  @Test
  default void noJobsAtOnceAreNoIds() throws Exception {
    assertEquals(List.of(), spool().enqueueAll(List.of()));
  }

  @Test
  default void aFailureAmongManyTellsWhichAreIn() throws Exception {
    List<Job> jobs =
        List.of(Job.of("0"), Job.of("1"), Job.of(breaksOff(new IOException("reset"))), Job.of("3"));
    SpoolException thrown = assertThrows(SpoolException.class, () -> spool().enqueueAll(jobs));
    assertEquals(InSpool.NO, thrown.jobIn(), "no other job of the call is in");
    List<String> in = drain(spool());
    assertEquals(thrown.enqueued().size(), in.size());
    assertEquals(List.of("0", "1").subList(0, in.size()), in);
  }

  @Test
  default void anInterruptedThreadMayEnqueue() throws Exception {
    Path file = Files.writeString(scratch().resolve("file"), "copied");
    Path adopted = Files.writeString(scratch().resolve("adopted"), "adopted");
    Thread.currentThread().interrupt();
    try {
      spool().enqueue(Job.of("text").attribute("a", "b").key("k"));
      spool().enqueue(Job.of(file));
      spool().enqueue(Job.of(Payload.adopt(adopted)));
      spool().enqueueAll(List.of(Job.of("one"), Job.of("two")));
      assertTrue(Thread.currentThread().isInterrupted());
    } finally {
      Thread.interrupted();
    }
    assertEquals(List.of("text", "copied", "adopted", "one", "two"), drain(spool()));
  }

  @Test
  default void manyProducersLoseNothing() throws Exception {
    List<Background<List<JobId>>> producers = new ArrayList<>();
    Set<String> texts = new TreeSet<>();
    for (int p = 0; p < 4; p++) {
      Spool spool = p % 2 == 0 ? spool() : another();
      String name = "producer " + p + " job ";
      IntStream.range(0, 25).forEach(i -> texts.add(name + i));
      producers.add(
          inBackground(
              () -> {
                List<JobId> ids = new ArrayList<>();
                for (int i = 0; i < 25; i++) {
                  ids.add(spool.enqueue(Job.of(name + i)));
                }
                return ids;
              }));
    }
    Set<JobId> ids = new HashSet<>();
    for (Background<List<JobId>> producer : producers) {
      ids.addAll(producer.result());
    }
    assertEquals(100, ids.size());
    assertEquals(texts, new TreeSet<>(drain(spool())));
  }
}
