package org.spooldir.cli;

/** The exit codes, as in BSD's {@code sysexits.h}. */
final class ExitCode {

  static final int OK = 0;

  /** The command line is wrong. */
  static final int USAGE = 64;

  /** A job is damaged; a command of {@code spool work}: this job can never succeed. */
  static final int DATA = 65;

  /** A file, or a job that was named, is not there. */
  static final int NO_INPUT = 66;

  /** A mistake of this program. */
  static final int SOFTWARE = 70;

  /** Reading or writing failed. */
  static final int IO = 74;

  /** Not now: the disk is full, for instance. Try again later. */
  static final int TEMPORARY = 75;

  /** Not allowed. */
  static final int NO_PERMISSION = 77;

  /** The directory is no spool, or not one that this version can use. */
  static final int CONFIG = 78;

  /** What reads our output has had enough; what a shell shows after SIGPIPE. */
  static final int BROKEN_PIPE = 141;

  /** Each code and what it means, for help and man pages. */
  static final String[][] MEANINGS = {
    {"0", "done"},
    {"64", "the command line is wrong"},
    {"65", "a job is damaged"},
    {"66", "a file, or a job that was named, is not there"},
    {"69", "there is no Java to run with"},
    {"70", "a mistake of this program"},
    {"74", "reading or writing failed"},
    {"75", "not now: try again later (the disk is full, for instance)"},
    {"77", "not allowed"},
    {"78", "no spool, or not one that this version can use"},
    {"141", "what reads the output has had enough"}
  };

  private ExitCode() {}
}
