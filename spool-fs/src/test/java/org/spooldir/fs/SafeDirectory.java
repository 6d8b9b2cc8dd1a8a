package org.spooldir.fs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;
import org.opentest4j.TestAbortedException;

/**
 * Makes temporary directories where levels of durability differ: on a file system on which a rename
 * that was not forced can lose the file, all spools are opened at level FULL.
 */
final class SafeDirectory implements TempDirFactory {

  @Override
  public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context)
      throws IOException {
    Optional<Path> place =
        Stream.of(Path.of(System.getProperty("java.io.tmpdir")), Path.of("/dev/shm"))
            .filter(Files::isWritable)
            .filter(path -> !FileSystemCheck.isWeak(path))
            .findFirst();
    return Files.createTempDirectory(
        place.orElseThrow(
            () -> new TestAbortedException("no file system with a journal: set java.io.tmpdir")),
        "spool");
  }
}
