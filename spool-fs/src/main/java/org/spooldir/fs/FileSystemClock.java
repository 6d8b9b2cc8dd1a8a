package org.spooldir.fs;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;

/**
 * What time it is where the files are: the mtime of a file written just now. Ages of files are told
 * by no other clock.
 */
record FileSystemClock(FileOps ops, SpoolLayout layout, Reserve reserve) {

  /** Asks for the time only when it is needed: asking writes. */
  interface Reading {
    Instant now() throws IOException;
  }

  /** The time of the file system. */
  Instant now() throws IOException {
    Path probe = layout.tmp().resolve(UniqueNames.OF_THIS_PROCESS.next());
    reserve.spend(() -> ops.create(probe).close());
    try {
      return ops.stat(probe).modified();
    } finally {
      ops.delete(probe);
    }
  }
}
