package org.spooldir.cli;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A {@link SampleSpool} to look at. */
abstract class SampleScene {

  @TempDir Path directory;
  SampleSpool sample;
  Path root;

  @BeforeEach
  final void makeSample() throws Exception {
    sample = SampleSpool.in(directory);
    root = sample.root();
  }
}
