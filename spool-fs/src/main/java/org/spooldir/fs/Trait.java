package org.spooldir.fs;

/**
 * One thing that a file system can do or cannot do, as far as a spool cares.
 *
 * @param name what was looked at
 * @param value what came out; printable ASCII
 * @param meaning what that means for a spool, in plain words
 * @param fitness what that makes of the file system
 * @since 0.1
 */
public record Trait(String name, String value, String meaning, Fitness fitness) {

  /** Whether a spool can live there; the worst trait decides. */
  public enum Fitness {
    /** As a spool wants it. */
    FIT,
    /** A spool works, with less than all its promises. */
    LIMITED,
    /** A spool does not work. */
    UNFIT
  }
}
