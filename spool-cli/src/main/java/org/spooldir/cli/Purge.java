package org.spooldir.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.Set;
import java.util.stream.Stream;
import org.spooldir.JobSnapshot;
import org.spooldir.JobState;
import org.spooldir.Spool;
import org.spooldir.SpoolMaintenance;
import org.spooldir.fs.DirectorySpool;

/** {@code spool purge}: deletes what is settled and old. */
final class Purge implements Verb {

  private static final Set<JobState> STATES = EnumSet.of(JobState.FAILED, JobState.DONE);

  @Override
  public Syntax syntax() {
    return Syntax.of("purge", "Deletes failed or done jobs that have been so for long.")
        .detail("Made for cron: both options must be given. Ends with a count.")
        .operand("DIR", "The spool.")
        .option("--state", "STATE", "Which: failed or done.", Selection.choices(STATES))
        .option("--older-than", "TIME", "For how long at least they have been so, as 30d.")
        .flag("--dry-run", "Change nothing, say what would be done.")
        .example(
            "spool purge /var/spool/thumbnails --state failed --older-than 30d",
            "deletes dead letters of the month before");
  }

  @Override
  public int run(Arguments arguments, Terminal terminal) throws IOException {
    JobState state = Selection.state(arguments.required("--state"), STATES);
    Duration age = Arguments.duration("--older-than", arguments.required("--older-than"));
    try (Spool spool = DirectorySpool.open(arguments.directory())) {
      SpoolMaintenance maintenance = spool.maintenance();
      if (arguments.has("--dry-run")) {
        terminal.line(show(maintenance, state, age, terminal) + " would be purged");
      } else {
        terminal.line(maintenance.purge(state, age) + " purged");
      }
    }
    return ExitCode.OK;
  }

  private static long show(
      SpoolMaintenance maintenance, JobState state, Duration age, Terminal terminal)
      throws IOException {
    long count = 0;
    try (Stream<JobSnapshot> jobs = maintenance.purgeable(state, age)) {
      for (Iterator<JobSnapshot> each = jobs.iterator(); each.hasNext(); count++) {
        terminal.line("would purge " + each.next().id() + " (" + StateText.of(state) + ")");
      }
    }
    return count;
  }
}
