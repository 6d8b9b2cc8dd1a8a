package org.spooldir.fs;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spooldir.CorruptEntryException;
import org.spooldir.JobState;

/** Checks the entries, and what is being written. */
final class EntryCheck {

  private static final int WRITABLE = 0022;

  private final FileOps ops;
  private final SpoolLayout layout;
  private final Site site;
  private final FileOps.Lstat root;
  private final Findings findings;
  private final ClaimCheck claims;
  private final SecondNames secondNames;
  private final DamagedJobs damaged;
  private final EntryReader reader;
  private final boolean payloads;

  EntryCheck(
      Site site, FileOps.Lstat root, Findings findings, ClaimCheck claims, boolean payloads) {
    this.ops = site.ops();
    this.layout = site.layout();
    this.site = site;
    this.root = root;
    this.findings = findings;
    this.claims = claims;
    this.secondNames = new SecondNames(ops, layout, findings);
    this.damaged = new DamagedJobs(site);
    this.reader = new EntryReader(ops);
    this.payloads = payloads;
  }

  void check() throws IOException {
    for (JobState state : List.of(JobState.values())) {
      checkState(state);
    }
    Listing.each(ops, layout.tmp(), findings, this::checkDraft);
  }

  private void checkState(JobState state) throws IOException {
    long[] delivered = {0};
    Listing.each(
        ops,
        layout.of(state),
        findings,
        (file, facts) -> {
          EntryName name = layout.nameOf(file);
          delivered[0] += name.isForeign() && facts.isRegular() ? 1 : 0;
          checkEntry(file, facts, name, state);
        });
    if (delivered[0] > 0) {
      findings.tell(
          Finding.Kind.DELIVERED,
          layout.of(state),
          delivered[0] + (delivered[0] == 1 ? " job" : " jobs"));
    }
  }

  private void checkEntry(Path file, FileOps.Lstat facts, EntryName name, JobState state)
      throws IOException {
    if (!facts.isRegular()) {
      findings.tell(Finding.Kind.STRANGER, file, "is " + facts.what());
      return;
    }
    tellName(file, Finding.Kind.BAD_NAME, NameCheck.unreadable(name));
    tellName(file, Finding.Kind.MISPLACED_NAME, NameCheck.misplaced(name, state));
    secondNames.check(file, facts);
    if (state == JobState.CLAIMED) {
      claims.check(file, facts);
    }
    if (isReadableForOwner(facts)) {
      checkContent(file, facts, name, state);
    } else {
      findings.tell(
          Finding.Kind.UNREADABLE,
          file,
          "mode %04o, user %s, group %s; the spool belongs to user %s, group %s"
              .formatted(
                  facts.permissions(), facts.owner(), facts.group(), root.owner(), root.group()));
    }
    if ((facts.permissions() & WRITABLE) != 0 && StructureCheck.letsOthersIn(root)) {
      findings.tell(
          Finding.Kind.OPEN_FILE,
          file,
          "has mode %04o".formatted(facts.permissions()),
          () -> Modes.restrict(ops, file, facts, WRITABLE));
    }
  }

  private void tellName(Path file, Finding.Kind kind, @Nullable String problem) throws IOException {
    if (problem != null) {
      findings.tell(kind, file, problem);
    }
  }

  /** Whether a worker, taken to be the owner of the spool, may read it. */
  private boolean isReadableForOwner(FileOps.Lstat facts) {
    if (root.owner() == 0) {
      return true; // modes do not bind root
    }
    int shift = facts.owner() == root.owner() ? 6 : facts.group() == root.group() ? 3 : 0;
    return (facts.permissions() >> shift & 4) != 0;
  }

  private void checkContent(Path file, FileOps.Lstat facts, EntryName name, JobState state)
      throws IOException {
    if (name.size() != EntryName.NONE && name.size() != facts.size()) {
      tellDamaged(file, name, state, "size is %s, S= says %s".formatted(facts.size(), name.size()));
    } else if (payloads) {
      try {
        reader.verified(new FileOps.FileByPath(ops, file), name); // C3, as a worker would
      } catch (CorruptEntryException e) {
        tellDamaged(file, name, state, problem(e));
      }
    }
  }

  /** What is wrong, without the name of the file once more. */
  private static String problem(CorruptEntryException e) {
    String where = e.operation() + " " + e.path() + ": ";
    String message = String.valueOf(e.getMessage());
    return message.startsWith(where) ? message.substring(where.length()) : message;
  }

  private void tellDamaged(Path file, EntryName name, JobState state, String problem)
      throws IOException {
    switch (state) {
      case READY, DELAYED ->
          findings.tell(
              Finding.Kind.DAMAGED,
              file,
              problem,
              () -> damaged.moveToFailed(file, name, state, problem));
      case CLAIMED, HELD -> findings.tell(Finding.Kind.DAMAGED, file, problem);
      case FAILED, DONE -> findings.tell(Finding.Kind.DAMAGED_KEPT, file, problem);
    }
  }

  private void checkDraft(Path file, FileOps.Lstat facts) throws IOException {
    if (!facts.isRegular()) {
      findings.tell(Finding.Kind.STRANGER, file, "is " + facts.what());
      return;
    }
    secondNames.check(file, facts);
    Instant now = site.clock().instant();
    Instant since = now.minus(Sweeper.ABANDONED);
    if (facts.modified().isBefore(since)
        && facts.changed().isBefore(since)
        && !Copies.isInUse(ops, layout, file)) { // R5
      findings.tell(
          Finding.Kind.OLD_TMP,
          file,
          "untouched for %s hours".formatted(Duration.between(facts.changed(), now).toHours()));
    }
  }
}
