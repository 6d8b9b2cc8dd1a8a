package org.spooldir.cli;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.Stream;
import org.spooldir.JobSnapshot;
import org.spooldir.JobState;
import org.spooldir.SpoolException;
import org.spooldir.SpoolInspector;
import org.spooldir.fs.DirectorySpool;

/** {@code spool ls}: lists jobs. */
final class Ls implements Verb {

  /**
   * So many jobs of a state are sorted; more are printed as they come, so that memory is bounded.
   */
  private static final int SORTED = 10_000;

  private static final long ALL = Long.MAX_VALUE;

  @Override
  public Syntax syntax() {
    return Syntax.of("ls", "Lists jobs, one a line.")
        .detail(
            "Without a STATE it lists all jobs but those that are done. They come by state, and"
                + " within a state as they are served: by priority, then by age; delayed ones by"
                + " when they are due. Where more than 10000 jobs of one state are listed without"
                + " --limit, those come in no order.")
        .detail(
            "The columns are the id, the state, the priority (9 first), how often the job was"
                + " tried, the stored bytes, the time since it was enqueued, and what else matters:"
                + " when it is due, which worker has it, why it failed last. A terminal that is"
                + " too narrow shows fewer columns, but always the whole id; a file or a pipe gets"
                + " all of it. Jobs move while they are listed: one that does may be listed twice,"
                + " or not at all.")
        .operand("DIR", "The spool, or a plain Maildir; reading it is enough.")
        .operands("STATE", 0, StateText.EXPECTED + ".")
        .flag("--json", "One JSON object a line; docs/json.md describes it.")
        .option(
            "--older-than",
            "D",
            "Only jobs enqueued at least so long ago: 90s, 5m, 1h30m, 7d. A job whose name tells no"
                + " time counts from its claim; without one it is not listed.")
        .option(
            "--failed-with",
            "TEXT",
            "Only jobs of which some recorded failure contains TEXT, upper and lower case as it"
                + " stands.")
        .option("--limit", "N", "Only the first N jobs.")
        .example("spool ls /var/spool/thumbnails", "lists all that is not done")
        .example(
            "spool ls /var/spool/thumbnails failed --failed-with timeout",
            "lists the dead letters that once failed with a timeout")
        .example(
            "spool ls /var/spool/thumbnails ready --older-than 1h --limit 5",
            "lists the next five of those that have been waiting for an hour or more");
  }

  @Override
  public int run(Arguments arguments, Terminal terminal) throws IOException {
    Set<JobState> states = states(arguments.operands(1));
    long left = arguments.number("--limit", 0, ALL, ALL);
    Instant now = Instant.now();
    SpoolInspector inspector = DirectorySpool.inspect(arguments.directory());
    JobFilter filter = JobFilter.of(arguments, inspector, now);
    JobListing listing = new JobListing(terminal, inspector, now, arguments.has("--json"));
    int code = ExitCode.OK;
    for (JobState state : states) {
      if (left == 0) {
        break;
      }
      try (Stream<JobSnapshot> jobs = list(inspector, state)) {
        left -= list(jobs.iterator(), filter, left, listing);
      } catch (DeniedStateException e) {
        terminal.note("spool ls: " + Printable.of(String.valueOf(e.getMessage())));
        code = ExitCode.NO_PERMISSION;
      }
    }
    listing.end();
    return code;
  }

  /** The states of these names; without one all but done. */
  static Set<JobState> states(List<String> texts) {
    if (texts.isEmpty()) {
      return EnumSet.complementOf(EnumSet.of(JobState.DONE));
    }
    Set<JobState> states = EnumSet.noneOf(JobState.class);
    for (String text : texts) {
      JobState state = StateText.parse(text);
      if (state == null) {
        throw Arguments.bad("STATE", text, StateText.EXPECTED);
      }
      states.add(state);
    }
    return states;
  }

  /** One state may not be listed; others perhaps may. */
  private static final class DeniedStateException extends IOException {
    private static final long serialVersionUID = 1L;

    DeniedStateException(SpoolException cause) {
      super(cause.getMessage(), cause);
    }
  }

  private static Stream<JobSnapshot> list(SpoolInspector inspector, JobState state)
      throws IOException {
    try {
      return inspector.list(EnumSet.of(state));
    } catch (SpoolException e) {
      throw Denial.is(e) ? new DeniedStateException(e) : e;
    }
  }

  /**
   * Lists the jobs of one state.
   *
   * @param limit how many at most
   * @return how many
   */
  private static long list(
      Iterator<JobSnapshot> jobs, JobFilter filter, long limit, JobListing listing)
      throws IOException {
    PriorityQueue<JobSnapshot> first = new PriorityQueue<>(Ls::inverseOrder);
    while (jobs.hasNext() && (limit != ALL || first.size() < SORTED)) {
      JobSnapshot job = jobs.next();
      if (filter.accepts(job)) {
        first.add(job);
        if (first.size() > limit) {
          first.remove(); // the last of them
        }
      }
    }
    List<JobSnapshot> sorted = new ArrayList<>(first);
    sorted.sort(Ls::order);
    for (JobSnapshot job : sorted) {
      listing.add(job);
    }
    while (jobs.hasNext()) {
      JobSnapshot job = jobs.next();
      if (filter.accepts(job)) {
        listing.add(job);
      }
    }
    return sorted.size();
  }

  private static int inverseOrder(JobSnapshot a, JobSnapshot b) {
    return order(b, a);
  }

  /** As jobs of one state are served: delayed ones become ready when they are due. */
  static int order(JobSnapshot a, JobSnapshot b) {
    int order = 0;
    if (a.state() == JobState.DELAYED) {
      order = compare(a.due().orElse(Instant.MIN), b.due().orElse(Instant.MIN));
    }
    if (order == 0) {
      order = Integer.compare(b.priority(), a.priority());
    }
    if (order == 0) {
      order = compare(a.enqueuedAt().orElse(Instant.MIN), b.enqueuedAt().orElse(Instant.MIN));
    }
    return order == 0 ? a.id().compareTo(b.id()) : order;
  }

  private static int compare(Instant a, Instant b) {
    return a.compareTo(b);
  }
}
