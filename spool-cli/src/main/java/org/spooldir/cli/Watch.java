package org.spooldir.cli;

import java.io.IOException;
import java.time.Duration;

/** {@code spool watch}: what changes in a spool, as it changes. */
final class Watch implements Verb {

  private static final Duration EACH_SECOND = Duration.ofSeconds(1);
  private static final Duration LEAST = Duration.ofMillis(100);

  @Override
  public Syntax syntax() {
    return Syntax.of("watch", "Shows what changes in a spool until it is interrupted.")
        .detail(
            "Looks again and again, and changes nothing: what comes and goes between two looks is"
                + " not seen. On a terminal the numbers are shown in place, with their change since"
                + " the look before; elsewhere they are printed once, and then a line for each look"
                + " that shows another number of jobs, workers or foreign things.")
        .operand("DIR", "The spool.")
        .flag("--json", "Print one JSON object a line for each look, changed or not.")
        .option("--interval", "DURATION", "The time between two looks; 1s if not given.")
        .example("spool watch /var/spool/thumbnails", "shows the spool at work; end it with Ctrl-C")
        .example(
            "spool watch --json --interval 10s /var/spool/thumbnails >>thumbnails.jsonl",
            "keeps a record");
  }

  @Override
  public int run(Arguments arguments, Terminal terminal) throws IOException, InterruptedException {
    Duration interval = arguments.duration("--interval").orElse(EACH_SECOND);
    if (interval.compareTo(LEAST) < 0) {
      throw Arguments.bad(
          "--interval", arguments.text("--interval", ""), "a length of time from 100ms on");
    }
    Runtime runtime = Runtime.getRuntime();
    // To be interrupted is the ordinary end. Each look is printed by one write, so none is cut.
    Thread ending = new Thread(() -> runtime.halt(ExitCode.OK));
    runtime.addShutdownHook(ending);
    try {
      watch(arguments, interval, terminal);
    } finally {
      try {
        runtime.removeShutdownHook(ending); // a failure has an exit code of its own
      } catch (IllegalStateException e) {
        // it is ending already
      }
    }
    return ExitCode.OK;
  }

  private static void watch(Arguments arguments, Duration interval, Terminal terminal)
      throws IOException, InterruptedException {
    boolean json = arguments.has("--json");
    WatchScreen screen = new WatchScreen(terminal);
    Reading before = null;
    while (!Thread.interrupted()) {
      Reading now = Reading.of(arguments.directory());
      Changes changes = new Changes(before, now);
      if (json) {
        terminal.line(now.json().add("changes", changes.json()).toString());
      } else if (terminal.isInteractive()) {
        screen.show(now, changes);
      } else if (!changes.isEmpty()) {
        terminal.line(now.time() + " " + changes.text());
      }
      terminal.flush();
      before = now;
      Thread.sleep(interval.toMillis());
    }
  }
}
