package org.spooldir.fs;

import java.nio.file.Path;

/**
 * An entry in this process' hands.
 *
 * @param name what no other claim ever has
 * @param file its file in {@code cur/}: made once, each step names it
 */
record ClaimedEntry(EntryName name, FileOps.NamedFile file) {

  /** Where it stands. */
  Path path() {
    return file.path();
  }

  static ClaimedEntry in(FileOps.BusyDirectory claimed, EntryName name) {
    return new ClaimedEntry(name, claimed.file(name.text()));
  }
}
