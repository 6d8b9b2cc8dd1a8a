package org.spooldir.fs;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.Spool;
import org.spooldir.SpoolException;
import org.spooldir.SpoolException.InSpool;
import org.spooldir.SpoolFormatException;
import org.spooldir.SpoolInspector;
import org.spooldir.SpoolMaintenance;

/**
 * A spool that is a directory. Every job is a file, whose name is its state; every change of state
 * is one rename, and whoever renames the exact name that he knows has won. There are no locks and
 * no index: {@code ls} tells the state of every job, {@code cat} reads it.
 *
 * <pre>{@code
 * try (Spool spool = DirectorySpool.openOrCreate(Path.of("/var/spool/thumbnails"))) {
 *   JobId id = spool.enqueue(Job.of(Path.of("42.png")).attribute("size", "128").priority(7));
 * }
 * }</pre>
 *
 * <p>Any number of processes use the same directory; any Maildir program may deliver into it. See
 * {@code docs/protocol.md} for every step and what a crash leaves behind, {@code docs/format.md}
 * for the names.
 *
 * @since 0.1
 */
public final class DirectorySpool implements Spool {

  private static final Logger LOG = System.getLogger("org.spooldir.fs");

  /** Spools of whose file system this process was warned. */
  private static final Set<Path> WARNED = ConcurrentHashMap.newKeySet();

  private final Events events;
  private final LongSupplier nanoTime;
  private final Duration poll;
  private final Enqueuer enqueuer;
  private final Candidates candidates;
  private final DelayedJobs delayed;
  private final Presence presence;
  private final Claimer claimer;
  private final WorkerSide workerSide;
  private final DirectoryInspector inspector;
  private final SpoolMaintenance maintenance;
  private final Path root;
  private volatile boolean open = true;

  // ---- opening ----

  /**
   * Opens a spool that exists, with {@linkplain SpoolOptions#DEFAULTS default options}.
   *
   * @throws SpoolFormatException if there is none, or none that this version can use; says what to
   *     do
   * @throws SpoolException if it cannot be read
   */
  public static DirectorySpool open(Path directory) throws SpoolException {
    return open(directory, SpoolOptions.DEFAULTS);
  }

  /**
   * Opens a spool that exists.
   *
   * @throws SpoolFormatException if there is none, or none that this version can use; says what to
   *     do
   * @throws SpoolException if it cannot be read
   */
  public static DirectorySpool open(Path directory, SpoolOptions options) throws SpoolException {
    return open(directory, options, Ground.of(directory));
  }

  static DirectorySpool open(Path directory, SpoolOptions options, Ground ground)
      throws SpoolException {
    Path root = realPath(directory);
    SpoolLayout layout = SpoolLayout.open(ground.ops(), root);
    boolean weak = FileSystemCheck.isWeak(root);
    if (weak && options.durability() != Durability.FULL && WARNED.add(root)) {
      LOG.log(
          Level.WARNING,
          "{0}: on this file system a rename that was not forced can lose the file when the power fails;"
              + " using durability FULL instead of {1}. Use ext4 with a journal, xfs or btrfs.",
          FileNames.escape(root),
          options.durability());
    }
    return new DirectorySpool(
        layout, weak ? options.durability(Durability.FULL) : options, ground, weak);
  }

  private static Path realPath(Path directory) throws SpoolException {
    try {
      return directory.toRealPath();
    } catch (NoSuchFileException e) {
      return directory.toAbsolutePath();
    } catch (IOException e) {
      throw Diagnosis.of("open", directory, null, InSpool.NO, e);
    }
  }

  /**
   * Makes a new spool and opens it.
   *
   * @param directory absent, empty, or what an earlier creation left that was cut off
   * @throws SpoolFormatException if something else is there, a spool too
   * @throws SpoolException if it cannot be made
   */
  public static DirectorySpool create(Path directory, SpoolOptions options) throws SpoolException {
    Ground ground = Ground.of(directory);
    SpoolCreation.requireUnused(ground.ops(), directory);
    return make(directory, options, ground);
  }

  /**
   * Opens a spool, and makes it first if there is none, with {@linkplain SpoolOptions#DEFAULTS
   * default options}.
   *
   * @throws SpoolFormatException if something else is there
   * @throws SpoolException if it cannot be made or read
   */
  public static DirectorySpool openOrCreate(Path directory) throws SpoolException {
    return openOrCreate(directory, SpoolOptions.DEFAULTS);
  }

  /**
   * Opens a spool, and makes it first if there is none. Any number of processes may do so at once.
   *
   * @throws SpoolFormatException if something else is there
   * @throws SpoolException if it cannot be made or read
   */
  public static DirectorySpool openOrCreate(Path directory, SpoolOptions options)
      throws SpoolException {
    FileOps ops = Ground.of(directory).ops();
    if (!SpoolLayout.exists(ops, directory)) {
      try {
        return create(directory, options);
      } catch (SpoolFormatException e) {
        if (!SpoolLayout.exists(ops, directory)) {
          throw e;
        }
        // RACE: another process made it in the meantime, and may use it already.
      }
    }
    return open(directory, options);
  }

