package org.spooldir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.spooldir.SpoolException.InSpool;
import org.spooldir.SpoolException.Where;

/** What values and exceptions tell. */
final class ValuesTest {

  private static final JobId ID = new JobId("id");
  private static final Where WHERE = new Where("enqueue", "/spool", JobState.READY, InSpool.YES);

  @Test
  void statsKnowEveryState() {
    SpoolStats stats =
        new SpoolStats(
            Map.of(JobState.READY, new SpoolStats.Count(2, 10)),
            0,
            0,
            0,
            Optional.empty(),
            Optional.empty());
    assertEquals(EnumSet.allOf(JobState.class), stats.counts().keySet());
    assertEquals(2, stats.jobs(JobState.READY));
    assertEquals(0, stats.jobs(JobState.DONE));
    assertThrows(UnsupportedOperationException.class, () -> stats.counts().clear());
  }

  @Test
  void reportsKeepTheirOwnLists() {
    List<JobId> ids = new ArrayList<>(List.of(ID));
    MaintenanceReport report = new MaintenanceReport(ids, ids);
    ids.clear();
    assertEquals(List.of(ID), report.changed());
    assertEquals(List.of(ID), report.missing());
  }

  @Test
  void aRecoveryThatDidAnythingIsNotEmpty() {
    assertTrue(RecoveryReport.NOTHING.isEmpty());
    assertFalse(new RecoveryReport(List.of("w"), 0, 0, 0, 0).isEmpty());
    assertFalse(new RecoveryReport(List.of(), 0, 0, 0, 1).isEmpty());
  }

  @Test
  void anExceptionTellsWhatWhereAndWhetherToTryAgain() {
    IOException cause = new IOException("EIO");
    SpoolException thrown = new SpoolException(WHERE, "cannot write", true, cause);
    assertEquals("enqueue /spool: cannot write", thrown.getMessage());
    assertEquals("enqueue", thrown.operation());
    assertEquals("/spool", thrown.path());
    assertEquals(Optional.of(JobState.READY), thrown.state());
    assertEquals(InSpool.YES, thrown.jobIn());
    assertTrue(thrown.mayRetry());
    assertEquals(cause, thrown.getCause());
    assertEquals(List.of(), thrown.enqueued());
    thrown.recordEnqueued(List.of(ID));
    assertEquals(List.of(ID), thrown.enqueued());
  }

  @Test
  void whatAKindOfExceptionSaysAboutTryingAgain() {
    assertTrue(new SpoolFullException(WHERE, "full", null).mayRetry());
    assertFalse(new ClaimLostException(WHERE, "lost", null).mayRetry());
    assertFalse(new CorruptEntryException(WHERE, "torn", null).mayRetry());
    assertFalse(new SpoolFormatException(WHERE, "newer", null).mayRetry());
    EnqueueUncertainException uncertain =
        new EnqueueUncertainException(WHERE, List.of(ID), "fsync failed", null);
    assertFalse(uncertain.mayRetry());
    assertEquals(List.of(ID), uncertain.ids());
  }

  @Test
  void anExceptionMayNotKnowTheState() {
    Where where = new Where("open", "/x", null, InSpool.UNKNOWN);
    assertEquals(Optional.empty(), new SpoolException(where, "no", false, null).state());
  }
}
