package org.spooldir.fs;

import java.nio.file.Path;

/**
 * An entry in this process' hands.
 *
 * @param name what no other claim ever has
 * @param file where it stands in {@code cur/}: made once, each step names it
 */
record ClaimedEntry(EntryName name, Path file) {

  static ClaimedEntry in(SpoolLayout layout, EntryName name) {
    return new ClaimedEntry(name, FileNames.in(layout.claimed(), name.text()));
  }
}
