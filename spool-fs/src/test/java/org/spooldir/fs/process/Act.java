package org.spooldir.fs.process;

/** What a child writes down, each after it happened: the first word of a line. */
enum Act {
  /** The spool is open; the child waits for the word to go: pid. */
  READY,
  /** What comes was done once in another spool; the child waits for the word to do it here. */
  REHEARSED,
  /** An enqueue returned: job id, payload name. */
  ENQUEUED,
  /** A claim was made: job id, attempt. */
  CLAIMED,
  /** No job was ready. */
  NOTHING,
  /** The payload is whole: job id, payload name. */
  VERIFIED,
  /** The payload is not what its producer wrote: job id, what is wrong. */
  TORN,
  /** Two jobs of one key are alive at once: both job ids. */
  OVERLAP,
  /** About to be settled: job id, attempt, how. */
  SETTLING,
  /** Settled: job id, attempt, how. */
  SETTLED,
  /** Settling, or opening the payload, found the claim lost: job id, attempt, how. */
  LATE,
  /** The listener was told that a claim is lost: job id, attempt. */
  LOST,
  /** An operator moved jobs along: how, how many. */
  MOVED,
  /** About to be discarded: job id. */
  DISCARDING,
  /** Discarded: job id. */
  DISCARDED,
  /** Not discarded, because it had moved on: job id. */
  SPARED,
  /** What the wall clock says: ms since 1970. */
  TIME,
  /** One recovery was done: how many claims came back. */
  RECOVERED,
  /** The listener was told of trouble in the background; no test expects any. */
  TROUBLE,
  /** Something was thrown that no test expects. */
  FAILED,
  /** The spool is closed and the child ends: how many claims it has settled. */
  ENDED
}
