/**
 * A spool that is a directory: how every promise of {@link org.spooldir} is kept by files and their
 * names.
 *
 * <p>The file's name is its state, a state change is one rename, and rename is the
 * compare-and-swap: whoever renames or unlinks the exact name that he knows has won, and everybody
 * else gets "no such file" and goes on.
 *
 * <pre>
 *            producer                        worker                      operator
 *               |                               |                            |
 *   tmp/ --E4--&gt; new/ ------------C2---------&gt; cur/ --D1 complete--&gt; gone, or done/
 *    |            ^ ^ ^                         | | |
 *    |            | | +---R0, R3, D3 release----+ | +--D4 reject----&gt; failed/ --O3 requeue--&gt; new/
 *    |            | R4                            |
 *    |            | |                             |
 *    +----E4---&gt; delayed/ &lt;-------D2 retry--------+
 *
 *   new/, delayed/ --O1 hold--&gt; held/ --O2 unhold--&gt; new/, delayed/
 * </pre>
 *
 * <table>
 * <caption>What stands in the directory</caption>
 * <tr><th scope="col">name</th><th scope="col">state</th><th scope="col">meaning</th></tr>
 * <tr><td>{@code tmp/}</td><td></td><td>being written; nobody but its writer looks here</td></tr>
 * <tr><td>{@code new/}</td><td>ready</td><td>waits for a worker</td></tr>
 * <tr><td>{@code cur/}</td><td>claimed</td><td>in one worker's hands: {@code w=} says whose</td></tr>
 * <tr><td>{@code delayed/}</td><td>delayed</td><td>waits for its time, {@code u=}</td></tr>
 * <tr><td>{@code held/}</td><td>held</td><td>parked by an operator</td></tr>
 * <tr><td>{@code failed/}</td><td>failed</td><td>a dead letter</td></tr>
 * <tr><td>{@code done/}</td><td>done</td><td>completed, where retention is on</td></tr>
 * <tr><td>{@code errors/}</td><td></td><td>one log per job that failed</td></tr>
 * <tr><td>{@code workers/}</td><td></td><td>one presence per worker process</td></tr>
 * <tr><td>{@code keys/}</td><td></td><td>one directory per dedup key in use</td></tr>
 * <tr><td>{@code spool.format}</td><td></td><td>the marker, written last</td></tr>
 * <tr><td>{@code spool.reserve}</td><td></td><td>given up on a full disk</td></tr>
 * </table>
 *
 * <p>The labels E1 to E5, C0 to C4, D1 to D4, R0 to R5 stand at the steps in the code; {@code
 * docs/protocol.md} says for each which system calls it makes and what a crash leaves. The files
 * read in the order of a job's life:
 *
 * <ol>
 *   <li>{@link org.spooldir.fs.DirectorySpool} opens, and wires the parts together; {@code Ground}
 *       is what all stand on (files, clocks, randomness), {@code Site} is one open spool as its
 *       parts share it; {@link org.spooldir.fs.SpoolOptions}, {@link org.spooldir.fs.Durability},
 *       {@link org.spooldir.fs.Access}; {@link org.spooldir.fs.DirectorySpoolProvider} opens by URI
 *   <li>{@code SpoolLayout} where everything is; {@code SpoolFormat} what a spool remembers; {@code
 *       SpoolCreation} makes it; {@code FileSystemCheck}
 *   <li>{@code EntryName} the grammar, on an {@code EntryNameBase} that never changes; {@code
 *       UniqueNames} makes names, {@code FileNames} turns them into paths and back
 *   <li>{@code EntryWriter} E1, {@code AttributeHeader}; {@code Enqueuer} E1 to E5; {@code
 *       DedupKeys}; {@code Intake} the same for files that are moved in
 *   <li>{@code Candidates} C1: which entry to try next, out of a {@code Window} on {@code
 *       RankedNames}
 *   <li>{@code Claimer} C2 and C3; {@code Admission} and {@code Copies} say what of it a handler
 *       may see, {@code EntryReader}
 *   <li>{@code DirectoryClaim} what a worker holds; {@code Settler} D1 to D4; {@code FailureLog}
 *   <li>{@code Presence} C0 and C4: the sign of life; {@code WorkerIdentity} what it says, {@code
 *       Machine}
 *   <li>{@code DeadWorkers} R0 to R2; {@code Recoverer} R0 and R3; {@code DelayedJobs} R4; {@code
 *       Sweeper} R3 and R5, {@code OrphanLogs}; {@code FileSystemClock}, {@code Pace}
 *   <li>{@code WorkerSide} wires what workers and operators use; {@code Background} what runs in
 *       the background of a process that claims
 *   <li>{@code ArrivalWatcher} a hint that something came
 *   <li>{@code DirectoryInspector} looks and changes nothing; {@code JobSnapshots}
 *   <li>{@code DirectoryMaintenance} what operators do
 *   <li>{@link org.spooldir.fs.SpoolCheck} looks for what is wrong and puts it right, a {@link
 *       org.spooldir.fs.Finding} each: {@code StructureCheck}, {@code EntryCheck} with {@code
 *       NameCheck}, {@code ClaimCheck} and {@code SecondNames}, {@code WorkerCheck}, {@code
 *       KeyCheck}, {@code LogCheck}; {@code Findings} looks again before it tells
 *   <li>{@link org.spooldir.fs.FileSystemExam} tries out a file system, a {@link
 *       org.spooldir.fs.Trait} each: {@code Mount}, {@code FileSystemProbes}
 *   <li>{@code FileOps} the one door to the operating system, {@code NioFileOps} the real one, with
 *       {@code HeldDirectory} and {@code OpenDirectory}; at the door stand {@code Syncs} (which
 *       directories are forced when), {@code SharedForces} and {@code SideBySide} (many waits for
 *       the disk in the time of one), {@code Reserve} (the full disk), {@code Diagnosis} (what an
 *       error means) and {@code Events} (who hears of it)
 * </ol>
 */
@NullMarked
package org.spooldir.fs;

import org.jspecify.annotations.NullMarked;
