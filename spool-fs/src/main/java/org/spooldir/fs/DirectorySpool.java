package org.spooldir.fs;

import java.io.IOException;
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
import org.jspecify.annotations.Nullable;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.Payload;
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

  /** Spools of whose file system this process was warned. */
  private static final Set<Path> WARNED = ConcurrentHashMap.newKeySet();

  private final Site site;
  private final boolean weak;
  private final DirectoryInspector inspector;
  private final DedupKeys keys;
  private final Enqueuer enqueuer;
  private final EntryWriter writer;
  private volatile @Nullable WorkerSide workerSide; // null until a worker or an operator comes
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
   * @param options what this process wants; what the spool {@linkplain SpoolOptions remembers} wins
   * @throws SpoolFormatException if there is none, or none that this version can use; says what to
   *     do
   * @throws SpoolException if it cannot be read
   */
  public static DirectorySpool open(Path directory, SpoolOptions options) throws SpoolException {
    return open(directory, options, Ground.of(directory));
  }

  static DirectorySpool open(Path directory, SpoolOptions asked, Ground ground)
      throws SpoolException {
    Path root = realPath(directory);
    SpoolLayout layout = SpoolLayout.open(ground.ops(), root);
    SpoolOptions options = layout.format().applyTo(asked);
    boolean weak = FileSystemCheck.isWeak(root);
    if (weak && options.durability() != Durability.FULL && WARNED.add(root)) {
      Log.LOG.log(
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
    SpoolLayout layout = SpoolCreation.create(ground.ops(), directory, SpoolFormat.of(options));
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

  /**
   * The id of the job whose entry has this name, as {@code ls} shows it. Given an id, it is that.
   *
   * @throws IllegalArgumentException if the text can be neither; names of other programs'
   *     deliveries that are not plain ASCII are among them
   */
  public static JobId idOf(String entryName) {
    return EntryName.idIn(entryName);
  }

  /**
   * The file in which the payload of a claim stands: for programs that want a file and not a
   * stream. It begins with the header if the job has attributes or a key; the payload is the last
   * {@link Payload#size} bytes. It may be read, and nothing else. Of a job that another user
   * dropped into a drop box it is the copy that was checked. It is there until the claim is settled
   * or lost.
   *
   * @return the absolute path, or empty for a payload that is not from a claim on a directory spool
   */
  public static Optional<Path> file(Payload payload) {
    return payload instanceof EntryReader.Body body ? Optional.of(body.file()) : Optional.empty();
  }

  // ---- wiring ----

  private DirectorySpool(SpoolLayout layout, SpoolOptions options, Ground ground, boolean weak) {
    this.site = Site.of(layout, options, ground);
    this.weak = weak;
    inspector = new DirectoryInspector(site.ops(), layout);
    keys = new DedupKeys(site, inspector);
    writer = new EntryWriter(site);
    enqueuer = new Enqueuer(site, writer, keys, inspector);
  }

  private WorkerSide workerSide() {
    requireOpen();
    WorkerSide made = workerSide;
    return made == null ? makeWorkerSide() : made;
  }

  private synchronized WorkerSide makeWorkerSide() {
    requireOpen(); // RACE: closed in the meantime; nobody would close what is made now
    WorkerSide made = workerSide; // RACE: another thread was faster
    if (made == null) {
      made = new WorkerSide(site, inspector, keys, weak);
      workerSide = made;
    }
    return made;
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

  /**
   * Hands in files by moving them: each becomes a job by one rename, from its place into the spool.
   * Whatever kills the process, each file is either where it was or a job, never both and never
   * neither; so a caller that is killed goes on with the files that are still there. That is what
   * {@link Payload#adopt} cannot promise, which keeps the old name until the job is durable. A
   * power cut can break it only on file systems where a rename without a journal can lose the file.
   *
   * <p>The file is the payload, whole, without attributes; its mode and owner stay. Nobody may
   * write to it any more.
   *
   * @param files regular files on the file system of the spool
   * @return the ids, in the order of the files
   * @throws SpoolException if one cannot be read or moved: it and those behind it stay where they
   *     are; {@link SpoolException#enqueued} lists those before it, which are in
   * @throws org.spooldir.EnqueueUncertainException if they are in, but may not be durable
   */
  public List<JobId> moveIn(Collection<Path> files) throws SpoolException {
    requireOpen();
    return new Intake(site, writer).moveIn(files);
  }

  @Override
  public Optional<Claim> claim() throws SpoolException {
    return workerSide().claim().map(claim -> claim);
  }

  @Override
  public Optional<Claim> claim(Duration wait) throws SpoolException, InterruptedException {
    WorkerSide worker = workerSide();
    LongSupplier nanoTime = site.nanoTime();
    Duration poll = site.options().poll();
    long start = nanoTime.getAsLong();
    while (true) {
      if (Thread.interrupted()) {
        throw new InterruptedException("while waiting for a job");
      }
      Optional<DirectoryClaim> claim = worker.claim();
      Duration left = wait.minusNanos(nanoTime.getAsLong() - start);
      if (claim.isPresent() || left.isNegative() || left.isZero() || !open) {
        return claim.map(held -> held);
      }
      worker.await(left.compareTo(poll) < 0 ? left : poll);
    }
  }

  @Override
  public SpoolInspector inspector() {
    requireOpen();
    return inspector;
  }

  @Override
  public SpoolMaintenance maintenance() {
    return workerSide().maintenance();
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  /** The id under which this process claims; empty before its first claim. */
  Optional<String> workerId() {
    WorkerSide worker = workerSide;
    return Optional.ofNullable(worker == null ? null : worker.workerId());
  }

  private void requireOpen() {
    if (!open) {
      throw new IllegalStateException(
          "the spool " + FileNames.escape(site.layout().root()) + " is closed");
    }
  }

  /**
   * The first call closes it; others return at once. They may come from a listener that somebody
   * waits for who closes it.
   */
  @Override
  public void close() throws SpoolException {
    WorkerSide worker;
    synchronized (this) {
      if (!open) {
        return;
      }
      open = false;
      worker = workerSide;
    }
    try {
      if (worker != null) {
        worker.close();
      }
    } catch (IOException e) {
      throw Diagnosis.of("close", site.layout().root(), null, InSpool.YES, e);
    } finally {
      site.syncs().forces().close();
    }
  }
}
