package org.spooldir.cli;

/**
 * What a Nagios plugin says, from the best to the worst: known to be bad comes behind not known.
 */
enum Verdict {
  OK(0),
  UNKNOWN(3),
  WARNING(1),
  CRITICAL(2);

  private final int exitCode;

  Verdict(int exitCode) {
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }

  /** The one of two that an operator has to hear. */
  Verdict orWorse(Verdict other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
