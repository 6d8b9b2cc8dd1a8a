package org.spooldir.fs;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Finds jobs that stand under two names. Remembers those with more than one link, no others. */
final class SecondNames {

  private final FileOps ops;
  private final Findings findings;
  private final SpoolLayout layout;
  private final LinkedNames linked = new LinkedNames();

  SecondNames(FileOps ops, SpoolLayout layout, Findings findings) {
    this.ops = ops;
    this.layout = layout;
    this.findings = findings;
  }

  void check(Path file, FileOps.Lstat facts) throws IOException {
    if (facts.links() == 1) {
      return;
    }
    EntryName name = layout.nameOf(file);
    for (Path other : linked.of(facts.key(), name)) {
      if (!other.equals(file) && bothStand(other, file)) {
        findings.tell(Finding.Kind.TWO_NAMES, file, "is the same file as " + findings.name(other));
        return;
      }
    }
    linked.add(facts.key(), name, file);
  }

  /**
   * RACE: an entry that moves is seen under two names, one after the other. A rename sets the
   * ctime, so if the first name is there before and after the second with nothing changed, both
   * stand.
   */
  private boolean bothStand(Path one, Path two) throws IOException {
    try {
      FileOps.Lstat before = ops.lstat(one);
      return before.equals(ops.lstat(two)) && before.equals(ops.lstat(one));
    } catch (NoSuchFileException e) {
      return false;
    }
  }
}
