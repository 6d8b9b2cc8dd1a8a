package org.spooldir;

import java.io.Serializable;

/**
 * Names one job for as long as it is in the spool; no two jobs ever share one.
 *
 * <p>The text is printable ASCII, 1 to 200 characters, without a slash: it can stand in a log line,
 * a file name and a shell argument (quoted). It has no meaning beyond equality; {@link #compareTo}
 * orders by text.
 *
 * @param value the text of the id
 * @since 0.1
 */
public record JobId(String value) implements Comparable<JobId>, Serializable {

  /** Longest text of an id, in characters. */
  public static final int MAX_LENGTH = 200;

  /**
   * Checks the text.
   *
   * @throws IllegalArgumentException if {@code value} cannot be the id of a job
   */
  public JobId {
    if (value.isEmpty() || value.length() > MAX_LENGTH || value.charAt(0) == '.') {
      throw new IllegalArgumentException(
          "not a job id (1 to " + MAX_LENGTH + " characters, no dot first): " + value);
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c <= ' ' || c > '~' || c == '/') {
        throw new IllegalArgumentException(
            "not a job id (character " + i + " is no printable ASCII, or a slash)");
      }
    }
  }

  @Override
  public int compareTo(JobId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
