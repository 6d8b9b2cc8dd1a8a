package org.spooldir;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Looks into a spool and changes nothing, ever. It needs read permission only. Jobs move while one
 * looks: a job that changes its state during a listing may be listed twice or not at all; absence
 * from one listing proves nothing.
 *
 * @since 0.1
 */
public interface SpoolInspector {

  /**
   * Lists the jobs in these states, in no particular order, as a stream that does not hold them
   * all; close it.
   *
   * @throws SpoolException if the spool cannot be listed; a failure while the stream is read is an
   *     {@link UncheckedIOException}
   */
  Stream<JobSnapshot> list(Set<JobState> states) throws SpoolException;

  /**
   * Finds one job, in whatever state.
   *
   * @throws SpoolException if the spool cannot be listed
   */
  Optional<JobSnapshot> find(JobId id) throws SpoolException;

  /**
   * Reads one job, in whatever state: attributes, payload, failures. A job that is damaged so that
   * its header cannot be read has no attributes; opening its payload throws {@link
   * CorruptEntryException}. If there are failures that the reader has no permission to read, one
   * that says so stands in their place.
   *
   * @throws SpoolException if the spool cannot be read
   */
  Optional<JobRecord> read(JobId id) throws SpoolException;

  /**
   * Reads the jobs in these states, one after the other, as {@link #list} lists them and {@link
   * #read} reads each; faster than the two where there are many. A job that cannot be read, for
   * want of a permission for instance, keeps nobody from the others: it is {@linkplain
   * JobRecord#unreadable told as such}, and opening its payload throws why. Close it.
   *
   * @throws SpoolException if the spool cannot be listed; a failure while the stream is read is an
   *     {@link UncheckedIOException}
   */
  default Stream<JobRecord> records(Set<JobState> states) throws SpoolException {
    return list(states)
        .flatMap(
            job -> {
              try {
                return read(job.id()).stream();
              } catch (SpoolException e) {
                return Stream.of(JobRecord.unreadable(job, e));
              }
            });
  }

  /**
   * The failed attempts of a job, oldest first, without looking for the job itself; none if it
   * never failed, or is gone.
   *
   * @throws SpoolException if they cannot be read
   */
  List<Failure> failures(JobId id) throws SpoolException;

  /**
   * Counts the spool, in memory that does not grow with it.
   *
   * @throws SpoolException if the spool cannot be listed
   */
  SpoolStats stats() throws SpoolException;
}
