package org.spooldir.fs;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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

  private static final int LOOKS = 2;
  private static final int HASH_LENGTH = 64;

  private final FileOps ops;
  private final SpoolLayout layout;
  private final Duration retention;

  Sweeper(Site site) {
    this.ops = site.ops();
    this.layout = site.layout();
    this.retention = site.options().retention();
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
                  && ops.inode(file).changed().isBefore(since);
          if (old) {
            ops.delete(file);
          }
          return old;
        });
  }

  /**
   * R3: on a file system without a journal, a power cut can leave one inode under two names. The
   * one that is further on its way stays: cur before new before tmp.
   */
  private long sweepSecondNames() throws IOException {
    Map<Object, Path> first = new HashMap<>();
    long swept = 0;
    for (Path directory :
        List.of(layout.claimed(), layout.ready(), layout.delayed(), layout.tmp())) {
      swept +=
          forEach(
              directory,
              file -> {
                FileOps.Inode inode = ops.inode(file);
                Path other = inode.links() > 1 ? first.putIfAbsent(inode.key(), file) : null;
                if (other == null || !ops.inode(other).key().equals(inode.key())) {
                  return false;
                }
                ops.delete(file);
                return true;
              });
    }
    return swept;
  }

  /** Links to jobs that are gone, and what a producer left that died while it took a key. */
  private long sweepKeys(Instant since) throws IOException {
    return forEach(
        layout.keys(),
        home -> {
          boolean draft = FileNames.textOf(home).length() != HASH_LENGTH;
          if (draft && !ops.inode(home).changed().isBefore(since)) {
            return false;
          }
          boolean[] living = {false};
          long swept =
              forEach(
                  home,
                  link -> {
                    if (!draft && ops.inode(link).links() > 1) {
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
    forEach(
        layout.errors(),
        log -> {
          String name = FileNames.textOf(log);
          return orphans.size() < LOGS
              && name.endsWith(FailureLog.SUFFIX)
              && ops.stat(log).modified().isBefore(since)
              && orphans.add(name);
        });
    for (int look = 0; look < LOOKS && !orphans.isEmpty(); look++) { // one may move while one looks
      for (JobState state : JobState.values()) {
        forEach(
            layout.of(state), file -> orphans.remove(FailureLog.nameOf(layout.nameOf(file).id())));
      }
    }
    for (String orphan : orphans) {
      ops.delete(FileNames.in(layout.errors(), orphan));
    }
    return orphans.size();
  }
}
