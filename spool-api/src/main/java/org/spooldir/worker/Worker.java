package org.spooldir.worker;

import java.time.Duration;
import java.util.Optional;
import org.spooldir.Spool;
import org.spooldir.SpoolListener;

/**
 * Runs a handler on the jobs of a spool, in threads of its own, and settles each claim by how its
 * handler ends.
 *
 * <pre>{@code
 * try (Worker worker = Worker.on(spool).concurrency(4).start(claim -> thumbnail(claim.payload().open()))) {
 *   worker.awaitStop();
 * }
 * }</pre>
 *
 * <p>It stops when it is told to, when the JVM shuts down (see {@link Builder#stopOnShutdown}) and
 * when its spool is closed. The threads are no daemons: a worker that nobody stops keeps its JVM
 * alive, and so does a handler that ignores every interrupt.
 *
 * <p>Trouble with the spool is reported to the listener and to the {@link System.Logger} {@code
 * org.spooldir.worker}, and survived: claiming is tried again after a pause that grows up to 30
 * seconds. Settling is tried five times within two seconds; then the claim is released, uncounted,
 * so that the job runs again; and if that fails too, it stays claimed until the spool is closed or
 * the process ends.
 *
 * <p>Instances are safe for use by many threads.
 *
 * @since 0.1
 */
public final class Worker implements AutoCloseable {

  private final Crew crew;

  private Worker(Crew crew) {
    this.crew = crew;
  }

  /**
   * A worker to be, on this spool. The worker does not close the spool; close the worker first.
   *
   * @param spool where the jobs are
   */
  public static Builder on(Spool spool) {
    return new Builder(spool);
  }

  /** How a worker should work; {@link #start} starts it. Not safe for use by many threads. */
  public static final class Builder {

    private final Spool spool;
    private int concurrency = 1;
    private RetryPolicy retry = RetryPolicy.exponential(Duration.ofSeconds(1), Duration.ofHours(1));
    private Optional<Duration> timeLimit = Optional.empty();
    private Duration idlePoll = Duration.ofSeconds(30);
    private Duration shutdownGrace = Duration.ofSeconds(30);
    private Duration lastMoment = Duration.ofSeconds(1);
    private boolean stopOnShutdown = true;
    private SpoolListener listener = SpoolListener.NONE;
    private String name = "spool-worker";

    private Builder(Spool spool) {
      this.spool = spool;
    }

    /** How many jobs are worked on at the same time, each in a thread of its own; 1 if not set. */
    public Builder concurrency(int threads) {
      this.concurrency = threads;
      return this;
    }

    /**
     * What happens to a job that failed; if not set, up to 8 attempts that back off from one second
     * to one hour.
     */
    public Builder retry(RetryPolicy policy) {
      this.retry = policy;
      return this;
    }

    /**
     * How long a handler may run before it is interrupted; no limit if not set. Kept to within a
     * quarter of a second. The interrupt is repeated every second while the handler does not end;
     * its claim stays claimed until it does. If it then throws, the job is retried; if it returns
     * all the same, the job is complete.
     */
    public Builder timeLimit(Duration limit) {
      this.timeLimit = Optional.of(limit);
      return this;
    }

    /**
     * The longest that an idle thread waits in one {@link Spool#claim(Duration)}; 30 seconds if not
     * set. A job that arrives, a stop and the closing of the spool end the wait.
     */
    public Builder idlePoll(Duration wait) {
      this.idlePoll = wait;
      return this;
    }

    /** How long running handlers may go on after a stop; 30 seconds if not set. */
    public Builder shutdownGrace(Duration grace) {
      this.shutdownGrace = grace;
      return this;
    }

    /**
     * How long handlers that were interrupted at the end of the grace may take to end, before their
     * jobs are released while they still run; one second if not set. Longer for handlers that have
     * something to end themselves, a process for instance.
     */
    public Builder lastMoment(Duration wait) {
      this.lastMoment = wait;
      return this;
    }

    /**
     * Whether a shutdown of the JVM (SIGTERM, {@link System#exit}) closes the worker first; so if
     * not set.
     */
    public Builder stopOnShutdown(boolean stop) {
      this.stopOnShutdown = stop;
      return this;
    }

    /**
     * Hears what happens to the jobs of this worker: every event but {@code Enqueued} and {@code
     * Recovered}, which are the spool's own.
     */
    public Builder listener(SpoolListener listener) {
      this.listener = listener;
      return this;
    }

    /** The first part of the threads' names; {@code spool-worker} if not set. */
    public Builder name(String name) {
      this.name = name;
      return this;
    }

    /**
     * Starts the worker.
     *
     * @throws IllegalArgumentException if the concurrency, the time limit or the idle poll is not
     *     above zero, or the grace or the last moment is negative
     * @throws IllegalStateException if the JVM is shutting down
     */
    public Worker start(JobHandler handler) {
      return new Worker(
          Crew.start(
              new WorkerSettings(
                  spool,
                  handler,
                  concurrency,
                  retry,
                  timeLimit,
                  idlePoll,
                  shutdownGrace,
                  lastMoment,
                  stopOnShutdown,
                  listener,
                  name)));
    }
  }

  /** Begins a stop, as {@link #close} does, and does not wait for it. */
  public void stop() {
    crew.stop();
  }

  /**
   * Waits until the worker has stopped, whoever stops it.
   *
   * @throws InterruptedException if the thread is interrupted while it waits; the worker goes on
   * @throws IllegalStateException if a handler or the listener calls it: they would wait for
   *     themselves
   */
  public void awaitStop() throws InterruptedException {
    crew.awaitStop();
  }

  /**
   * Stops, and waits for it: no more jobs are claimed, and running handlers may go on for the
   * {@linkplain Builder#shutdownGrace grace}. Then they are interrupted; those that fail now are
   * released, not counted. What has not ended a {@linkplain Builder#lastMoment last moment} later
   * is released while it still runs, and left behind.
   *
   * <p>The wait is bounded by the grace and that moment (and by the storage), so an interrupt does
   * not end it, but it ends the grace at once; the thread's interrupt status is set when this
   * method returns. That is how {@code ExecutorService.close} behaves.
   *
   * <p>Called by a handler or by the listener, this is {@link #stop}: they cannot wait for
   * themselves. Closing again does no harm.
   */
  @Override
  public void close() {
    crew.close();
  }
}
