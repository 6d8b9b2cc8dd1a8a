package org.spooldir.fs;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Copies of what other users dropped, for as long as a worker holds it: {@code tmp/w=<claim>},
 * named by the claim, which is another for each. The owner of a file can write to it for as long as
 * he has it open; to its copy he cannot. A copy is no job: only the entry in {@code cur/} is
 * renamed.
 */
final class Copies {

  private static final String PREFIX = "w=";

  private final FileOps ops;
  private final SpoolLayout layout;
  private final Reserve reserve;
  private final EntryReader reader;

  Copies(Site site) {
    this.ops = site.ops();
    this.layout = site.layout();
    this.reserve = site.reserve();
    this.reader = new EntryReader(site.ops());
  }

  /**
   * Copies a claimed entry, and checks on the way what is copied.
   *
   * @param size how much there is of it; what its owner appends meanwhile is left behind
   */
  EntryReader.Content verified(Path entry, EntryName held, long size) throws IOException {
    Path copy = of(held);
    reserve.spend(() -> reader.copyVerified(entry, held, size, copy));
    try {
      return reader.unverified(copy, held);
    } catch (NoSuchFileException e) { // or else it would mean that the entry is gone
      throw new FileSystemException(copy.toString(), null, "somebody removed it from tmp/");
    }
  }

  /** The claim is settled, lost, or was brought back: its copy goes, if it had one. */
  void remove(EntryName held) throws IOException {
    if (!layout.isDropBox()) {
      return;
    }
    try {
      ops.delete(of(held));
    } catch (NoSuchFileException e) {
      // of an entry of our own, or one that was refused
    }
  }

  private Path of(EntryName held) {
    return FileNames.in(layout.tmp(), PREFIX + held.claim());
  }

  /**
   * Whether a file in {@code tmp/} is in use, however old it is: a copy for a worker who lives. His
   * handler may take longer than anybody takes to write a job.
   */
  static boolean isInUse(FileOps ops, SpoolLayout layout, Path file) throws IOException {
    String name = FileNames.textOf(file);
    int counter = name.lastIndexOf('.');
    if (!layout.isDropBox() || !name.startsWith(PREFIX) || counter < PREFIX.length()) {
      return false;
    }
    try {
      String worker = name.substring(PREFIX.length(), counter);
      return ops.stat(FileNames.in(layout.workers(), worker)).regular();
    } catch (NoSuchFileException | IllegalArgumentException e) {
      return false; // nobody's, or a name that no presence can have: made to look like a copy
    }
  }
}
