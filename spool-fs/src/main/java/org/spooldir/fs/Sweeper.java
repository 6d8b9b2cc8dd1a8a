package org.spooldir.fs;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.spooldir.JobState;

/**
 * R5 and the rest of the housekeeping: removes what no job needs. All that it deletes unasked are
 * files of producers that died, second names of one file, keys and logs without a job, and done
 * jobs past their retention.
 */
final class Sweeper {

  /** Nobody takes that long to write a job; the age is Maildir's. */
  static final Duration ABANDONED = Duration.ofHours(36);

  /** Logs looked at in one sweep; the rest has its turn in the next one. */
  private static final int LOGS = 10_000;

  /** Dates that are further away cannot be calculated with. */
  private static final Duration FOR_EVER = Duration.ofDays(365_000);

  private final FileOps ops;
  private final SpoolLayout layout;
  private final Duration retention;

  /** How many logs of a listing have had their turn; the next sweep begins behind them. */
  private int logsSeen;

  Sweeper(Site site) {
    this.ops = site.ops();
    this.layout = site.layout();
    Duration retention = site.options().retention();
    this.retention = retention.compareTo(FOR_EVER) < 0 ? retention : FOR_EVER;
  }

  /**
   * Sweeps once.
   *
   * @param thorough whether to look at every entry for a second name
   * @param now by the clock of the file system
   * @return how many things went
   */
  long sweep(boolean thorough, Instant now) throws IOException {
    try {
      long swept = thorough ? sweepSecondNames() : 0;
      swept += sweepOld(layout.tmp(), now.minus(ABANDONED));
      if (!retention.isZero()) {
        swept += sweepOld(layout.done(), now.minus(retention));
      }
      return swept + sweepKeys(now.minus(ABANDONED)) + sweepLogs(now.minus(ABANDONED));
    } catch (UnsupportedOperationException e) {
      return 0; // no inodes: nothing can be told for certain, so everything stays
    }
  }

  private long forEach(Path directory, FileOps.Each each) throws IOException {
    try {
      return ops.forEach(directory, file -> !layout.nameOf(file).isHidden() && each.take(file));
    } catch (NoSuchFileException e) {
      return 0; // a directory that came and went
    }
  }

  /** Files that were neither written nor renamed since then. */
  private long sweepOld(Path directory, Instant since) throws IOException {
    return forEach(
        directory,
        file -> {
          FileOps.Stat stat = ops.stat(file);
          boolean old =
              stat.regular()
                  && stat.modified().isBefore(since)
                  && ops.inode(file).changed().isBefore(since)
                  && !Copies.isInUse(ops, layout, file);
          if (old) {
            ops.delete(file);
          }
          return old;
        });
  }

  /**
   * R3: on a file system without a journal, a power cut can leave one inode under two names. The
   * one that is further on its way stays: cur before new before tmp. Before them come the
   * directories whose entries we promise to keep: what was forced there counts more than an older
   * name that came back because its removal was not. Last comes the name of a key that was given
   * back, whose inode has become a job's in the meantime. Two jobs may share an inode: somebody
   * handed in two hard links.
   */
  private long sweepSecondNames() throws IOException {
    LinkedNames linked = new LinkedNames();
    long swept = 0;
    for (Path directory :
        List.of(
            layout.failed(),
            layout.of(JobState.HELD),
            layout.done(),
            layout.claimed(),
            layout.ready(),
            layout.delayed(),
            layout.tmp(),
            layout.keys())) {
      swept +=
          forEach(
              directory,
              file -> {
                boolean second = isSecondName(file, directory.equals(layout.keys()), linked);
                if (second) {
                  ops.delete(file);
                }
                return second;
              });
    }
    return swept;
  }

  private boolean isSecondName(Path file, boolean isKey, LinkedNames linked) throws IOException {
    FileOps.Inode inode = ops.inode(file);
    if (inode.links() == 1) {
      return false;
    }
    EntryName name = layout.nameOf(file);
    for (Path other : isKey ? linked.of(inode.key()) : linked.of(inode.key(), name)) {
      if (ops.inode(other).key().equals(inode.key())) {
        return true;
      }
    }
    linked.add(inode.key(), name, file);
    return false;
  }

  /** Links to jobs that are gone, and what a producer left that died while it took a key. */
  private long sweepKeys(Instant since) throws IOException {
    return forEach(
        layout.keys(),
        home -> {
          boolean draft = DedupKeys.isDraft(layout.nameOf(home));
          if ((!draft && !DedupKeys.isHome(FileNames.textOf(home)))
              || !ops.lstat(home).isDirectory()
              || (draft && !ops.inode(home).changed().isBefore(since))) {
            return false;
          }
          boolean[] living = {false};
          long swept =
              forEach(
                  home,
                  link -> {
                    if (layout.nameOf(link).isForeign()
                        || (!draft && ops.inode(link).links() > 1)) {
                      living[0] = true;
                      return false;
                    }
                    ops.delete(link);
                    return true;
                  });
          if (!living[0]) {
            ops.delete(
                home); // RACE: if somebody has just taken the key, it is not empty and stays.
          }
          return swept > 0;
        });
  }

  /** Logs that nobody has written to for long, of jobs that are nowhere. */
  private long sweepLogs(Instant since) throws IOException {
    Set<String> orphans = new HashSet<>();
    int from = logsSeen;
    int[] seen = {0};
    forEach(
        layout.errors(),
        log -> {
          String name = FileNames.textOf(log);
          if (orphans.size() == LOGS || !name.endsWith(FailureLog.SUFFIX) || seen[0]++ < from) {
            return false;
          }
          FileOps.Stat stat = ops.stat(log);
          return stat.regular() && stat.modified().isBefore(since) && orphans.add(name);
        });
    boolean isCutOff = orphans.size() == LOGS;
    OrphanLogs.keepOrphans(ops, layout, orphans);
    long swept = 0;
    for (String orphan : orphans) {
      try {
        ops.delete(FileNames.in(layout.errors(), orphan));
        swept++;
      } catch (NoSuchFileException e) {
        // RACE: another recoverer was faster.
      }
    }
    // What was deleted is in front of the next one's listing no more.
    logsSeen = isCutOff ? seen[0] - (int) swept : 0;
    return swept;
  }
}
