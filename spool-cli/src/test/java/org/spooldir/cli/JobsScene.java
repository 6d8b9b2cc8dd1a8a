package org.spooldir.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A spool, and jobs in it that a test makes as it needs them. */
abstract class JobsScene {

  /** Surely longer ago than any job that a test hands in. */
  static final Instant LONG_AGO = Instant.parse("2025-11-21T00:00:00Z");

  @TempDir Path temporary;
  Path directory;
  Jobs jobs;

  @BeforeEach
  final void makeSpool() throws IOException {
    directory = temporary.resolve("spool");
    jobs = Jobs.in(directory);
  }

  @AfterEach
  final void closeSpool() throws IOException {
    jobs.close();
  }
}
