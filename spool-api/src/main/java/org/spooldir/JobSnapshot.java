package org.spooldir;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a look at the spool tells of one job, without opening it.
 *
 * @param id the job's id
 * @param state where it stood
 * @param priority 0 to 9; 9 is served first
 * @param attempts how often it has been claimed so far, the present claim included; released claims
 *     are not counted
 * @param size the stored bytes, attributes included, as the producer declared them; empty if it did
 *     not
 * @param enqueuedAt when it was handed in, by the producer's clock, where the name tells
 * @param due when it may be claimed, if it waits for a time
 * @param claimedAt when it was claimed, by the worker's clock, if it is claimed
 * @param worker the id of the worker process that has it, if it is claimed
 * @param host the host of the producer, escaped as stored, where the name tells
 * @param foreign whether another program's delivery wrote it
 * @since 0.1
 */
public record JobSnapshot(
    JobId id,
    JobState state,
    int priority,
    int attempts,
    OptionalLong size,
    Optional<Instant> enqueuedAt,
    Optional<Instant> due,
    Optional<Instant> claimedAt,
    Optional<String> worker,
    Optional<String> host,
    boolean foreign) {}
