package org.spooldir.fs;

/**
 * Who may use a spool, said by the modes of its directories.
 *
 * @since 0.1
 */
public enum Access {
  /** Its owner alone: all of it has mode 0700. The default. */
  PRIVATE,
  /**
   * The members of its group may hand in jobs, and do no more: they cannot list, delete or replace
   * what is there. The directory has mode 0710, {@code tmp/} and {@code new/} have 3730, entries
   * 0640, the rest is as in a private spool. Dedup keys, jobs that wait for their time and adopted
   * files are the owner's.
   */
  DROPBOX
}
