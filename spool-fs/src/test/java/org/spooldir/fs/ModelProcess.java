package org.spooldir.fs;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.Spool;
import org.spooldir.SpoolException;
import org.spooldir.SpoolInspector;
import org.spooldir.SpoolMaintenance;

/**
 * A process that has the spool of a {@link ModelDisk} open: the parts of the product, wired as
 * {@link WorkerSide} does, but for the threads of the background. What those do from time to time,
 * is done here when it is told.
 */
final class ModelProcess implements Spool {

  /** A pid that Linux gives to nobody. */
  private static final long NO_PID = 1L << 40;

  private final DirectoryInspector inspector;
  private final Enqueuer enqueuer;
  private final DelayedJobs delayed;
  private final Presence presence;
  private final Claimer claimer;
  private final Background background;
  private final SpoolMaintenance maintenance;
  private boolean open = true;

  /**
   * Opens the spool.
   *
   * @param build what this build of the product makes of its file system
   * @param boot of the machine it runs on: on the same one, it can be proven to be gone
   * @param number no other process has it
   */
  ModelProcess(
      ModelFileOps model, UnaryOperator<FileOps> build, SpoolOptions asked, String boot, int number)
      throws SpoolException {
    FileOps ops = build.apply(model);
    ModelTime time = model.disk().time;
    SplittableRandom random = new SplittableRandom(number);
    UniqueNames names = new UniqueNames(time, random.split(), number, "host");
    SpoolLayout layout = SpoolLayout.open(ops, Model.ROOT);
    SpoolOptions options = layout.format().applyTo(asked);
    Site site =
        Site.of(
            layout,
            options,
            new Ground(ops, time, time::nanoTime, random.split(), names, Lab.WINDOW));
    WorkerIdentity self =
        new WorkerIdentity("host", boot, "pid:[1]", NO_PID + number, "1", options.lease());
    inspector = new DirectoryInspector(ops, layout);
    DedupKeys keys = new DedupKeys(site, inspector);
    enqueuer = new Enqueuer(site, new EntryWriter(site), keys, inspector);
    FailureLog log = new FailureLog(ops, layout);
    Candidates candidates = new Candidates(site, () -> null);
    presence = new Presence(site, self);
    claimer = new Claimer(site, candidates, presence, new Settler(site, log, keys));
    delayed = new DelayedJobs(site);
    Recoverer recoverer =
        new Recoverer(
            site, new DeadWorkers(site, self, presence), delayed, new Sweeper(site), false);
    FileSystemClock clock = new FileSystemClock(ops, layout, site.reserve());
    background = new Background(site, presence, recoverer, candidates, delayed, clock);
    maintenance =
        new DirectoryMaintenance(site, inspector, log, keys, clock, background::recoverNow);
  }

  /** C0: the first sign of life. */
  void join() throws Exception {
    presence.join();
  }

  /** C4. */
  void beat() throws Exception {
    presence.beat();
  }

  @Override
  public JobId enqueue(Job job) throws SpoolException {
    return enqueueAll(List.of(job)).get(0);
  }

  @Override
  public List<JobId> enqueueAll(Collection<Job> jobs) throws SpoolException {
    return enqueuer.enqueue(jobs);
  }

  @Override
  public Optional<Claim> claim() throws SpoolException {
    try {
      delayed.promoteDue();
    } catch (java.io.IOException e) {
      // the ready ones are to be had
    }
    return claimer.claim().map(claim -> claim);
  }

  @Override
  public Optional<Claim> claim(Duration wait) {
    throw new UnsupportedOperationException("time stands still here");
  }

  @Override
  public SpoolInspector inspector() {
    return inspector;
  }

  @Override
  public SpoolMaintenance maintenance() {
    return maintenance;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() throws SpoolException {
    open = false;
    try {
      background.close();
    } catch (SpoolException e) {
      throw e;
    } catch (java.io.IOException e) {
      throw Diagnosis.of("close", Model.ROOT, null, SpoolException.InSpool.YES, e);
    }
  }
}
