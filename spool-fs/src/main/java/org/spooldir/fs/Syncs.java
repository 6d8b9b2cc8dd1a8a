package org.spooldir.fs;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Which directories are forced when, by the level of durability. Who moves an entry forces its
 * target first: between the two it may stand under two names, never under none. The source may have
 * been forced by others since the move.
 */
record Syncs(SharedForces forces, Durability level) {

  Syncs(FileOps ops, Durability level) {
    this(new SharedForces(ops), level);
  }

  /** Whether enqueued files and their directories are forced (E2, E3, E5). */
  boolean onEnqueue() {
    return level != Durability.PROCESS;
  }

  /** After a rename of a claim or settlement. */
  void moved(Path target, Path source) throws IOException {
    if (level == Durability.FULL) {
      force(target, source);
    }
  }

  /** After a rename into a directory whose entries we promise to keep. */
  void kept(Path target, Path source) throws IOException {
    if (onEnqueue()) {
      force(target, source);
    }
  }

  /** After names came into or went from a directory whose entries we promise to keep. */
  void kept(Path directory) throws IOException {
    if (onEnqueue()) {
      forces.force(directory);
    }
  }

  /** After an unlink that settles a claim. */
  void removed(Path source) throws IOException {
    if (level == Durability.FULL) {
      forces.force(source);
    }
  }

  private void force(Path target, Path source) throws IOException {
    long begun = forces.begun(source); // what comes later knows that the entry is gone
    forces.force(target);
    forces.force(source, begun);
  }
}
