package org.spooldir;

import java.util.List;

/**
 * What a maintenance operation did.
 *
 * @param changed the jobs that were moved or deleted, in the order in which they were asked for
 * @param missing the ids that were not found in a state to which the operation applies
 * @since 0.1
 */
public record MaintenanceReport(List<JobId> changed, List<JobId> missing) {

  /** Copies the lists. */
  public MaintenanceReport {
    changed = List.copyOf(changed);
    missing = List.copyOf(missing);
  }
}
