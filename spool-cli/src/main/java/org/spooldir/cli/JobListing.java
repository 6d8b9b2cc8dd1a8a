package org.spooldir.cli;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spooldir.Failure;
import org.spooldir.JobSnapshot;
import org.spooldir.JobState;
import org.spooldir.SpoolException;
import org.spooldir.SpoolInspector;

/** Jobs one a line, in a table or as JSON, each with its last failure. */
final class JobListing {

  private final Terminal terminal;
  private final SpoolInspector inspector;
  private final Instant now;
  private final @Nullable Table table;
  private boolean logsAreDenied;

  JobListing(Terminal terminal, SpoolInspector inspector, Instant now, boolean json) {
    this.terminal = terminal;
    this.inspector = inspector;
    this.now = now;
    this.table = json ? null : table(terminal);
  }

  private static Table table(Terminal terminal) {
    return new Table(terminal)
        .left("ID", Table.ALWAYS) // what one pastes into the next command
        .left("STATE", 6)
        .right("PRI", 1)
        .right("TRY", 3)
        .right("SIZE", 2)
        .right("AGE", 5)
        .cut("NOTE", 4);
  }

  void add(JobSnapshot job) throws IOException {
    Failure failure = lastFailure(job);
    if (table == null) {
      JsonLine json = JobJson.of(job);
      terminal.line((failure == null ? json : json.add("failure", JobJson.of(failure))).toString());
      return;
    }
    table.row(
        job.id().value(), // printable, and Printable would double its backslashes
        StateText.of(job.state()),
        String.valueOf(job.priority()),
        String.valueOf(job.attempts()),
        job.size().isPresent() ? SizeText.of(job.size().getAsLong()) : "-",
        job.enqueuedAt().isPresent() ? since(job.enqueuedAt().get()) : "-",
        note(job, failure));
  }

  /** Prints what is left. */
  void end() throws IOException {
    if (table != null) {
      table.end();
    }
  }

  private @Nullable Failure lastFailure(JobSnapshot job) throws IOException {
    if (logsAreDenied || !JobFilter.mayHaveFailed(job)) {
      return null;
    }
    try {
      List<Failure> failures = inspector.failures(job.id());
      return failures.isEmpty() ? null : failures.get(failures.size() - 1);
    } catch (SpoolException e) {
      if (!Denial.is(e)) {
        throw e;
      }
      logsAreDenied = true;
      terminal.note(
          "spool ls: no failures are shown: " + Printable.of(String.valueOf(e.getMessage())));
      return null;
    }
  }

  /** When it goes on, who has it, what went wrong. */
  private String note(JobSnapshot job, @Nullable Failure failure) {
    String note = "";
    if (job.state() == JobState.CLAIMED) {
      note = "by " + Printable.of(job.worker().orElse("nobody"));
      if (job.claimedAt().isPresent()) {
        note += " for " + since(job.claimedAt().get());
      }
    } else if (job.due().isPresent()) {
      note = due(job.due().get());
    }
    if (failure == null) {
      return note;
    }
    return (note.isEmpty() ? "" : note + ": ") + Printable.of(failure.reason());
  }

  private String due(Instant due) {
    return due.isAfter(now)
        ? "due in " + DurationText.of(Duration.between(now, due))
        : "due since " + since(due);
  }

  private String since(Instant then) {
    return DurationText.of(Duration.between(then, now));
  }
}
