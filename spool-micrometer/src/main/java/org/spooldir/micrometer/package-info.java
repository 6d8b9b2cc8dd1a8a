/**
 * Metrics of a spool for Micrometer: {@link org.spooldir.micrometer.SpoolDepthMetrics} tells how
 * much is in a spool, {@link org.spooldir.micrometer.SpoolEventMetrics} what this process does in
 * it. Either can be used alone. {@code docs/monitoring.md} lists the metrics.
 */
@NullMarked
package org.spooldir.micrometer;

import org.jspecify.annotations.NullMarked;
