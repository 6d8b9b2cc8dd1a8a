package org.spooldir;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

/**
 * What tests wait for comes at once on a quiet machine, and much later on one that does much else:
 * ten seconds, which is what Awaitility waits if nobody says otherwise, would be a test of the
 * machine.
 */
public final class PatientAwaits implements TestExecutionListener {

  @Override
  public void testPlanExecutionStarted(TestPlan plan) {
    Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
  }
}
