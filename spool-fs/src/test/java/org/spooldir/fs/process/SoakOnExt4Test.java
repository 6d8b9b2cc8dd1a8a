package org.spooldir.fs.process;

import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The soak on a file system with a journal. */
@Tag("privileged")
@Tag("slow")
@Timeout(400)
class SoakOnExt4Test {

  @RegisterExtension final Processes processes = Processes.on(new LoopImage("mkfs.ext4", "-q"));

  @Test
  void killsAndStopsLoseNothing() throws IOException {
    new Soak(processes, "on ext4").survives();
  }
}
