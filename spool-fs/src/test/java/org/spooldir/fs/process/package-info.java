/**
 * Tests with real processes: children that are killed, stopped, shut in namespaces, and that race.
 *
 * <p>{@link org.spooldir.fs.process.Processes} is the fixture. It starts children, each a JVM of
 * its own with one of the mains here, and kills them after the test. A child writes down what it
 * does, one {@link org.spooldir.fs.process.Act} a line, right after it did it; {@link
 * org.spooldir.fs.process.ChildProcess} reads that, and {@link org.spooldir.fs.process.Ledger}
 * judges it. {@link org.spooldir.fs.process.Mayhem} kills and stops children at random moments,
 * {@link org.spooldir.fs.process.Strace} at a system call; {@link org.spooldir.fs.process.Heir}
 * goes on where all are dead; {@link org.spooldir.fs.process.PretendedClock} is set. Nothing here
 * knows more than the public API and what {@code ls} tells.
 *
 * <p>What is random follows from one seed, which is printed; {@code -Dspool.seed=N} repeats it as
 * far as the scheduler lets it.
 */
package org.spooldir.fs.process;
