package org.spooldir.cli;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.spooldir.JobId;
import org.spooldir.SpoolEvent;
import org.spooldir.SpoolEvent.Settlement;
import org.spooldir.SpoolListener;

/** Tells the user how the jobs of a worker end: line by line, or in one line that moves. */
final class WorkReport implements SpoolListener {

  /** What is told of a job. */
  enum Style {
    /** A line on standard error, or progress where that is a terminal. */
    LINES,
    /** An object on standard output. */
    JSON,
    /** Nothing. */
    QUIET
  }

  private final Terminal terminal;
  private final Style style;
  private final Ending ending;
  private final Map<JobId, Long> started = new ConcurrentHashMap<>();
  private final Rate rate = new Rate(System.nanoTime());
  private final long begun = System.nanoTime();

  /** Silenced, because all that it says is told here; held, because loggers are collected. */
  private final Logger log = Logger.getLogger("org.spooldir");

  private long done;
  private long retried;
  private long dead;
  private long released;

  /**
   * A report.
   *
   * @param ending told if nobody reads it any more
   */
  WorkReport(Terminal terminal, Style style, Ending ending) {
    this.terminal = terminal;
    this.style = style;
    this.ending = ending;
  }

  /** Silences the log: to be called when the spool is open, which warns of a weak file system. */
  void silenceLog() {
    log.setLevel(Level.OFF);
  }

  /** Whether progress is shown. */
  boolean showsProgress() {
    return style == Style.LINES && terminal.showsProgress();
  }

  @Override
  public void on(SpoolEvent event) {
    if (event instanceof SpoolEvent.Claimed claimed) {
      started.put(claimed.id(), System.nanoTime());
    } else if (event instanceof SpoolEvent.Settled settled) {
      count(settled.how());
      tell(
          settled.id(),
          settled.how().name().toLowerCase(Locale.ROOT),
          settled.attempt(),
          settled.reason());
    } else if (event instanceof SpoolEvent.ClaimLost lost) {
      tell(lost.id(), "lost", lost.attempt(), "believed dead, or the job was moved");
    } else {
      onTrouble(event);
    }
  }

  /** Tells trouble only: a spool has a listener of its own, which hears of each job as well. */
  void onTrouble(SpoolEvent event) {
    if (event instanceof SpoolEvent.Trouble trouble) {
      terminal.note("spool work: " + Printable.of(trouble.what() + ": " + trouble.cause()));
    }
  }

  private synchronized void count(Settlement how) {
    switch (how) {
      case COMPLETED -> done++;
      case RETRIED -> retried++;
      case REJECTED -> dead++;
      case RELEASED -> released++;
    }
  }

  private void tell(JobId id, String outcome, int attempt, String reason) {
    Long start = started.remove(id);
    Duration ran = Duration.ofNanos(start == null ? 0 : System.nanoTime() - start);
    if (style == Style.JSON) {
      JsonLine line =
          new JsonLine()
              .add("at", Instant.now())
              .add("id", id.value())
              .add("outcome", outcome)
              .add("attempt", attempt)
              .add("millis", ran.toMillis());
      if (!reason.isEmpty()) {
        line.add("reason", reason);
      }
      print(line.toString());
    } else if (style == Style.LINES && !(showsProgress() && outcome.equals("completed"))) {
      terminal.note(
          id.value() // printable by the rules of ids, and to be read by other verbs
              + " "
              + outcome
              + " (attempt "
              + attempt
              + ", "
              + DurationText.of(ran)
              + ")"
              + (reason.isEmpty() ? "" : ": " + Printable.of(reason)));
    }
  }

  private synchronized void print(String line) {
    try {
      terminal.line(line);
      terminal.flush(); // each at once, for who follows it
    } catch (IOException e) {
      ending.because(e);
    }
  }

  /** Shows how far it is. */
  synchronized void showProgress() {
    if (showsProgress()) {
      rate.measure(done + retried + dead, System.nanoTime());
      terminal.progress(started.size() + " running, " + counts() + ", " + rate);
    }
  }

  /** Says that it stops, and for what it waits. */
  synchronized void stopping(Duration grace) {
    terminal.progress("");
    if (style == Style.LINES && !started.isEmpty()) {
      terminal.note(
          "stopping: "
              + started.size()
              + " running, with "
              + DurationText.of(grace)
              + " to end; a second signal ends them at once");
    }
  }

  /** Says what was done, where progress was shown. */
  synchronized void ended() {
    if (showsProgress()) {
      Duration ran = Duration.ofNanos(System.nanoTime() - begun);
      terminal.note(counts() + " in " + DurationText.of(ran));
    }
  }

  /** Says that delayed jobs were left. */
  void left(long delayed) {
    if (style == Style.LINES && delayed > 0) {
      terminal.note(
          "no job is ready; "
              + delayed
              + " delayed "
              + (delayed == 1 ? "job is" : "jobs are")
              + " left");
    }
  }

  private String counts() {
    return done
        + " done, "
        + retried
        + " retried, "
        + dead
        + " dead"
        + (released == 0 ? "" : ", " + released + " released");
  }
}
