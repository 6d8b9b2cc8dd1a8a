package org.spooldir.cli;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spooldir.Failure;
import org.spooldir.JobRecord;
import org.spooldir.JobSnapshot;

/** All there is to know of one job, for people. */
final class JobPage {

  private static final int INDENT = 2;

  private final Terminal terminal;
  private final Instant now;

  JobPage(Terminal terminal, Instant now) {
    this.terminal = terminal;
    this.now = now;
  }

  /**
   * Prints it.
   *
   * @param record null if the entry may not be read
   * @param failures null if they may not be read
   * @throws NoSuchFileException if the job left the spool meanwhile
   */
  void print(JobSnapshot job, @Nullable JobRecord record, @Nullable List<Failure> failures)
      throws IOException {
    PayloadPreview payload = record == null ? null : preview(record);
    terminal.line(job.id().value());
    Table facts = new Table(terminal).indent(INDENT).left("", Table.ALWAYS);
    facts.wrapped("", Table.ALWAYS);
    facts(job, facts);
    if (record != null && payload != null) {
      facts(record, payload, facts);
    }
    facts.end();
    if (record != null && !record.attributes().isEmpty()) {
      title("attributes");
      for (Map.Entry<String, String> each : record.attributes().entrySet()) {
        text(Printable.of(each.getKey()) + ": " + Printable.of(each.getValue()));
      }
    }
    if (failures != null && !failures.isEmpty()) {
      title("failures");
      failures(terminal, failures);
    }
    if (record != null && payload != null) {
      payload(payload, record.payload().size().orElse(payload.shown()));
    }
  }

  private static PayloadPreview preview(JobRecord job) throws IOException {
    try {
      return PayloadPreview.of(job.payload());
    } catch (NoSuchFileException e) {
      throw JobLookup.gone(job.snapshot().id().value());
    }
  }

  private void facts(JobSnapshot job, Table facts) throws IOException {
    facts.row("state", StateText.of(job.state()));
    facts.row("priority", String.valueOf(job.priority()));
    facts.row("attempts", String.valueOf(job.attempts()));
    time("enqueued", job.enqueuedAt(), facts);
    time("due", job.due(), facts);
    time("claimed", job.claimedAt(), facts);
    if (job.worker().isPresent()) {
      facts.row("worker", Printable.of(job.worker().get()));
    }
    if (job.host().isPresent()) {
      facts.row("from host", Printable.of(job.host().get()));
    }
    if (job.foreign()) {
      facts.row("foreign", "another program delivered it");
    }
    if (job.size().isPresent()) {
      facts.row("size", size(job.size().getAsLong()));
    }
  }

  private static void facts(JobRecord job, PayloadPreview preview, Table facts) throws IOException {
    if (job.payload().size().isPresent()) {
      facts.row("payload", size(job.payload().size().getAsLong()));
    }
    if (job.key().isPresent()) {
      facts.row("key", Printable.of(job.key().get()));
    }
    if (preview.damage() != null) {
      facts.row("damaged", preview.damage());
    }
  }

  private static String size(long bytes) {
    String text = SizeText.of(bytes);
    return bytes + (bytes == 1 ? " byte" : " bytes") + (bytes < 1024 ? "" : " (" + text + ")");
  }

  private void time(String name, Optional<Instant> time, Table facts) throws IOException {
    if (time.isPresent()) {
      Duration ago = Duration.between(time.get(), now);
      String distance =
          ago.isNegative() ? "in " + DurationText.of(ago.negated()) : DurationText.of(ago) + " ago";
      facts.row(name, time(time.get()) + ", " + distance);
    }
  }

  private static String time(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private void title(String title) throws IOException {
    terminal.line("");
    terminal.line(title);
  }

  private void text(String line) throws IOException {
    Table paragraph = new Table(terminal).indent(INDENT).wrapped("", Table.ALWAYS);
    paragraph.row(line);
    paragraph.end();
  }

  /** Prints failed attempts as a table; nothing if there is none. */
  static void failures(Terminal terminal, List<Failure> failures) throws IOException {
    Table table = new Table(terminal).indent(INDENT).left("TIME", 2).right("TRY", 3);
    table.left("WORKER", 1).wrapped("REASON", Table.ALWAYS);
    for (Failure failure : failures) {
      boolean known = failure.isUnderstood();
      table.row(
          known ? time(failure.at()) : "-",
          known ? String.valueOf(failure.attempt()) : "-",
          failure.worker().isEmpty() ? "-" : Printable.of(failure.worker()),
          Printable.of(failure.reason()));
    }
    table.end();
  }

  private void payload(PayloadPreview payload, long size) throws IOException {
    if (size == 0) {
      return;
    }
    title(payload.isText() ? "payload" : "payload: no text");
    for (String line : payload.lines()) {
      text(line);
    }
    long more = size - payload.shown();
    if (payload.isText() && more > 0) {
      terminal.line("and " + size(more) + " more");
    }
  }
}
