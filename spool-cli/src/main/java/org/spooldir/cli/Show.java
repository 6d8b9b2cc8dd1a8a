package org.spooldir.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.spooldir.Failure;
import org.spooldir.JobRecord;
import org.spooldir.JobSnapshot;
import org.spooldir.SpoolException;
import org.spooldir.SpoolInspector;
import org.spooldir.fs.DirectorySpool;

/** {@code spool show}: shows one job. */
final class Show implements Verb {

  private static final List<String> PARTS = List.of("--payload", "--headers", "--errors", "--json");

  @Override
  public Syntax syntax() {
    return Syntax.of("show", "Shows all there is to know of one job.")
        .detail(
            "Without an option it shows the state, the attributes, the failed attempts and, if the"
                + " payload is text, its first lines. What could harm a terminal is escaped, but"
                + " for --payload.")
        .operand("DIR", "The spool, or a plain Maildir; reading it is enough.")
        .operand(
            "ID",
            "The job: its id, the beginning of its id if that is enough, or the path or name of its"
                + " file.")
        .flag(
            "--payload",
            "Only the payload, byte for byte; exit code 65 at its end if the job is damaged.")
        .flag("--headers", "Only the attributes, one a line: name, colon, value.")
        .flag("--errors", "Only the failed attempts, oldest first.")
        .flag("--json", "All but the payload as one JSON object; docs/json.md describes it.")
        .example(
            "spool show /var/spool/thumbnails 1795247682.M355712",
            "shows the job whose id begins so")
        .example(
            "spool show /var/spool/thumbnails 1795247682.M355712 --payload > 42.png",
            "saves its payload");
  }

  @Override
  public int run(Arguments arguments, Terminal terminal) throws IOException {
    String part = part(arguments);
    Path directory = arguments.directory();
    SpoolInspector inspector = DirectorySpool.inspect(directory);
    JobSnapshot job = new JobLookup(inspector).find(arguments.operands(1).get(0));
    switch (part) {
      case "--payload" -> payload(read(inspector, job), terminal);
      case "--headers" -> headers(read(inspector, job), terminal);
      case "--errors" -> JobPage.failures(terminal, inspector.failures(job.id()));
      default -> all(inspector, job, terminal, part.equals("--json"));
    }
    return ExitCode.OK;
  }

  private static String part(Arguments arguments) {
    String part = "";
    for (String each : PARTS) {
      if (arguments.has(each)) {
        if (!part.isEmpty()) {
          throw new UsageException(part + " and " + each + ": one of them at a time");
        }
        part = each;
      }
    }
    return part;
  }

  private static JobRecord read(SpoolInspector inspector, JobSnapshot job) throws IOException {
    return inspector.read(job.id()).orElseThrow(() -> JobLookup.gone(job.id().value()));
  }

  private static InputStream open(JobRecord job) throws IOException {
    try {
      return job.payload().open();
    } catch (NoSuchFileException e) {
      throw JobLookup.gone(job.snapshot().id().value());
    }
  }

  private static void payload(JobRecord job, Terminal terminal) throws IOException {
    try (InputStream in = open(job)) {
      terminal.copy(in);
    }
  }

  private static void headers(JobRecord job, Terminal terminal) throws IOException {
    open(job).close(); // fails if the header is damaged, which looks like none
    for (Map.Entry<String, String> attribute : job.attributes().entrySet()) {
      terminal.line(Printable.of(attribute.getKey()) + ": " + Printable.of(attribute.getValue()));
    }
  }

  /** As much as we may read: an entry may be its owner's alone, but its name tells a lot. */
  private static void all(
      SpoolInspector inspector, JobSnapshot job, Terminal terminal, boolean json)
      throws IOException {
    JobRecord record = null;
    try {
      record = read(inspector, job);
    } catch (SpoolException e) {
      noteIfDenied(e, "no attributes and no payload", terminal);
    }
    List<Failure> failures = null;
    try {
      failures = inspector.failures(job.id());
    } catch (SpoolException e) {
      noteIfDenied(e, "no failures", terminal);
    }
    JobSnapshot last = record == null ? job : record.snapshot();
    if (json) {
      terminal.line(JobJson.of(last, record, failures).toString());
    } else {
      new JobPage(terminal, Instant.now()).print(last, record, failures);
    }
  }

  private static void noteIfDenied(SpoolException e, String what, Terminal terminal)
      throws SpoolException {
    if (!Denial.is(e)) {
      throw e;
    }
    terminal.note("spool show: " + what + ": " + Printable.of(String.valueOf(e.getMessage())));
  }
}
