package org.spooldir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.spooldir.RecoveryReport;

/** What {@code spool recover} says. */
class RecoverTest {

  @Test
  void eachKindOfRecoveryHasItsLine() {
    assertEquals(
        List.of(
            "declared dead: worker web1.1.x",
            "declared dead: worker \\u001b[31m",
            "2 jobs of dead workers made ready again",
            "1 job that no worker had claimed brought back from cur/",
            "3 jobs whose time has come made ready",
            "1 file that nothing needs any more cleared away"),
        Recover.tell(new RecoveryReport(List.of("web1.1.x", "\u001b[31m"), 2, 1, 3, 1)));
  }

  @Test
  void whereNothingWasDoneItSaysSo() {
    assertEquals(List.of("nothing to recover"), Recover.tell(RecoveryReport.NOTHING));
  }
}
