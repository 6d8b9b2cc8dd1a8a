package org.spooldir.cli;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.spooldir.JobId;
import org.spooldir.JobSnapshot;
import org.spooldir.JobState;
import org.spooldir.SpoolException;
import org.spooldir.SpoolInspector;

/**
 * Finds the one job that somebody names: by its id, by the beginning of its id if no other one
 * begins so, or by a file as a listing of the directory shows it.
 */
final class JobLookup {

  /** A job that moves while the directories are listed can be missed; it is looked for so often. */
  static final int LOOKS = 3;

  private static final int NAMED = 3;

  private final SpoolInspector inspector;
  private @Nullable SpoolException denied;

  JobLookup(SpoolInspector inspector) {
    this.inspector = inspector;
  }

  /**
   * The job of this name.
   *
   * @throws UsageException if more than one begins so
   * @throws NoSuchFileException if there is none
   */
  JobSnapshot find(String text) throws IOException {
    String name = JobIds.lastOf(text);
    if (name.isEmpty()) {
      throw Arguments.bad("ID", text, "the id of a job, its beginning, or the file of an entry");
    }
    JobId named = JobIds.find(name);
    for (int look = 0; look < LOOKS; look++) {
      Map<JobId, JobSnapshot> found = new LinkedHashMap<>();
      for (JobState state : JobState.values()) {
        JobSnapshot exact = look(state, name, named, found);
        if (exact != null) {
          return exact;
        }
      }
      JobSnapshot byName = named == null ? null : found.get(named);
      if (byName != null) {
        return byName;
      }
      if (found.size() == 1) {
        return found.values().iterator().next();
      }
      if (found.size() > 1) {
        throw ambiguous(name, found);
      }
    }
    if (denied != null) {
      throw denied; // it may be there
    }
    throw gone(name);
  }

  /** There is no such job, or it went away while we looked. */
  static NoSuchFileException gone(String name) {
    return new NoSuchFileException(
        name,
        null,
        "there is no such job; if there was one, it may have been completed or discarded meanwhile");
  }

  /** Collects the jobs that may be meant; returns the one that is meant for certain. */
  private @Nullable JobSnapshot look(
      JobState state, String name, @Nullable JobId named, Map<JobId, JobSnapshot> found)
      throws SpoolException {
    try (Stream<JobSnapshot> jobs = inspector.list(EnumSet.of(state))) {
      for (Iterator<JobSnapshot> each = jobs.iterator(); each.hasNext(); ) {
        JobSnapshot job = each.next();
        if (job.id().value().equals(name)) {
          return job;
        }
        boolean mayBe = job.id().equals(named) || job.id().value().startsWith(name);
        if (mayBe && (found.size() < NAMED || job.id().equals(named))) {
          found.put(job.id(), job);
        }
      }
    } catch (SpoolException e) {
      if (!Denial.is(e)) {
        throw e;
      }
      denied = e;
    }
    return null;
  }

  private static UsageException ambiguous(String name, Map<JobId, JobSnapshot> found) {
    StringBuilder message = new StringBuilder("ID: more than one job begins with '");
    message.append(Printable.of(name)).append("':");
    for (JobId id : found.keySet()) {
      message.append(' ').append(id.value());
    }
    return new UsageException(message.toString());
  }
}
