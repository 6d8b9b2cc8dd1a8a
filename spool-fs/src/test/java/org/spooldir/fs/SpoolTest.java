package org.spooldir.fs;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A test of one spool in a {@link Lab}. */
abstract class SpoolTest {

  @TempDir(factory = SafeDirectory.class)
  Path directory;

  Lab lab;

  @BeforeEach
  final void makeSpool() throws IOException {
    lab = Lab.in(directory);
  }

  @AfterEach
  final void closeSpool() throws IOException {
    lab.close();
  }
}
