package org.spooldir.fs.process;

import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The soak in memory: system calls are fast, so that many steps are met. */
@Tag("slow")
@Timeout(400)
class SoakTest {

  @RegisterExtension final Processes processes = Processes.inMemory();

  @Test
  void killsAndStopsLoseNothing() throws IOException {
    new Soak(processes, "in memory").survives();
  }

  @ParameterizedTest
  @ValueSource(strings = {"WITHOUT_UNIQUE_CLAIM", "UNTOLD_DISCARD", "WITHOUT_D1"})
  void aBuildThatBreaksARuleIsFoundOut(String mutant) throws IOException {
    new Soak(processes, "in memory").findsOut(mutant);
  }
}
