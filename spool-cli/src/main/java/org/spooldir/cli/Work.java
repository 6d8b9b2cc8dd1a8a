package org.spooldir.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.spooldir.JobSnapshot;
import org.spooldir.JobState;
import org.spooldir.Spool;
import org.spooldir.fs.DirectorySpool;
import org.spooldir.worker.Worker;

/** {@code spool work}: runs a command on each job. */
final class Work implements Verb {

  private static final Duration PROGRESS = Duration.ofMillis(500);

  @Override
  public Syntax syntax() {
    return Syntax.of("work", "Runs a command on each job of a spool.")
        .detail(
            "The payload is the command's standard input. Exit status 0 completes the job; 65 (EX_DATAERR) makes it a"
                + " dead letter at once; any other, 75 (EX_TEMPFAIL) among them, and death by a signal let it be tried"
                + " again. The end of what the command printed on standard error is kept as the reason.")
        .detail(
            "Its environment has SPOOL_ID, SPOOL_ATTEMPT (from 1), SPOOL_SIZE (bytes of the payload), SPOOL_FILE (the"
                + " entry of the job, to read and nothing else), SPOOL_HEADER_BYTES (what stands in front of the"
                + " payload in that file: 0 without attributes and key) and SPOOL_ATTR_NAME for each attribute, its"
                + " name in upper case with _ for all but letters and digits. Of attributes whose names become the"
                + " same the first one counts; values with a NUL are left out, and so is a file whose name is no text.")
        .detail(
            "The command's standard output is that of spool. Its standard error is passed on by lines, and after it a"
                + " line for each job is printed there; on a terminal, progress instead, and a line for each job that"
                + " was not completed. With --json the lines go to standard output, and all that the command prints"
                + " goes to standard error.")
        .detail(
            "SIGTERM, SIGINT or SIGHUP: no more jobs are claimed, and running commands may go on for the grace. Then,"
                + " or at a second signal, they are sent SIGTERM, with all that they have started if there is"
                + " setsid(1), and SIGKILL 3 seconds later; their jobs are ready again and the attempt does not"
                + " count. The same happens to a command that is over the time limit, but that attempt counts. If"
                + " spool itself is killed by SIGKILL, its jobs go to other workers while its commands still run.")
        .detail(
            "A command that cannot be started is found out before the first job is claimed; if it goes later, the job"
                + " is given back and spool exits with 66.")
        .operand("DIR", "The spool.")
        .option("-j --jobs", "N", "So many commands at the same time; 1 if not given.")
        .option(
            "--attempts", "N", "A job that fails so often becomes a dead letter; 8 if not given.")
        .option(
            "--backoff",
            "A..B",
            "A failed job waits up to A, and each time up to twice as long until B; A alone: always so long; 1s..1h if"
                + " not given.")
        .option("--time-limit", "D", "Terminate a command that runs longer, and try again later.")
        .option(
            "--grace",
            "D",
            "How long running commands may go on after SIGTERM, SIGINT or SIGHUP; 30s if not given.")
        .flag(
            "--drain",
            "Exit when no job is ready and none is running; delayed jobs are left, and counted in a line.")
        .option(
            "--max-size",
            "SIZE",
            "A larger job, headers included, becomes a dead letter and no command sees it; in a drop box 1G if not"
                + " given, else no limit.")
        .options(
            "--owner",
            "USER",
            "Take the jobs of this user, by name or number, and your own; those of others become dead letters. May be"
                + " given more than once; if not at all, everyone's are taken.")
        .option("--max", "N", "Exit when so many jobs were claimed and settled.")
        .flag("--quiet", "Print nothing of jobs, nor what the command prints on standard error.")
        .flag("--json", "Print an object a line on standard output for each job.")
        .command("Run on each job, without a shell.")
        .example(
            "spool work /var/spool/thumbnails -j 4 -- ./thumbnail.sh",
            "runs the script on each job that comes, four at a time")
        .example(
            "spool work /var/spool/mail --drain --time-limit 5m -- /usr/sbin/sendmail -t",
            "hands over all mails that are ready, and exits; for cron")
        .example(
            "spool work /var/spool/prints --owner alice --owner bob --max-size 50M -- lp",
            "prints what two of those who may drop jobs have dropped, if it is not too large")
        .example(
            "spool work /var/spool/orders -- sh -c 'curl -sf -d @- \"https://orders.example/$SPOOL_ATTR_CUSTOMER\"'",
            "posts each job; a status of 400 or more is tried again");
  }

  @Override
  public int run(Arguments arguments, Terminal terminal) throws IOException {
    if (arguments.command().isEmpty()) {
      throw new UsageException("a command is missing: -- COMMAND [ARG...]");
    }
    WorkOptions options = WorkOptions.of(arguments);
    Program program = Program.find(arguments.command());
    Ending ending = new Ending();
    WorkReport report = new WorkReport(terminal, options.style(), ending);
    CommandHandler handler = handler(program, ending, report, options.style(), terminal);
    try (Spool spool =
        DirectorySpool.open(
            arguments.directory(), WorkOptions.spool(arguments).listener(report::onTrouble))) {
      report.silenceLog();
      work(spool, options, handler, ending, report);
      ending.check();
      if (options.drain()) {
        report.left(delayed(spool));
      }
    }
    return ExitCode.OK;
  }

  private static CommandHandler handler(
      Program program,
      Ending ending,
      WorkReport report,
      WorkReport.Style style,
      Terminal terminal) {
    // On a terminal the command must not print into the line that shows progress.
    boolean mixes = report.showsProgress() && terminal.isInteractive();
    return new CommandHandler(
        program,
        ending,
        style != WorkReport.Style.JSON && !mixes,
        style == WorkReport.Style.QUIET ? null : terminal);
  }

  /** Works until something says that it is to end, and through the grace. */
  private static void work(
      Spool spool, WorkOptions options, CommandHandler handler, Ending ending, WorkReport report) {
    BoundedSpool jobs =
        new BoundedSpool(spool, options.threads(), options.most(), options.drain(), ending);
    Worker.Builder worker = options.worker(jobs).listener(report);
    StopSignals signals = new StopSignals(ending);
    Worker working = worker.start(handler);
    await(ending, report);
    report.stopping(options.grace());
    working.close();
    signals.disarm();
    report.ended();
  }

  private static void await(Ending ending, WorkReport report) {
    try {
      do {
        report.showProgress();
      } while (!ending.await(PROGRESS));
    } catch (InterruptedException e) {
      // A second signal came already: it is for the wait of the worker's close().
      Thread.currentThread().interrupt();
    }
  }

  private static long delayed(Spool spool) throws IOException {
    try (Stream<JobSnapshot> delayed = spool.inspector().list(Set.of(JobState.DELAYED))) {
      return delayed.count();
    }
  }
}
