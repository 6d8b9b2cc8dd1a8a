package org.spooldir.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Set;
import java.util.stream.Stream;
import org.spooldir.JobRecord;
import org.spooldir.JobState;
import org.spooldir.SpoolInspector;
import org.spooldir.fs.DirectorySpool;

/** {@code spool export}: writes payloads as plain files. */
final class Export implements Verb {

  /** Of two exports into one directory each would take what the other has begun for a leftover. */
  static final String LOCK = ".spool-export.lock";

  @Override
  public Syntax syntax() {
    return Syntax.of("export", "Writes the payload of each job as a plain file.")
        .detail(
            "The file is called as the job's id. It is there once it is whole and on the disk, and"
                + " never in the place of another one; so an export that was cut off is completed by"
                + " running it again. The spool stays as it is: the jobs are not settled. Prints the"
                + " id of each job that was written, one a line, and at the end a count on standard"
                + " error.")
        .detail(
            "Exits with 65 if a job is damaged, with 74 if another file stands in the place of one,"
                + " with 77 if one may not be read; each is told on standard error, and the others"
                + " are written. Also with 75 if another export into the same directory is running.")
        .operand("DIR", "The spool, or a plain Maildir; reading it is enough.")
        .operand("TARGET", "A directory for the files, made if it is not there.")
        .operands("STATE", 0, "Only jobs in these states; without one, all but done ones.")
        .flag(
            "--json",
            "Beside each file ID also ID.json: all but the payload, attributes for instance, as"
                + " spool show --json prints it.")
        .example("spool export /var/spool/thumbnails out failed", "saves the dead letters")
        .example("spool export /var/spool/thumbnails out --json", "saves all there is of all jobs");
  }

  @Override
  public int run(Arguments arguments, Terminal terminal) throws IOException {
    Set<JobState> states = Ls.states(arguments.operands(2));
    SpoolInspector inspector = DirectorySpool.inspect(arguments.directory());
    Path target = Arguments.path("TARGET", arguments.operands(1).get(0));
    try {
      Files.createDirectory(target, WholeFile.mode("rwx------"));
    } catch (FileAlreadyExistsException e) {
      // of the user's, or of an earlier run
    }
    Exporting exporting = new Exporting(target, arguments.has("--json"), terminal);
    try (FileChannel lock = WholeFile.lock(target.resolve(LOCK));
        Stream<JobRecord> jobs = inspector.records(states)) {
      if (lock == null) {
        terminal.note(
            "spool export: another export into this directory is running: try again later");
        return ExitCode.TEMPORARY;
      }
      return write(jobs.iterator(), exporting);
    }
  }

  private static int write(Iterator<JobRecord> jobs, Exporting exporting) throws IOException {
    try {
      while (jobs.hasNext()) {
        exporting.write(jobs.next());
      }
    } catch (IOException | RuntimeException e) {
      exporting.stop(e);
      throw e;
    }
    return exporting.finish();
  }
}
