package org.spooldir.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import org.spooldir.fs.DirectorySpool;

/** {@code spool import}: brings the waiting jobs of another queue into a spool. */
final class Import implements Verb {

  @Override
  public Syntax syntax() {
    return Syntax.of("import", "Moves the waiting jobs of a Maildir or a dirq queue into a spool.")
        .detail(
            "Each file becomes a job, byte for byte, in the order in which it waited, and leaves the"
                + " source. Prints the id of each job, one a line, once it is in and safe, and at the"
                + " end a count on standard error. Killed at any moment and run again, it brings in"
                + " each job exactly once. Producers and consumers of the source may be at work.")
        .detail(
            "A maildir is a plain Maildir: what is in its new/ waits. A dirq is a directory queue of"
                + " CERN's dirq libraries (Perl, Python, Java, C), simple layout: every element"
                + " waits that no consumer has locked.")
        .detail(
            "Exits with 75 if something is left that waits: what is locked, what cannot be read, what"
                + " is no regular file; each is told on standard error. Also if another import into"
                + " the same spool is running.")
        .operand("KIND", "maildir or dirq.")
        .operand("SOURCE", "The directory of the other queue.")
        .operand("DIR", "The spool.")
        .flag("--cur", "maildir: also what is in cur/, which a mail reader or consumer has seen.")
        .option(
            "--stale-locks",
            "TIME",
            "dirq: locks that are so old, as 10m, are those of dead consumers, and do not count.")
        .flag("--dry-run", "Change nothing, say what would be done.")
        .example("spool import maildir ~/Maildir /var/spool/mail-jobs", "moves the new mail")
        .example(
            "spool import dirq /var/spool/old /var/spool/jobs --stale-locks 10m",
            "moves the queue, also what consumers have left locked that are dead");
  }

  @Override
  public int run(Arguments arguments, Terminal terminal) throws IOException {
    Path source = Arguments.path("SOURCE", arguments.operands(1).get(0));
    Path directory = Arguments.path("DIR", arguments.operands(2).get(0));
    try (DirectorySpool spool = DirectorySpool.open(directory)) {
      Path from = source.toRealPath();
      Path to = directory.toRealPath();
      if (Files.exists(from.resolve("spool.format"))) {
        throw new UsageException("SOURCE: " + Printable.of(source.toString()) + " is a spool");
      }
      ImportSource queue = source(arguments, from, to);
      if (arguments.has("--dry-run")) {
        return show(queue, Passage.onTheirWay(from, to, queue.order()), terminal);
      }
      queue.waiting(); // fails before anything is made, if this is no such queue
      try (Passage passage = Passage.open(from, to)) {
        if (passage == null) {
          terminal.note("spool import: another import into this spool is running: try again later");
          return ExitCode.TEMPORARY;
        }
        return bring(new Importing(queue, passage, spool, terminal));
      }
    }
  }

  private static ImportSource source(Arguments arguments, Path from, Path to) {
    String kind = arguments.operands(0).get(0);
    requireFor("maildir", kind, arguments.has("--cur"), "--cur");
    requireFor("dirq", kind, arguments.has("--stale-locks"), "--stale-locks");
    return switch (kind) {
      case "maildir" -> new MaildirSource(from, arguments.has("--cur"));
      case "dirq" ->
          new DirqSource(
              from,
              Path.of(Passage.name(from, to)),
              arguments.duration("--stale-locks").orElse(null));
      default -> throw Arguments.bad("KIND", kind, "maildir or dirq");
    };
  }

  private static void requireFor(String kind, String given, boolean has, String option) {
    if (has && !given.equals(kind)) {
      throw new UsageException(option + " is for " + kind);
    }
  }

  private static int show(ImportSource queue, Collection<Path> onTheirWay, Terminal terminal)
      throws IOException {
    long in = onTheirWay.size();
    long left = 0;
    for (Path name : onTheirWay) {
      terminal.line("would go on with " + Printable.of(name.toString()));
    }
    for (ImportSource.Waiting job : queue.waiting()) {
      String obstacle = Importing.obstacle(job);
      if (obstacle == null && queue.isLocked(job)) {
        obstacle = Importing.LOCKED;
      }
      String file = Printable.of(job.file().toString());
      if (obstacle == null) {
        terminal.line("would import " + file);
        in++;
      } else {
        terminal.line("would leave " + file + ": " + obstacle);
        left++;
      }
    }
    terminal.line(in + " would be imported" + (left == 0 ? "" : ", " + left + " left"));
    return ExitCode.OK;
  }

  private static int bring(Importing importing) throws IOException {
    try {
      importing.all();
    } catch (IOException | RuntimeException e) {
      importing.stop(e);
      throw e;
    }
    return importing.finish();
  }
}
