package org.spooldir.fs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.spooldir.fs.CutFileSystem.Cut;
import org.spooldir.fs.CutPromise.Circumstances;

/**
 * One disk that lives through many power cuts, and the processes that use it.
 *
 * <p>One child process serves many cuts: it lets go of the spool after each, as nothing may keep
 * the mount busy, and opens it again under the next mount. What it held in memory of the time
 * before the cut it has thrown away by then, but it is one JVM. That the kernel's memory is gone is
 * certain, and only that matters to what is durable; that a new process finds its way is shown by
 * the judge, who is one, and by the soaks, of which each begins with a new child and ends with its
 * {@code kill -9}.
 */
final class CutLife implements AutoCloseable {

  private static final int MOST_STEPS = 150;
  private static final int MOST_MICROS = 3_000;

  private final CutFileSystem fs;
  private final Durability asked;
  private final String mutant;
  private final CutRoom room;
  private CutDisk disk;
  private CutChild child;
  private int cuts;
  private int brokenCuts;
  private CutPromise.Verdict verdict = CutPromise.Verdict.NOTHING;

  /** A new disk, which will be used at this level. */
  CutLife(CutRoom room, CutFileSystem fs, Durability level, Optional<Mutant> mutant)
      throws IOException {
    this.room = room;
    this.fs = fs;
    this.asked = level;
    this.mutant = mutant.map(Mutant::name).orElse(CutMain.NO_MUTANT);
    this.disk = CutDisk.fresh(room, fs);
    this.child = new CutChild();
  }

  int cuts() {
    return cuts;
  }

  /** After how many of them a promise was not kept. */
  int brokenCuts() {
    return brokenCuts;
  }

  /** All that was seen until now. */
  CutPromise.Verdict verdict() {
    return verdict;
  }

  /** The power fails right after the last verb of an act was acknowledged. */
  void cutAfter(CutAct act, boolean foreignFsync) throws IOException {
    orElseOnAnotherDisk(() -> cutOnceAfter(act, foreignFsync));
  }

  private void cutOnceAfter(CutAct act, boolean foreignFsync) throws IOException {
    Path root = open(act.retains);
    child.tell("do " + act.verbs);
    if (foreignFsync) {
      disk.foreignFsync();
    }
    disk.cut();
    List<CutStep> steps = child.takeSteps();
    child.tell("abandon");
    judge(
        act + (foreignFsync ? ", then a foreign fsync" : ""),
        root,
        steps,
        Circumstances.ONE_BY_ONE);
  }

  /** The power fails at a random moment while two producers and two workers are busy. */
  void cutInTheMiddle(SplittableRandom random) throws IOException {
    orElseOnAnotherDisk(() -> cutOnceInTheMiddle(random));
  }

  private void cutOnceInTheMiddle(SplittableRandom random) throws IOException {
    Path root = open(false);
    // Without a journal no key is safe while many are at work, see docs/filesystems.md.
    child.tell("soak " + random.nextLong() + (fs.isWeak() ? " enqueue" : " keyed"));
    child.awaitSteps(1 + random.nextInt(MOST_STEPS));
    spin(random.nextInt(MOST_MICROS));
    child.powerFails();
    if (fs.cut == Cut.COPY) {
      child.stop(); // a copy takes a moment, in which the disk must stand still
    }
    disk.cut();
    child.kill();
    List<CutStep> steps = child.takeSteps();
    child = new CutChild();
    judge(
        "soak",
        root,
        steps,
        fs.isWeak() ? Circumstances.MANY_AT_WORK_WITHOUT_JOURNAL : Circumstances.MANY_AT_WORK);
  }

  /** A moment that has nothing to do with the lines that were read. */
  private static void spin(int micros) {
    long until = System.nanoTime() + micros * 1_000L;
    while (System.nanoTime() - until < 0) {
      Thread.onSpinWait();
    }
  }

  private Path open(boolean retains) throws IOException {
    Path root = disk.mountPoint().resolve(retains ? "retaining" : "spool");
    child.tell("open " + root + " " + asked + " " + mutant + " " + retains);
    return root;
  }

  private void judge(String act, Path root, List<CutStep> steps, Circumstances circumstances)
      throws IOException {
    disk.mountAgain();
    cuts++;
    Durability level = fs.isWeak() ? Durability.FULL : asked; // as open forces it
    CutPromise.Verdict seen = CutPromise.judge(level, circumstances, root, steps);
    brokenCuts += seen.complaints().isEmpty() ? 0 : 1;
    verdict = verdict.plus(seen.saying(fs.title + ", " + asked + ", " + act + ": "));
    disk.sync(); // the judge's own steps are not on trial
  }

  private interface Attempt {
    void begin() throws IOException;
  }

  /**
   * The same again on another disk if the kernel does not know its own file system any more: what a
   * spool promises is of what can be mounted. Once in a room, for it must not become a habit.
   */
  private void orElseOnAnotherDisk(Attempt attempt) throws IOException {
    try {
      attempt.begin();
    } catch (CutDisk.RefusedException e) {
      room.excuse(fs.title + ", " + asked, e);
      CutDisk broken = disk;
      disk = CutDisk.fresh(room, fs);
      leave(broken);
      attempt.begin();
    }
  }

  private static void leave(CutDisk disk) throws IOException {
    disk.close();
    CutRoom.vacate(disk.image());
  }

  @Override
  public void close() throws IOException {
    child.close();
    leave(disk);
  }
}
