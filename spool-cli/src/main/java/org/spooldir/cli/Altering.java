package org.spooldir.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.spooldir.JobId;
import org.spooldir.JobSnapshot;
import org.spooldir.JobState;
import org.spooldir.Spool;

/** One run of a verb that alters: finds the jobs, does it to them, counts. */
final class Altering {

  /** Jobs dealt with at once: each batch costs a listing, and must fit into memory. */
  static final int BATCH = 50_000;

  private final Alteration alteration;
  private final Selection selection;
  private final boolean dryRun;
  private final Spool spool;
  private final Terminal terminal;
  private long altered;
  private long missing;

  /** Nothing done yet. */
  Altering(
      Alteration alteration, Selection selection, boolean dryRun, Spool spool, Terminal terminal) {
    this.alteration = alteration;
    this.selection = selection;
    this.dryRun = dryRun;
    this.spool = spool;
    this.terminal = terminal;
  }

  /** Alters all jobs of the selection. */
  void all() throws IOException {
    Map<JobId, JobState> batch = new LinkedHashMap<>();
    list(
        selection.states(),
        job -> {
          if (selection.age().isReachedBy(job)) {
            batch.put(job.id(), job.state());
          }
          if (batch.size() == BATCH) {
            alter(batch);
            batch.clear();
          }
        });
    // RACE: a job that moved since it was listed is in a worker's hands, where it should be.
    alter(batch);
  }

  /** Alters the jobs of these ids; says of each other one why not. */
  void named(Collection<JobId> ids) throws IOException {
    Set<JobId> wanted = new LinkedHashSet<>(ids);
    for (int look = 0; look < JobLookup.LOOKS && !wanted.isEmpty(); look++) {
      for (JobId id : alter(selected(wanted))) {
        wanted.remove(id);
      }
      if (!wanted.isEmpty()) {
        list(
            selection.others(),
            job -> {
              if (wanted.remove(job.id())) {
                miss(job.id() + ": " + whereabouts(job));
              }
            });
      }
    }
    for (JobId id : wanted) {
      miss(id + ": no such job");
    }
  }

  private Map<JobId, JobState> selected(Set<JobId> wanted) throws IOException {
    Map<JobId, JobState> selected = new LinkedHashMap<>();
    list(
        selection.states(),
        job -> {
          if (wanted.contains(job.id())) {
            if (selection.age().isReachedBy(job)) {
              selected.put(job.id(), job.state());
            } else {
              wanted.remove(job.id());
              miss(job.id() + ": " + StateText.of(job.state()) + ", but not old enough");
            }
          }
        });
    return selected;
  }

  private String whereabouts(JobSnapshot job) {
    return job.state() == JobState.CLAIMED
        ? "claimed by " + job.worker().map(Printable::of).orElse("no worker")
        : StateText.of(job.state()) + ", not " + Selection.names(selection.states());
  }

  /** Counts a job that was named and not found, and says why. */
  void miss(String why) {
    missing++;
    terminal.note("spool " + alteration.verb() + ": " + why);
  }

  private interface Visit {
    void to(JobSnapshot job) throws IOException;
  }

  private void list(Set<JobState> states, Visit visit) throws IOException {
    try (Stream<JobSnapshot> jobs = spool.inspector().list(states)) {
      for (Iterator<JobSnapshot> each = jobs.iterator(); each.hasNext(); ) {
        visit.to(each.next());
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private Collection<JobId> alter(Map<JobId, JobState> jobs) throws IOException {
    if (jobs.isEmpty()) {
      return Set.of();
    }
    Collection<JobId> done;
    if (dryRun) {
      for (Map.Entry<JobId, JobState> job : jobs.entrySet()) {
        terminal.line(
            "would "
                + alteration.verb()
                + " "
                + job.getKey()
                + " ("
                + StateText.of(job.getValue())
                + ")");
      }
      done = Set.copyOf(jobs.keySet());
    } else {
      done = alteration.to(jobs, selection.states(), spool.maintenance());
    }
    altered += done.size();
    terminal.progress(altered + " " + alteration.done());
    return done;
  }

  /** The count, and what it means. */
  int finish() throws IOException {
    terminal.progress("");
    terminal.line(
        altered
            + (dryRun ? " would be " : " ")
            + alteration.done()
            + (missing == 0 ? "" : ", " + missing + " not found"));
    return missing == 0 ? ExitCode.OK : ExitCode.NO_INPUT;
  }
}
