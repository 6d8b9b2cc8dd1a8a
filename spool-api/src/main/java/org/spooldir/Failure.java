package org.spooldir;

import java.time.Instant;

/**
 * One failed attempt at a job.
 *
 * @param at when it was recorded, by the worker's clock, to the millisecond
 * @param attempt which attempt it was, from 1
 * @param worker the id of the worker process
 * @param reason what the worker said
 * @since 0.1
 */
public record Failure(Instant at, int attempt, String worker, String reason) {}
