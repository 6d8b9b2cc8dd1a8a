package org.spooldir.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.Spool;
import org.spooldir.SpoolException;

/**
 * Many jobs on their way into a spool. Small ones go in together, because they share their waits
 * for the disk; each id is printed when its job is in and safe.
 */
final class Delivery {

  /** The size of a payload that nobody knows yet. */
  static final long UNKNOWN = Long.MAX_VALUE;

  private static final int MOST_JOBS = 64;
  private static final long MOST_BYTES = 1 << 20;
  private static final int BAR = 30;

  private final Spool spool;
  private final JobTemplate template;
  private final Terminal terminal;
  private final int expected;
  private final long start = System.nanoTime();
  private List<Job> pending = new ArrayList<>();
  private long pendingBytes;
  private long in;

  /**
   * Nothing delivered yet.
   *
   * @param expected how many jobs there will be; 0 if that is not known
   */
  Delivery(Spool spool, JobTemplate template, Terminal terminal, int expected) {
    this.spool = spool;
    this.template = template;
    this.terminal = terminal;
    this.expected = expected;
  }

  /** Takes a job, and delivers what has come together if that is enough. */
  void add(InputStream payload, long bytes) throws IOException {
    pending.add(template.with(payload));
    pendingBytes = bytes > MOST_BYTES ? MOST_BYTES : pendingBytes + bytes;
    if (pending.size() == MOST_JOBS || pendingBytes >= MOST_BYTES) {
      flush();
    }
  }

  /** Delivers what was taken, and prints the ids. */
  void flush() throws IOException {
    List<Job> jobs = pending;
    pending = new ArrayList<>();
    pendingBytes = 0;
    if (jobs.isEmpty()) {
      return;
    }
    try {
      print(jobs.size() == 1 ? List.of(spool.enqueue(jobs.get(0))) : spool.enqueueAll(jobs));
    } catch (SpoolException e) {
      print(e.enqueued());
      throw e;
    }
  }

  private void print(List<JobId> ids) throws IOException {
    in += ids.size();
    for (JobId id : ids) {
      terminal.line(id.value());
    }
    terminal.flush();
    if (in > 1 && in != expected) {
      terminal.progress(progress(System.nanoTime() - start));
    }
  }

  /** After a failure: delivers what was taken before it, and says how many jobs are in. */
  void stop(Exception failure) {
    try {
      flush();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    if (expected != 1 || in > 0) {
      terminal.progress("");
      terminal.note(in + (expected > 0 ? " of " + expected : "") + " jobs are in");
    }
  }

  private String progress(long nanos) {
    String rate = in + " jobs, " + Math.round(in * 1e9 / Math.max(1, nanos)) + "/s";
    if (expected == 0) {
      return rate;
    }
    int done = (int) (BAR * in / expected);
    return "["
        + "#".repeat(done)
        + ".".repeat(BAR - done)
        + "] "
        + 100 * in / expected
        + "% "
        + rate;
  }
}
