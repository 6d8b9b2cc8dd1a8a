package org.spooldir.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spooldir.JobId;
import org.spooldir.Spool;
import org.spooldir.SpoolException;
import org.spooldir.fs.DirectorySpool;

/** {@code spool retry}, {@code hold}, {@code unhold} and {@code discard}: does it to jobs. */
final class Alter implements Verb {

  private static final String ALL = "ALL";
  private static final String STANDARD_INPUT = "-";

  private final Alteration alteration;

  Alter(Alteration alteration) {
    this.alteration = alteration;
  }

  @Override
  public Syntax syntax() {
    String verb = alteration.verb();
    Syntax syntax =
        switch (alteration) {
          case RETRY ->
              Syntax.of(verb, "Makes failed, done and delayed jobs ready, now.")
                  .detail(
                      "A failed or done job has all its attempts before it again; a delayed one"
                          + " keeps count. Their failures stay on record.")
                  .example(
                      "spool retry /var/spool/thumbnails ALL --state failed",
                      "gives all dead letters another chance")
                  .example(
                      "spool ls /var/spool/thumbnails failed --failed-with timeout --json | jq -r .id"
                          + " | spool retry /var/spool/thumbnails -",
                      "the same for those that failed with a timeout");
          case HOLD ->
              Syntax.of(verb, "Parks ready and delayed jobs until they are let go.")
                  .example(
                      "spool hold /var/spool/thumbnails ALL",
                      "parks everything that no worker has taken");
          case UNHOLD ->
              Syntax.of(verb, "Lets held jobs go on: ready, or delayed if their time is to come.")
                  .example("spool unhold /var/spool/thumbnails ALL", "lets them all go");
          case DISCARD ->
              Syntax.of(verb, "Deletes jobs for good; ALL needs --state.")
                  .example(
                      "spool discard /var/spool/thumbnails ALL --state failed --older-than 30d"
                          + " --dry-run",
                      "shows which dead letters it would delete");
        };
    return syntax
        .detail(
            "Ends with a count. A job that was named, but is not there or not in such a state, is"
                + " told on standard error, and the exit code is 66. Jobs in workers' hands are"
                + " never touched.")
        .operand("DIR", "The spool.")
        .operands(
            "ID",
            1,
            "Jobs, by id, by the name of their file, or by its path; -: read from standard input,"
                + " one a line; ALL: all jobs in these states.")
        .option(
            "--state", "STATE", "Only jobs in this state.", Selection.choices(alteration.states()))
        .option(
            "--older-than", "TIME", "Only jobs that were handed in at least so long ago, as 7d.")
        .flag("--dry-run", "Change nothing, say what would be done.");
  }

  @Override
  public int run(Arguments arguments, Terminal terminal) throws IOException {
    Selection selection = Selection.of(arguments, alteration.states());
    List<String> words = arguments.operands(1);
    boolean all = isAlone(ALL, words);
    boolean input = isAlone(STANDARD_INPUT, words);
    if (all && alteration == Alteration.DISCARD && !arguments.has("--state")) {
      throw new UsageException(
          "ALL would delete every job that no worker has: say which with --state, "
              + Selection.names(alteration.states()));
    }
    List<JobId> ids = all || input ? List.of() : ids(words);
    try (Spool spool = DirectorySpool.open(arguments.directory())) {
      Altering altering =
          new Altering(alteration, selection, arguments.has("--dry-run"), spool, terminal);
      try {
        if (all) {
          altering.all();
        } else if (input) {
          read(new Lines(terminal.input()), altering);
        } else {
          altering.named(ids);
        }
      } catch (SpoolException e) {
        altering.finish(); // what was done until then stands
        throw e;
      }
      return altering.finish();
    }
  }

  private static boolean isAlone(String word, List<String> words) {
    if (words.contains(word) && words.size() > 1) {
      throw new UsageException(word + " stands alone, without other jobs");
    }
    return words.contains(word);
  }

  private static List<JobId> ids(List<String> words) {
    List<JobId> ids = new ArrayList<>();
    for (String word : words) {
      ids.add(JobIds.parse(word));
    }
    return ids;
  }

  /** One bad line among a million keeps no other from its turn. */
  private static void read(Lines lines, Altering altering) throws IOException {
    List<JobId> batch = new ArrayList<>();
    long number = 0;
    for (byte @Nullable [] line = lines.next(); line != null; line = lines.next()) {
      number++;
      String word = new String(line, UTF_8).strip(); // of a carriage return, too
      try {
        if (!word.isEmpty()) {
          batch.add(JobIds.parse(word));
        }
      } catch (UsageException e) {
        altering.miss("line " + number + ": " + e.getMessage());
      }
      if (batch.size() == Altering.BATCH) {
        altering.named(batch);
        batch.clear();
      }
    }
    altering.named(batch);
  }
}
