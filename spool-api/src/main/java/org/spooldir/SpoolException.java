package org.spooldir;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A spool could not do what it was asked. Says what was tried, where, in which state the job is,
 * whether trying again may help, and whether the job is in the spool.
 *
 * @since 0.1
 */
public class SpoolException extends IOException {

  private static final long serialVersionUID = 1L;

  /** Whether a job is in the spool, as far as the failed operation can tell. */
  public enum InSpool {
    /** It is there, for certain. */
    YES,
    /** It is not there, for certain. */
    NO,
    /** It may be there or not. */
    UNKNOWN
  }

  /**
   * Where something failed.
   *
   * @param operation what was tried, a verb of the API: {@code enqueue}, {@code claim}, {@code
   *     open} …
   * @param path what it was tried on: for a directory spool a path, with characters escaped that
   *     could harm a terminal
   * @param state the state in which the job was, or null if that is not known or there is no job
   * @param jobIn whether the job is in the spool now
   */
  public record Where(String operation, String path, @Nullable JobState state, InSpool jobIn)
      implements Serializable {}

  private final Where where;
  private final boolean mayRetry;
  private final ArrayList<JobId> enqueued = new ArrayList<>();

  /**
   * Makes an exception.
   *
   * @param where what failed
   * @param problem what is wrong and, where something can be done, what to do
   * @param mayRetry whether the same call may succeed later
   * @param cause the failure underneath, if any
   */
  public SpoolException(Where where, String problem, boolean mayRetry, @Nullable Throwable cause) {
    super(where.operation() + " " + where.path() + ": " + problem, cause);
    this.where = where;
    this.mayRetry = mayRetry;
  }

  /** What was tried, a verb of the API. */
  public String operation() {
    return where.operation();
  }

  /** What it was tried on; printable ASCII. */
  public String path() {
    return where.path();
  }

  /** The state in which the job was, where it is known. */
  public Optional<JobState> state() {
    return Optional.ofNullable(where.state());
  }

  /**
   * Is the job in the spool? For {@link Spool#enqueueAll}: any job of the call beyond {@link
   * #enqueued}.
   */
  public InSpool jobIn() {
    return where.jobIn();
  }

  /** May the same call be tried again later, with a chance to succeed and no harm? */
  public boolean mayRetry() {
    return mayRetry;
  }

  /**
   * The jobs of a failed {@link Spool#enqueueAll} that are in for certain: always the first ones of
   * the call.
   */
  public List<JobId> enqueued() {
    return List.copyOf(enqueued);
  }

  /**
   * For engines: notes jobs of the failed call that are in for certain. Called at most once, before
   * the exception is thrown.
   */
  public void recordEnqueued(List<JobId> ids) {
    enqueued.addAll(ids);
  }
}
