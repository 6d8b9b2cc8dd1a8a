package org.spooldir.fs;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Finds files that stand under two names. Remembers those with more than one link, no others. */
final class SecondNames {

  private final FileOps ops;
  private final Findings findings;
  private final Map<Object, Path> first = new HashMap<>();

  SecondNames(FileOps ops, Findings findings) {
    this.ops = ops;
    this.findings = findings;
  }

  void check(Path file, FileOps.Lstat facts) throws IOException {
    Path other = facts.links() > 1 ? first.putIfAbsent(facts.key(), file) : null;
    if (other != null && !other.equals(file) && bothStand(other, file)) {
      findings.tell(Finding.Kind.TWO_NAMES, file, "is the same file as " + findings.name(other));
    }
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
