package org.spooldir.fs;

/**
 * What a returned call survives. At every level no job is lost to {@code kill -9}, and none is ever
 * seen in part.
 *
 * @since 0.1
 */
public enum Durability {
  /** The death of processes, not of power: nothing is forced to disk. */
  PROCESS,
  /**
   * An enqueued job and a dead letter survive power loss; a completed job may be offered again
   * after it. The default: forces the file, {@code tmp/} and {@code new/} on enqueue (E2, E3, E5),
   * {@code failed/} and {@code done/} on a move into them.
   */
  ENQUEUE,
  /**
   * Every returned call survives power loss: also forces the directories of every claim and
   * settlement (C2, D1 to D4).
   */
  FULL
}
