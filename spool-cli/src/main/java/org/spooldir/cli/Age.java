package org.spooldir.cli;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.spooldir.JobSnapshot;
import org.spooldir.JobState;
import org.spooldir.fs.DirectorySpool;

/** {@code spool age}: how old the jobs are. */
final class Age implements Verb {

  private static final int MOST_HOSTS = 20;

  @Override
  public Syntax syntax() {
    return Syntax.of("age", "Shows how old the jobs are, in the manner of qshape.")
        .detail(
            "A column counts the jobs that were handed in less than so long ago, and not less than"
                + " the column before; a job whose name does not tell stands below \"?\". By"
                + " priority or host the jobs are counted that are still to be done: ready, claimed,"
                + " delayed and held. On a terminal each row is drawn too, youngest to oldest, to"
                + " its own scale.")
        .detail(
            "Of hosts, the "
                + MOST_HOSTS
                + " with most jobs are shown; jobs that other programs delivered tell no host.")
        .operand("DIR", "The spool.")
        .option(
            "--by",
            "WHAT",
            "A row for each state, priority or host of a producer; state if not given.",
            "state",
            "priority",
            "host")
        .example(
            "spool age /var/spool/thumbnails", "shows whether old jobs pile up, and in which state")
        .example("spool age --by host /var/spool/thumbnails", "shows whose jobs they are");
  }

  @Override
  public int run(Arguments arguments, Terminal terminal) throws IOException {
    String by = arguments.text("--by", "state");
    AgeHistogram histogram = new AgeHistogram(Instant.now(), labels(by));
    Set<JobState> states =
        by.equals("state")
            ? EnumSet.allOf(JobState.class)
            : EnumSet.of(JobState.READY, JobState.CLAIMED, JobState.DELAYED, JobState.HELD);
    try (Stream<JobSnapshot> jobs = DirectorySpool.inspect(arguments.directory()).list(states)) {
      for (Iterator<JobSnapshot> each = jobs.iterator(); each.hasNext(); ) {
        JobSnapshot job = each.next();
        histogram.add(label(job, by), job.enqueuedAt());
      }
    }
    List<AgeHistogram.Row> rows =
        by.equals("host") ? histogram.largest(MOST_HOSTS) : histogram.rows();
    rows.add(histogram.total());
    new AgeTable(terminal, by.toUpperCase(Locale.ROOT), rows).print();
    return ExitCode.OK;
  }

  private static List<String> labels(String by) {
    List<String> labels = new ArrayList<>();
    switch (by) {
      case "state" -> {
        for (JobState state : JobState.values()) {
          labels.add(StateText.of(state));
        }
      }
      case "priority" -> {
        for (int priority = 9; priority >= 0; priority--) {
          labels.add(Integer.toString(priority));
        }
      }
      case "host" -> {}
      default -> throw Arguments.bad("--by", by, "state, priority or host");
    }
    return labels;
  }

  private static String label(JobSnapshot job, String by) {
    return switch (by) {
      case "state" -> StateText.of(job.state());
      case "priority" -> Integer.toString(job.priority());
      default -> job.host().orElse("(foreign)");
    };
  }
}
