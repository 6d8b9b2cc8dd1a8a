package org.spooldir;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The jobs are visible to workers, but making them durable failed: they survive unless the power
 * fails. Or what was written of the last of them has vanished: it was published and handled, or
 * somebody took it away. Enqueueing them again may run them twice; of those that have a {@linkplain
 * Job#key dedup key}, only those that are done by then.
 *
 * @since 0.1
 */
public class EnqueueUncertainException extends SpoolException {

  private static final long serialVersionUID = 1L;

  private final ArrayList<JobId> ids;

  /** Makes an exception about these jobs, at least one. */
  public EnqueueUncertainException(
      Where where, List<JobId> ids, String problem, @Nullable Throwable cause) {
    super(where, problem, false, cause);
    this.ids = new ArrayList<>(ids);
  }

  /**
   * The jobs that are visible but may not be durable, or of which nobody knows; in the order they
   * were handed in, at least one.
   */
  public List<JobId> ids() {
    return List.copyOf(ids);
  }
}
