package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spooldir.SpoolFixture;
import org.spooldir.SpoolFixture.Background;

/** E2 of a big file, begun while it is being written. */
@Timeout(60)
class ForcedAheadTest {

  private static final int SOME = ForcedAhead.STRIDE / 4;

  /** The least of which a part is forced ahead, in writes of {@link #SOME}. */
  private static final int BIG = ForcedAhead.STRIDE + SOME;

  /** A file that keeps nothing, and knows what was asked of it. */
  private static final class Recorded implements FileOps.NewFile {
    private final List<Thread> forcedBy = new CopyOnWriteArrayList<>();
    private final CountDownLatch disk = new CountDownLatch(1);
    private final AtomicInteger written = new AtomicInteger();
    private volatile int forced;
    private volatile boolean closed;
    private volatile boolean broken;

    @Override
    public void write(ByteBuffer bytes) {
      written.addAndGet(bytes.remaining());
    }

    @Override
    public void force() throws IOException {
      int begun = written.get();
      forcedBy.add(Thread.currentThread());
      Uninterruptibles.awaitUninterruptibly(disk);
      if (broken) {
        broken = false; // Linux tells it once
        throw Faults.broken();
      }
      forced = begun;
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private final Recorded recorded = new Recorded();
  private final ForcedAhead file = new ForcedAhead(recorded);

  private void write(int bytes) throws IOException {
    for (int i = 0; i < bytes; i += SOME) {
      file.write(ByteBuffer.allocate(SOME));
    }
  }

  private void awaitForces(int count) {
    SpoolFixture.eventually().until(() -> recorded.forcedBy.size() == count);
  }

  /** Writes so much that a part is forced ahead, which fails. */
  private void failAhead() throws IOException {
    recorded.broken = true;
    write(BIG);
    awaitForces(1);
    recorded.disk.countDown();
  }

  @Test
  void aSmallFileIsForcedOnceAndByItsWriter() throws Exception {
    recorded.disk.countDown();
    write(ForcedAhead.STRIDE);
    file.force();
    assertEquals(List.of(Thread.currentThread()), recorded.forcedBy);
    assertEquals(ForcedAhead.STRIDE, recorded.forced);
  }

  @Test
  void aBigFileIsForcedByAnotherThreadWhileItIsWrittenAndByItsWriterAtTheEnd() throws Exception {
    write(BIG);
    awaitForces(1);
    assertNotEquals(Thread.currentThread(), recorded.forcedBy.get(0));
    write(SOME); // while the disk is at work
    recorded.disk.countDown();
    file.force();
    assertSame(Thread.currentThread(), recorded.forcedBy.get(recorded.forcedBy.size() - 1));
    assertEquals(BIG + SOME, recorded.forced);
  }

  @Test
  void aDiskThatIsBehindIsNotAskedMore() throws Exception {
    write(10 * ForcedAhead.STRIDE);
    awaitForces(1);
    recorded.disk.countDown();
    file.force();
    assertEquals(2, recorded.forcedBy.size());
    assertEquals(10 * ForcedAhead.STRIDE, recorded.forced);
  }

  @Test
  void whatWasForcedAheadCountsAnew() throws Exception {
    recorded.disk.countDown();
    for (int i = 1; i <= 3; i++) {
      write(ForcedAhead.STRIDE);
      assertEquals(i - 1, recorded.forcedBy.size());
      int forces = i;
      SpoolFixture.eventually()
          .until(
              () -> {
                file.write(ByteBuffer.allocate(0)); // should the one before not be over yet
                return recorded.forcedBy.size() == forces;
              });
    }
  }

  @Test
  void aFileWhoseForceAheadHasFailedIsNeverForcedAgain() throws Exception {
    failAhead();
    IOException told = assertThrows(IOException.class, file::force);
    assertSame(told, assertThrows(IOException.class, file::force));
    assertEquals(1, recorded.forcedBy.size());
    file.close();
  }

  @Test
  void writingEndsAfterAForceAheadHasFailed() throws Exception {
    failAhead();
    assertThrows(
        IOException.class,
        () -> {
          for (int i = 0; i < 1000; i++) {
            write(SOME);
            Uninterruptibles.sleepUninterruptibly(Duration.ofMillis(1));
          }
        });
    assertThrows(IOException.class, file::force);
    assertEquals(1, recorded.forcedBy.size());
  }

  @Test
  void itIsClosedWhenNobodyForcesItAnyMore() throws Exception {
    write(BIG);
    awaitForces(1);
    Background<Void> closing =
        SpoolFixture.inBackground(
            () -> {
              file.close();
              return null;
            });
    closing.awaitWaiting();
    assertFalse(recorded.closed);
    recorded.disk.countDown();
    closing.result();
    assertTrue(recorded.closed);
  }

  @Test
  void aForceAheadThatFindsNoThreadIsLeftOut() throws Exception {
    CountDownLatch hung = new CountDownLatch(1);
    try {
      for (int i = 0; i < SideBySide.THREADS; i++) {
        assertFalse(SideBySide.begin(hung, Uninterruptibles::awaitUninterruptibly).isOver());
      }
      recorded.disk.countDown();
      write(3 * ForcedAhead.STRIDE);
      file.force();
      assertEquals(List.of(Thread.currentThread()), recorded.forcedBy);
      file.close();
    } finally {
      hung.countDown();
    }
  }
}
