package org.spooldir.cli;

import java.time.Duration;
import java.util.Optional;

/** What {@code spool stat --check} can be told to look at. */
enum Threshold {
  AGE("age", "DURATION", "the oldest ready job has waited longer than this."),
  COUNT("count", "N", "more jobs than this are ready."),
  FAILED("failed", "N", "there are more dead letters than this.");

  /** How much is too much; a limit that was not given is never passed. */
  record Limits(long warn, long crit) {

    boolean areGiven() {
      return warn != Long.MAX_VALUE || crit != Long.MAX_VALUE;
    }

    Verdict verdict(long value) {
      if (value > crit) {
        return Verdict.CRITICAL;
      }
      return value > warn ? Verdict.WARNING : Verdict.OK;
    }

    /** The limit that this value is above, the higher one; empty if it is above none. */
    Optional<Long> above(long value) {
      if (value > crit) {
        return Optional.of(crit);
      }
      return value > warn ? Optional.of(warn) : Optional.empty();
    }
  }

  private final String name;
  private final String label;
  private final String isAbove;

  Threshold(String name, String label, String isAbove) {
    this.name = name;
    this.label = label;
    this.isAbove = isAbove;
  }

  String warn() {
    return "--warn-" + name;
  }

  String crit() {
    return "--crit-" + name;
  }

  /** What stands for its value. */
  String label() {
    return label;
  }

  /** When it is passed: the end of a sentence. */
  String isAbove() {
    return isAbove;
  }

  /** Reads the limits: numbers, and of ages milliseconds. */
  Limits limits(Arguments arguments) {
    Limits limits = new Limits(read(arguments, warn()), read(arguments, crit()));
    if (limits.warn() > limits.crit()
        && limits.crit() != Long.MAX_VALUE
        && limits.warn() != Long.MAX_VALUE) {
      throw new UsageException(crit() + " must not be below " + warn());
    }
    return limits;
  }

  private long read(Arguments arguments, String option) {
    if (this != AGE) {
      return arguments.number(option, 0, Long.MAX_VALUE, Long.MAX_VALUE);
    }
    Optional<Duration> duration = arguments.duration(option);
    try {
      return duration.isPresent() ? duration.get().toMillis() : Long.MAX_VALUE;
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE; // longer than any clock runs
    }
  }
}
