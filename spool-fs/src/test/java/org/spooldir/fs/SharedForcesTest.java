package org.spooldir.fs;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** fsyncs of a directory that serve many threads, and never one that came too late for them. */
@Timeout(60)
class SharedForcesTest {

  private static final Path NEW = Path.of("new");
  private static final Path TMP = Path.of("tmp");

  private final AtomicInteger begun = new AtomicInteger();
  private final Semaphore mayEnd = new Semaphore(0);
  private final List<String> outcomes = Collections.synchronizedList(new ArrayList<>());
  private final List<String> kinds = Collections.synchronizedList(new ArrayList<>());
  private volatile int broken; // which one fails
  private volatile boolean outOfMemory;

  private final SharedForces forces =
      new SharedForces(
          new ForwardingFileOps(NioFileOps.on(NEW)) {
            @Override
            public ForcedDirectory forced(Path directory) {
              return new ForcedDirectory() {
                @Override
                public void force() throws IOException {
                  begin("exact");
                }

                @Override
                public void forceRecent() throws IOException {
                  begin("recent");
                }
              };
            }

            private void begin(String kind) throws IOException {
              kinds.add(kind);
              int number = begun.incrementAndGet();
              mayEnd.acquireUninterruptibly();
              if (outOfMemory) {
                throw new OutOfMemoryError("no memory");
              }
              if (number == broken) {
                throw new IOException("number " + number + " is broken");
              }
            }
          });

  @AfterEach
  void letAllEnd() {
    mayEnd.release(1000);
  }

  private interface Force {
    void run() throws IOException;
  }

  private Thread ask(Path directory) {
    return ask(() -> forces.force(directory));
  }

  /** Asks for a force in a thread of its own, and returns when that waits for something. */
  private Thread ask(Force force) {
    Thread asking =
        new Thread(
            () -> {
              try {
                force.run();
                outcomes.add("forced");
              } catch (IOException | OutOfMemoryError e) {
                outcomes.add(e.getMessage());
              }
            });
    asking.setDaemon(true);
    asking.start();
    await().until(() -> asking.getState() == Thread.State.WAITING);
    return asking;
  }

  private static void join(List<Thread> threads) throws InterruptedException {
    for (Thread thread : threads) {
      thread.join();
    }
  }

  @Test
  void allWhoComeWhileOneIsUnderWayShareTheNext() throws Exception {
    List<Thread> all = new ArrayList<>();
    all.add(ask(NEW));
    for (int i = 0; i < 10; i++) {
      all.add(ask(NEW));
    }
    assertEquals(1, begun.get());
    mayEnd.release();
    await().until(() -> begun.get() == 2);
    assertEquals(List.of("forced"), outcomes, "the first does not end for those who came later");
    mayEnd.release();
    join(all);
    assertEquals(2, begun.get());
    assertEquals(11, outcomes.size());
  }

  @Test
  void whoComesWhenTheSecondHasBegunWaitsForAThird() throws Exception {
    List<Thread> all = new ArrayList<>(List.of(ask(NEW), ask(NEW)));
    mayEnd.release();
    await().until(() -> begun.get() == 2);
    all.add(ask(NEW));
    mayEnd.release();
    await().until(() -> begun.get() == 3);
    assertEquals(2, outcomes.size());
    mayEnd.release();
    join(all);
    assertEquals(3, outcomes.size());
  }

  @Test
  void aFailureIsEverybodysWhoTookPartAndNobodyElses() throws Exception {
    broken = 2;
    Thread before = ask(NEW);
    List<Thread> sharing = List.of(ask(NEW), ask(NEW), ask(NEW));
    mayEnd.release();
    before.join();
    await().until(() -> begun.get() == 2);
    Thread after = ask(NEW);
    mayEnd.release();
    join(sharing);
    assertEquals(List.of("forced"), outcomes.subList(0, 1));
    assertEquals(Collections.nCopies(3, "number 2 is broken"), outcomes.subList(1, 4));
    mayEnd.release();
    after.join();
    assertEquals("forced", outcomes.get(4));
  }

  @Test
  void directoriesDoNotWaitForEachOther() throws Exception {
    Thread one = ask(NEW);
    Thread other = ask(TMP);
    assertEquals(2, begun.get());
    mayEnd.release(2);
    join(List.of(one, other));
  }

  @Test
  void whoseNameCameBeforeOneBeganNeedsNoOther() throws Exception {
    long before = forces.begun(NEW);
    Thread other = ask(NEW);
    Thread during = ask(() -> forces.forceRecent(NEW, before));
    Thread exactly = ask(() -> forces.force(NEW, before));
    assertEquals(List.of(), outcomes);
    mayEnd.release();
    join(List.of(other, during, exactly));
    forces.forceRecent(NEW, before);
    forces.force(NEW, before);
    assertEquals(1, begun.get());

    long after = forces.begun(NEW);
    mayEnd.release();
    forces.forceRecent(NEW, after);
    assertEquals(2, begun.get());
  }

  @Test
  void aFailureIsHisAsWellWhoComesToItLate() throws Exception {
    long before = forces.begun(NEW);
    broken = 1;
    Thread other = ask(NEW);
    mayEnd.release();
    other.join();
    assertThrows(IOException.class, () -> forces.forceRecent(NEW, before));
    assertThrows(IOException.class, () -> forces.force(NEW, before));
    assertEquals(1, begun.get());
  }

  @Test
  void whatLeavesNoMemoryToTellOfItIsAFailureOfAll() throws Exception {
    Path untold = (Path) Proxy.newProxyInstance(null, new Class<?>[] {Path.class}, this::untold);
    outOfMemory = true;
    Thread first = ask(untold);
    Thread second = ask(() -> forces.forceRecent(untold, 0));
    Thread third = ask(untold);
    mayEnd.release(2);
    join(List.of(first, second, third));
    assertEquals(Collections.nCopies(3, "no memory"), outcomes);
  }

  /** A path that cannot even be named. */
  private Object untold(Object path, Method method, Object[] arguments) {
    return switch (method.getName()) {
      case "hashCode" -> 1;
      case "equals" -> path == arguments[0];
      default -> throw new OutOfMemoryError("no memory");
    };
  }

  @Test
  void theOneThatHasTheNameNowIsForcedIfAnyOfThemWantsThat() throws Exception {
    long before = forces.begun(NEW);
    Thread recent = ask(() -> forces.forceRecent(NEW, before));
    Thread exact = ask(NEW);
    Thread alsoRecent = ask(() -> forces.forceRecent(NEW, forces.begun(NEW)));
    mayEnd.release(2);
    join(List.of(recent, exact, alsoRecent));
    assertEquals(List.of("recent", "exact"), kinds);
  }

  @Test
  void whoWantsTheOneThatHasTheNameNowIsNotServedByOneThatDidNotLook() throws Exception {
    long before = forces.begun(NEW);
    Thread recent = ask(() -> forces.forceRecent(NEW, before));
    Thread exact = ask(() -> forces.force(NEW, before));
    mayEnd.release();
    recent.join();
    await().until(() -> begun.get() == 2);
    mayEnd.release(2);
    exact.join();
    forces.force(NEW, before);
    assertEquals(List.of("recent", "exact"), kinds);
    assertEquals(2, forces.begun(NEW));
  }

  @Test
  void anInterruptIsKeptAndTheForceDone() throws Exception {
    Thread first = ask(NEW);
    Thread second = ask(NEW);
    second.interrupt();
    mayEnd.release(2);
    join(List.of(first, second));
    assertEquals(List.of("forced", "forced"), outcomes);
  }
}
