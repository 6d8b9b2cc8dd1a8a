package org.spooldir.fs;

import java.util.ArrayList;
import java.util.List;

/**
 * How a promise was broken.
 *
 * @param scenario who did what
 * @param broken the promise, and what was seen instead
 * @param steps {@code "worker, claim: rename new/J1 cur/…"}, in the order in which they were made
 * @param crash when what happened
 * @param disk what was left, a line each
 */
record Counterexample(
    String scenario, String broken, List<String> steps, String crash, List<String> disk) {

  @Override
  public String toString() {
    Shorthand shorthand = new Shorthand();
    List<String> lines = new ArrayList<>();
    lines.add(scenario + ": " + shorthand.of(broken.strip()));
    lines.add("  what was done:");
    shorthand.all(steps).forEach(step -> lines.add("    " + step));
    lines.add("  then: " + crash);
    lines.add("  what the disk held:");
    shorthand.all(disk).forEach(line -> lines.add("    " + line));
    return String.join("\n", lines);
  }
}
