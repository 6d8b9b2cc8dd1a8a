package org.spooldir.fs;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Checks {@code keys/}: dedup keys whose job is gone, and what producers left that died. */
final class KeyCheck {

  /** RACE: a job is removed first, its key then; who does so may be slow, but not that slow. */
  static final Duration UNDER_WAY = Duration.ofSeconds(10);

  private final FileOps ops;
  private final SpoolLayout layout;
  private final InstantSource clock;
  private final Findings findings;

  KeyCheck(Site site, Findings findings) {
    this.ops = site.ops();
    this.layout = site.layout();
    this.clock = site.clock();
    this.findings = findings;
  }

  void check() throws IOException {
    Listing.each(ops, layout.keys(), findings, this::check);
  }

  private void check(Path home, FileOps.Lstat facts) throws IOException {
    String name = FileNames.textOf(home);
    if (!facts.isDirectory()) {
      findings.tell(Finding.Kind.UNKNOWN_FILE, home, "is " + facts.what());
    } else if (DedupKeys.isHome(name)) {
      checkHome(home, facts);
    } else if (!DedupKeys.isDraft(layout.nameOf(home))) {
      findings.tell(Finding.Kind.UNKNOWN_FILE, home, "is a directory");
    } else if (isOld(facts, Sweeper.ABANDONED)) {
      findings.tell(Finding.Kind.STALE_KEY, home, "a producer did not finish with it");
    }
  }

  private void checkHome(Path home, FileOps.Lstat facts) throws IOException {
    long[] links = {0};
    Listing.each(
        ops,
        home,
        findings,
        (link, linked) -> {
          links[0]++;
          if (linked.links() == 1 && isOld(linked, UNDER_WAY)) {
            findings.tell(Finding.Kind.STALE_KEY, link, "its job is gone");
          }
        });
    if (links[0] == 0 && isOld(facts, UNDER_WAY)) {
      findings.tell(Finding.Kind.STALE_KEY, home, "is empty");
    }
  }

  private boolean isOld(FileOps.Lstat facts, Duration age) {
    Instant since = clock.instant().minus(age);
    return facts.changed().isBefore(since);
  }
}
