package org.spooldir.examples;

import java.util.List;
import java.util.Optional;

/**
 * What a child process tells the coordinator: one line on its standard output, words separated by
 * tabs. A process that is killed may owe its last lines, or break off in the middle of one: what
 * must be exact is not counted from workers' reports.
 *
 * @param verb what happened
 * @param words more about it, as many as the verb has
 */
record Report(Verb verb, List<String> words) {

  /** What can happen. */
  enum Verb {
    /** A producer handed in a job: its id, the SHA-256 of the file, the path. */
    DROPPED(3),
    /** A producer could not: the path, the reason. */
    SKIPPED(2),
    /** A worker is ready to begin. */
    READY(0),
    /** A worker has a claim, and will say so if it loses it: the id of the job. */
    CLAIMED(1),
    /** A worker completed a job. */
    COMPLETED(0),
    /** An attempt failed, and the job will be offered again. */
    RETRIED(0),
    /** A worker gave a job back at its end. */
    RELEASED(0),
    /** A job became a dead letter: the reason. */
    REJECTED(1),
    /** A worker brought claims of dead workers back: how many. */
    RECOVERED(1),
    /** A worker found that it had lost a claim. */
    LATE(0);

    private final int words;

    Verb(int words) {
      this.words = words;
    }
  }

  private static final String SEPARATOR = "\t";

  /** Tells the coordinator. */
  static void tell(Verb verb, Object... words) {
    StringBuilder line = new StringBuilder(verb.name());
    for (Object word : words) {
      line.append(SEPARATOR).append(String.valueOf(word).replaceAll("\\p{Cntrl}", " "));
    }
    System.out.println(line.append(SEPARATOR)); // the last tab tells that the line is whole
    System.out.flush();
  }

  /** Understands a line; empty if it is none of these, or not whole. */
  static Optional<Report> parse(String line) {
    List<String> words = List.of(line.split(SEPARATOR, -1));
    for (Verb verb : Verb.values()) {
      if (words.get(0).equals(verb.name()) && words.size() == verb.words + 2) {
        return Optional.of(new Report(verb, words.subList(1, words.size() - 1)));
      }
    }
    return Optional.empty();
  }

  /** The i-th word, from 0. */
  String word(int i) {
    return words.get(i);
  }
}
