package org.spooldir;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Timeout;

/** What a backend gives to its contract. The fixture closes what it has opened after each test. */
@Timeout(120)
public interface SpoolFixture {

  /** How long a test waits for what should happen soon, on the slowest machine. */
  Duration PATIENCE = Duration.ofSeconds(30);

  /** Longer than any test. */
  Duration LONG = Duration.ofHours(1);

  /**
   * The spool under test: empty at the start of each test, the same one in all of it; does not keep
   * done jobs.
   */
  Spool spool() throws IOException;

  /**
   * Another instance on the queue of {@link #spool}, as another process would have; a new one with
   * each call.
   */
  Spool another() throws IOException;

  /** A spool that keeps done jobs; empty at the start of each test, the same one in all of it. */
  Spool retaining() throws IOException;

  /**
   * Has the process of this instance believed dead: the next recovery, of whatever instance, brings
   * its claims back.
   */
  void declareDead(Spool spool) throws IOException;

  /** A directory of the test's own, empty, on the file system of the spool. */
  Path scratch() throws IOException;

  /** Waits for something that will be so before the patience is over. */
  static ConditionFactory eventually() {
    return await().atMost(PATIENCE).pollInterval(Duration.ofMillis(10));
  }

  /** Claims the next job of the spool under test. */
  default Claim claimNext() throws Exception {
    return claimNext(spool());
  }

  /** Claims the next job, which must be there or become ready soon. */
  default Claim claimNext(Spool from) throws Exception {
    return from.claim(PATIENCE).orElseThrow(() -> new AssertionError("no job became ready"));
  }

  /** The state of a job; empty if it is not there. */
  default Optional<JobState> state(JobId id) throws IOException {
    return spool().inspector().find(id).map(JobSnapshot::state);
  }

  /** What the inspector reads of a job, which must be there. */
  default JobRecord read(JobId id) throws IOException {
    return spool().inspector().read(id).orElseThrow(() -> new AssertionError("not there: " + id));
  }

  /**
   * Brings the claims of a process back that is believed dead; returns when these jobs are ready.
   */
  default void recoverFrom(Spool dead, Spool by, JobId... claimed) throws IOException {
    declareDead(dead);
    eventually()
        .until(
            () -> {
              by.maintenance().recover();
              for (JobId id : claimed) {
                if (by.inspector().find(id).orElseThrow().state() != JobState.READY) {
                  return false;
                }
              }
              return true;
            });
  }

  /** Claims and completes until nothing is ready; the texts of the jobs, in the order they came. */
  default List<String> drain(Spool from) throws Exception {
    List<String> texts = new ArrayList<>();
    for (Optional<Claim> next = from.claim(); next.isPresent(); next = from.claim()) {
      texts.add(next.get().payload().text());
      next.get().complete();
    }
    return texts;
  }

  /**
   * Runs something in a thread of its own; a thread that a failed test leaves behind does not keep
   * the JVM alive.
   */
  static <T> Background<T> inBackground(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(task, "background");
    thread.setDaemon(true);
    thread.start();
    return new Background<>(thread, task);
  }

  /** Something that runs in a thread of its own. */
  record Background<T>(Thread thread, FutureTask<T> task) {

    /**
     * Waits for the result; what was thrown is the cause of an {@link
     * java.util.concurrent.ExecutionException}.
     */
    public T result() throws Exception {
      return task.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** Returns when the thread waits for something. */
    public void awaitWaiting() {
      eventually()
          .until(
              () ->
                  switch (thread.getState()) {
                    case WAITING, TIMED_WAITING -> true;
                    default -> false;
                  });
    }
  }
}