  /**
   * Makes a spool out of a plain Maildir and opens it. The mail in {@code new/} is ready at once;
   * what a mail reader has moved to {@code cur/} comes back after a lease. The Maildir stays one:
   * mail programs go on delivering.
   *
   * @param maildir a directory with {@code tmp}, {@code new} and {@code cur}
   * @throws SpoolFormatException if it is a spool already, or no Maildir
   * @throws SpoolException if it cannot be made or read
   */
  public static DirectorySpool adopt(Path maildir, SpoolOptions options) throws SpoolException {
    Ground ground = Ground.of(maildir);
    SpoolCreation.requireMaildir(ground.ops(), maildir);
    return make(maildir, options, ground);
  }

  private static DirectorySpool make(Path directory, SpoolOptions options, Ground ground)
      throws SpoolException {
    SpoolLayout layout = SpoolCreation.create(ground.ops(), directory, options.separator());
    try {
      new Reserve(ground.ops(), layout, options.reserve()).restore();
    } catch (IOException e) {
      throw Diagnosis.of("create", layout.reserve(), null, InSpool.NO, e);
    }
    return open(directory, options, ground);
  }

  /**
   * Looks into a spool directory, or a plain Maildir, without opening it: read permission is
   * enough, and nothing is changed.
   *
   * @throws SpoolException if there is no such directory, or its format is newer
   */
  public static SpoolInspector inspect(Path directory) throws SpoolException {
    FileOps ops = NioFileOps.on(directory);
    return new DirectoryInspector(ops, SpoolLayout.look(ops, realPath(directory)));
  }

  // ---- wiring ----

  private DirectorySpool(SpoolLayout layout, SpoolOptions options, Ground ground, boolean weak) {
    Site site = Site.of(layout, options, ground);
    FileOps ops = site.ops();
    WorkerIdentity self = WorkerIdentity.ofThisProcess(options.lease());
    FailureLog log = new FailureLog(ops, layout);
    inspector = new DirectoryInspector(ops, layout);
    DedupKeys keys = new DedupKeys(site, inspector::isThere);
    events = site.events();
    nanoTime = site.nanoTime();
    poll = options.poll();
    root = layout.root();

    // a job's way in
    enqueuer = new Enqueuer(site, new EntryWriter(site), keys);

    // into a worker's hands, and out of them
    candidates = new Candidates(site);
    presence = new Presence(site, self);
    claimer = new Claimer(site, candidates, presence, new Settler(site, log, keys));

    // back, if the worker dies
    delayed = new DelayedJobs(site);
    Recoverer recoverer =
        new Recoverer(site, new DeadWorkers(site, self), delayed, new Sweeper(site), weak);
    FileSystemClock fileSystemClock = new FileSystemClock(ops, layout);
    workerSide = new WorkerSide(site, presence, recoverer, candidates, delayed, fileSystemClock);

    // for operators
    maintenance =
        new DirectoryMaintenance(
            site, inspector, log, keys, fileSystemClock, workerSide::recoverNow);
  }

  // ---- use ----

  @Override
  public JobId enqueue(Job job) throws SpoolException {
    return enqueueAll(List.of(job)).get(0);
  }

  @Override
  public List<JobId> enqueueAll(Collection<Job> jobs) throws SpoolException {
    requireOpen();
    return enqueuer.enqueue(jobs);
  }

  @Override
  public Optional<Claim> claim() throws SpoolException {
    requireOpen();
    return claimNow();
  }

  @Override
  public Optional<Claim> claim(Duration wait) throws SpoolException, InterruptedException {
    requireOpen();
    long start = nanoTime.getAsLong();
    while (true) {
      if (Thread.interrupted()) {
        throw new InterruptedException("while waiting for a job");
      }
      Optional<Claim> claim = claimNow();
      Duration left = wait.minusNanos(nanoTime.getAsLong() - start);
      if (claim.isPresent() || left.isNegative() || left.isZero() || !open) {
        return claim;
      }
      candidates.await(delayed.untilDue(left.compareTo(poll) < 0 ? left : poll));
    }
  }

  private Optional<Claim> claimNow() throws SpoolException {
    workerSide.start();
    try {
      delayed.promoteDue(); // R4
    } catch (IOException e) {
      events.trouble(
          "cannot make due jobs ready in " + FileNames.escape(root),
          e); // the ready ones are to be had
    }
    return claimer.claim().map(claim -> claim);
  }

  @Override
  public SpoolInspector inspector() {
    requireOpen();
    return inspector;
  }

  @Override
  public SpoolMaintenance maintenance() {
    requireOpen();
    return maintenance;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  /** The id under which this process claims; empty before its first claim. */
  Optional<String> workerId() {
    return Optional.ofNullable(presence.id());
  }

  private void requireOpen() {
    if (!open) {
      throw new IllegalStateException("the spool " + FileNames.escape(root) + " is closed");
    }
  }

  @Override
  public synchronized void close() throws SpoolException {
    if (!open) {
      return;
    }
    open = false;
    try {
      workerSide.close();
    } catch (IOException e) {
      throw Diagnosis.of("close", root, null, InSpool.YES, e);
    }
  }
}
