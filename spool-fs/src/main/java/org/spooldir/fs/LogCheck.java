package org.spooldir.fs;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;

/** Checks {@code errors/}: failure logs of jobs that are nowhere. */
final class LogCheck {

  /** So many logs are looked up in one go through all entries. */
  private static final int BATCH = 50_000;

  private final FileOps ops;
  private final SpoolLayout layout;
  private final InstantSource clock;
  private final Findings findings;
  private final Set<String> batch = new HashSet<>();

  LogCheck(Site site, Findings findings) {
    this.ops = site.ops();
    this.layout = site.layout();
    this.clock = site.clock();
    this.findings = findings;
  }

  void check() throws IOException {
    Listing.each(ops, layout.errors(), findings, this::check);
    tellOrphans();
  }

  private void check(Path file, FileOps.Lstat facts) throws IOException {
    String name = FileNames.textOf(file);
    if (!facts.isRegular()) {
      findings.tell(Finding.Kind.STRANGER, file, "is " + facts.what());
    } else if (!name.endsWith(FailureLog.SUFFIX)) {
      findings.tell(Finding.Kind.UNKNOWN_FILE, file, "is " + facts.what());
    } else if (isQuiet(facts)) {
      batch.add(name);
      if (batch.size() == BATCH) {
        tellOrphans();
      }
    }
  }

  private void tellOrphans() throws IOException {
    try {
      OrphanLogs.keepOrphans(ops, layout, batch);
    } catch (IOException e) {
      batch.clear(); // where jobs cannot be seen, no log is without one for certain
    }
    for (String orphan : batch) {
      Path log = FileNames.in(layout.errors(), orphan);
      // RACE: a job that fails again and again may have been missed while it moved.
      if (ops.exists(log) && isQuiet(ops.lstat(log))) {
        findings.tell(Finding.Kind.ORPHAN_LOG, log, "no job has its id");
      }
    }
    batch.clear();
  }

  private boolean isQuiet(FileOps.Lstat facts) {
    return facts.modified().isBefore(clock.instant().minus(KeyCheck.UNDER_WAY));
  }
}
