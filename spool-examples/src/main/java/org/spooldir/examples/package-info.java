/**
 * Programs to run and to copy from.
 *
 * <p>Small ones, in reading order: {@link org.spooldir.examples.Hello}, {@link
 * org.spooldir.examples.RetryAndReject}, {@link org.spooldir.examples.Scheduled}, {@link
 * org.spooldir.examples.DedupKey}, {@link org.spooldir.examples.OperatorTour}. Each is one class
 * with a {@code main}, which takes the directory of the spool, or makes one under {@code /tmp}.
 *
 * <p>A whole one: {@link org.spooldir.examples.Archive} compresses a tree of files with several
 * producer and worker processes, kills one worker, stops another for too long, and checks that
 * nothing was lost. It reads in the order of a job's life: {@code ArchiveProducer} ({@code
 * TreeWalk}, {@code TreePath}) hands in, {@code ArchiveWorker} does the work, {@code Archive}
 * stands above them ({@code Children}, {@code Child}, {@code Leash}, {@code Report}, {@code Tally},
 * {@code Progress}, {@code Sabotage}, {@code Standstill}) and has the outcome checked by {@code
 * Verifier} ({@code Manifest}), which leads to the {@code Verdict}.
 *
 * <p>In other languages: {@code interop/} in this module, see {@code docs/interop.md}.
 */
package org.spooldir.examples;
