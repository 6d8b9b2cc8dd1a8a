package org.spooldir;

import java.util.List;

/**
 * What one recovery did. The letters are those of the protocol.
 *
 * @param deadWorkers the ids of the worker processes that it declared dead (R0)
 * @param recovered claims of dead workers that came back (R0)
 * @param returned claimed jobs without a worker, as a mail reader leaves them, that came back (R3)
 * @param promoted delayed jobs that were due and became ready (R4)
 * @param swept things that it cleared away: files of producers that died (R5), second names of one
 *     file (R3), what outlived its retention, keys and failure logs without a job
 * @since 0.1
 */
public record RecoveryReport(
    List<String> deadWorkers, long recovered, long returned, long promoted, long swept) {

  /** A recovery that found nothing to do. */
  public static final RecoveryReport NOTHING = new RecoveryReport(List.of(), 0, 0, 0, 0);

  /** Copies the list. */
  public RecoveryReport {
    deadWorkers = List.copyOf(deadWorkers);
  }

  /** Whether nothing was done. */
  public boolean isEmpty() {
    return equals(NOTHING);
  }
}
