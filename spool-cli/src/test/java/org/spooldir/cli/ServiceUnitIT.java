package org.spooldir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The unit file for systemd that is shipped. */
class ServiceUnitIT {

  private static final Path UNIT = Path.of("src/main/dist/spool-worker@.service");

  @TempDir Path directory;

  @Test
  void systemdUnderstandsAllOfIt() throws Exception {
    assumeTrue(
        SpoolCommand.shell("command -v systemd-analyze").run().code() == 0,
        "systemd-analyze is not installed");
    Files.writeString(
        directory.resolve("spool-worker@photos.service"),
        Files.readString(UNIT) // as if it were installed where the unit says
            .replace("/usr/local/bin/spool", SpoolCommand.LAUNCHER.toString()));
    SpoolCommand.Result result =
        SpoolCommand.shell("systemd-analyze verify --man=no ./spool-worker@photos.service 2>&1")
            .in(directory)
            .run()
            .ok();
    assertEquals("", result.out());
  }
}
