package org.spooldir;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All there is to know of one job.
 *
 * @param snapshot its state when it was read
 * @param attributes its attributes; unmodifiable
 * @param key its dedup key, if any
 * @param payload its payload; opening it fails once the job has left the spool. If it is damaged,
 *     all the bytes there are can be read, and then, in place of the end, comes a {@link
 *     CorruptEntryException}
 * @param failures its failed attempts, oldest first
 * @since 0.1
 */
public record JobRecord(
    JobSnapshot snapshot,
    Map<String, String> attributes,
    Optional<String> key,
    Payload payload,
    List<Failure> failures) {

  /** Copies the collections. */
  public JobRecord {
    failures = List.copyOf(failures);
  }

  /** Of a job that cannot be read: no attributes, and a payload whose opening throws this. */
  public static JobRecord unreadable(JobSnapshot snapshot, SpoolException why) {
    Payload payload =
        () -> {
          throw why;
        };
    return new JobRecord(snapshot, Map.of(), Optional.empty(), payload, List.of());
  }
}
