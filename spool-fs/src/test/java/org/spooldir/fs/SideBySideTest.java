package org.spooldir.fs;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spooldir.SpoolFixture;
import org.spooldir.SpoolFixture.Background;

/** Waits for the disk at the same time. */
@Timeout(60)
class SideBySideTest {

  private static List<Integer> items(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  @Test
  void eachIsDoneOnce() throws Exception {
    for (int count : new int[] {0, 1, 7, 8, 100, 1000}) {
      Set<Integer> done = ConcurrentHashMap.newKeySet();
      AtomicInteger steps = new AtomicInteger();
      SideBySide.forEach(
          items(count),
          item -> {
            done.add(item);
            steps.incrementAndGet();
          });
      assertEquals(count, steps.get());
      assertEquals(count, done.size());
    }
  }

  @Test
  void asManyWaitAtTheSameTimeAsThereAreThreads() throws Exception {
    CyclicBarrier together = new CyclicBarrier(SideBySide.THREADS);
    SideBySide.forEach(
        items(SideBySide.THREADS),
        item -> {
          try {
            together.await(30, TimeUnit.SECONDS);
          } catch (Exception e) {
            throw new IOException("alone", e);
          }
        });
  }

  @Test
  void fewAreDoneInOrderAndByTheCaller() throws Exception {
    Thread caller = Thread.currentThread();
    AtomicInteger last = new AtomicInteger(-1);
    SideBySide.forEach(
        items(7),
        item -> {
          assertSame(caller, Thread.currentThread());
          assertEquals(last.getAndSet(item) + 1, item);
        });
  }

  @Test
  void afterAFailureNothingIsUnderWayAnyMore() {
    AtomicInteger underWay = new AtomicInteger();
    IOException thrown =
        assertThrows(
            IOException.class,
            () ->
                SideBySide.forEach(
                    items(1000),
                    item -> {
                      underWay.incrementAndGet();
                      try {
                        if (item == 100) {
                          throw new IOException("item 100");
                        }
                      } finally {
                        underWay.decrementAndGet();
                      }
                    }));
    assertEquals("item 100", thrown.getMessage());
    assertEquals(0, underWay.get());
  }

  @Test
  void anUncheckedFailureReachesTheCaller() {
    assertThrows(
        IllegalStateException.class,
        () ->
            SideBySide.forEach(
                items(100),
                item -> {
                  throw new IllegalStateException("item " + item);
                }));
  }

  @Test
  void anErrorReachesTheCallerAfterAllThatHadBegun() {
    AtomicInteger underWay = new AtomicInteger();
    assertThrows(
        StackOverflowError.class,
        () ->
            SideBySide.forEach(
                items(1000),
                item -> {
                  underWay.incrementAndGet();
                  try {
                    if (item == 100) {
                      throw new StackOverflowError("item 100");
                    }
                  } finally {
                    underWay.decrementAndGet();
                  }
                }));
    assertEquals(0, underWay.get());
  }

  @Test
  void nobodyWaitsForADiskThatHangsAndIsNotHisOwn() throws Exception {
    CountDownLatch hung = new CountDownLatch(1);
    AtomicInteger hanging = new AtomicInteger();
    List<Background<Void>> others = new ArrayList<>();
    try {
      for (int i = 0; i < 2; i++) { // one alone has a thread of the pool less than there are
        others.add(
            SpoolFixture.inBackground(
                () -> {
                  SideBySide.forEach(
                      items(SideBySide.THREADS),
                      item -> {
                        hanging.incrementAndGet();
                        Uninterruptibles.awaitUninterruptibly(hung);
                      });
                  return null;
                }));
      }
      await()
          .until(
              () ->
                  hanging.get() == SideBySide.THREADS + 2); // all of the pool, and the two callers
      Set<Thread> working = ConcurrentHashMap.newKeySet();
      AtomicInteger done = new AtomicInteger();
      Background<Void> own =
          SpoolFixture.inBackground(
              () -> {
                SideBySide.forEach(
                    items(100),
                    item -> {
                      working.add(Thread.currentThread());
                      done.incrementAndGet();
                    });
                return null;
              });
      own.result();
      assertEquals(100, done.get());
      assertEquals(Set.of(own.thread()), working);
      assertEquals(SideBySide.THREADS + 2, hanging.get());
    } finally {
      hung.countDown();
    }
    for (Background<Void> other : others) {
      other.result();
    }
    assertEquals(2 * SideBySide.THREADS, hanging.get());
  }

  @Test
  void anInterruptIsKeptForLater() throws Exception {
    AtomicInteger done = new AtomicInteger();
    Thread.currentThread().interrupt();
    SideBySide.forEach(items(100), item -> done.incrementAndGet());
    assertEquals(100, done.get());
    assertTrue(Thread.interrupted());
  }
}
