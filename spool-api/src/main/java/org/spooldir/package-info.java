/**
 * A durable job queue: what producers, workers and operators may rely on, whatever engine keeps it.
 *
 * <p>A producer hands in a {@link org.spooldir.Job}; when {@link org.spooldir.Spool#enqueue}
 * returns, the job is on disk, whole. A worker takes a {@link org.spooldir.Claim} on one job,
 * works, and settles the claim in one of four ways: complete, retry, release, reject. An operator
 * looks with {@link org.spooldir.SpoolInspector}, which changes nothing, and moves jobs along with
 * {@link org.spooldir.SpoolMaintenance}.
 *
 * <p>Delivery is at least once: a job whose worker died is offered again. A handler should
 * therefore be idempotent. The order is priority, then roughly first in, first out; with a single
 * worker it is exact.
 *
 * <p>Reading order: {@link org.spooldir.Job}, {@link org.spooldir.Spool}, {@link
 * org.spooldir.Claim}, {@link org.spooldir.SpoolException}, then the inspector and the maintenance.
 * {@link org.spooldir.Spools} opens a spool of whatever engine by its URI. {@code
 * org.spooldir.worker} runs handlers on top.
 */
@NullMarked
package org.spooldir;

import org.jspecify.annotations.NullMarked;
