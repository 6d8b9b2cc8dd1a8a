package org.spooldir;

import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Moves jobs along, for operators. Each job is moved by one atomic step, or not at all if a worker
 * was faster; ids that are not found in a state to which the operation applies are reported, not
 * thrown. Jobs in workers' hands are never touched. The id of a job that another program delivered
 * changes once, when it is first moved.
 *
 * @since 0.1
 */
public interface SpoolMaintenance {

  /**
   * Does once, now, what recovery does by itself wherever somebody claims: declares dead workers
   * dead and brings back their claims, makes due jobs ready, clears away what dead producers left.
   *
   * @throws SpoolException if the storage fails; what was done until then stands
   */
  RecoveryReport recover() throws SpoolException;

  /**
   * Parks ready and delayed jobs.
   *
   * @throws SpoolException if the storage fails; what was done until then stands
   */
  MaintenanceReport hold(Collection<JobId> ids) throws SpoolException;

  /**
   * Lets held jobs go on: to ready, or to delayed if their time has not come.
   *
   * @throws SpoolException if the storage fails; what was done until then stands
   */
  MaintenanceReport unhold(Collection<JobId> ids) throws SpoolException;

  /**
   * Makes failed and done jobs ready again, with all their attempts before them. Their failures
   * stay on record.
   *
   * @throws SpoolException if the storage fails; what was done until then stands
   */
  default MaintenanceReport requeue(Collection<JobId> ids) throws SpoolException {
    return requeue(ids, EnumSet.of(JobState.FAILED, JobState.DONE));
  }

  /**
   * Makes jobs ready again that are in one of these states when it comes to them. One that was
   * failed when somebody looked may have been requeued and done by now.
   *
   * @param states {@link JobState#FAILED}, {@link JobState#DONE} or both
   * @throws IllegalArgumentException if another one is among them
   * @throws SpoolException if the storage fails; what was done until then stands
   */
  MaintenanceReport requeue(Collection<JobId> ids, Set<JobState> states) throws SpoolException;

  /**
   * Makes delayed jobs ready now.
   *
   * @throws SpoolException if the storage fails; what was done until then stands
   */
  MaintenanceReport retryNow(Collection<JobId> ids) throws SpoolException;

  /**
   * Deletes ready, delayed, held, failed and done jobs.
   *
   * @throws SpoolException if the storage fails; what was done until then stands
   */
  default MaintenanceReport discard(Collection<JobId> ids) throws SpoolException {
    return discard(ids, EnumSet.complementOf(EnumSet.of(JobState.CLAIMED)));
  }

  /**
   * Deletes jobs that are in one of these states when it comes to them. A job that was delayed when
   * somebody looked may be ready by now.
   *
   * @throws IllegalArgumentException if {@link JobState#CLAIMED} is among them: those are in
   *     workers' hands
   * @throws SpoolException if the storage fails; what was done until then stands
   */
  MaintenanceReport discard(Collection<JobId> ids, Set<JobState> states) throws SpoolException;

  /**
   * Deletes failed or done jobs that have been so for longer than this.
   *
   * @param state {@link JobState#FAILED} or {@link JobState#DONE}
   * @param olderThan how long ago they came into that state, at least, by the clock of the storage
   * @return how many were deleted
   * @throws IllegalArgumentException if the state is another one
   * @throws SpoolException if the storage fails; what was done until then stands
   */
  long purge(JobState state, Duration olderThan) throws SpoolException;

  /**
   * Lists what {@link #purge} would delete now, as a stream that does not hold it all; close it.
   * Changes nothing, and so goes by the clock of this process.
   *
   * @param state {@link JobState#FAILED} or {@link JobState#DONE}
   * @param olderThan how long ago they came into that state, at least
   * @throws IllegalArgumentException if the state is another one
   * @throws SpoolException if the spool cannot be listed; a failure while the stream is read is an
   *     {@link java.io.UncheckedIOException}
   */
  Stream<JobSnapshot> purgeable(JobState state, Duration olderThan) throws SpoolException;
}
