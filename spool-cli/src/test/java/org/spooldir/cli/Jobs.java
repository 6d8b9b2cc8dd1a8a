package org.spooldir.cli;

import static org.spooldir.JobState.CLAIMED;
import static org.spooldir.JobState.DELAYED;
import static org.spooldir.JobState.DONE;
import static org.spooldir.JobState.FAILED;
import static org.spooldir.JobState.HELD;
import static org.spooldir.JobState.READY;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.JobSnapshot;
import org.spooldir.JobState;
import org.spooldir.Spool;
import org.spooldir.fs.DirectorySpool;
import org.spooldir.fs.SpoolOptions;

/** A spool with jobs in whatever state; this process is one of its workers. Close it. */
final class Jobs implements AutoCloseable {

  private static final Duration LONG = Duration.ofHours(1);

  private final Path directory;
  private final Spool spool;
  private int files;

  private Jobs(Path directory) throws IOException {
    this.directory = directory;
    this.spool =
        DirectorySpool.openOrCreate(directory, SpoolOptions.DEFAULTS.reserve(0).retention(LONG));
  }

  static Jobs in(Path directory) throws IOException {
    return new Jobs(directory);
  }

  Spool spool() {
    return spool;
  }

  /** Makes a job that stands in this state. */
  JobId a(JobState state) throws IOException {
    return switch (state) {
      case READY -> spool.enqueue(Job.of("x"));
      case CLAIMED -> claim().id();
      case DELAYED -> spool.enqueue(Job.of("x").delay(LONG));
      case HELD -> {
        JobId id = spool.enqueue(Job.of("x"));
        spool.maintenance().hold(List.of(id));
        yield id;
      }
      case FAILED -> {
        Claim claim = claim();
        claim.reject("no good");
        yield claim.id();
      }
      case DONE -> {
        Claim claim = claim();
        claim.complete();
        yield claim.id();
      }
    };
  }

  /** Makes a job and claims it: there must be no other one that is ready. */
  private Claim claim() throws IOException {
    JobId id = spool.enqueue(Job.of("x"));
    Claim claim = spool.claim().orElseThrow();
    if (!claim.id().equals(id)) {
      throw new AssertionError("claimed " + claim.id() + " in place of " + id);
    }
    return claim;
  }

  /** One in each state, in their order. */
  List<JobId> oneOfEach() throws IOException {
    Map<JobState, JobId> all = new EnumMap<>(JobState.class);
    for (JobState state : List.of(FAILED, DONE, CLAIMED, READY, DELAYED, HELD)) {
      all.put(state, a(state));
    }
    return List.copyOf(all.values());
  }

  /** Drops an entry of this name, as another program or another time left it. */
  void file(String directory, String name) throws IOException {
    Files.createFile(this.directory.resolve(directory).resolve(name));
  }

  /** Drops so many entries, the first one oldest; tells their ids. */
  List<String> files(String directory, Instant first, int count) throws IOException {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      files++;
      String id =
          String.format("%010d.M%06dP7Q%dR%016x.host", first.getEpochSecond(), i, files, files);
      file(directory, id + ",S=0");
      ids.add(id);
    }
    return ids;
  }

  /** Where a job is now; empty if it is gone. */
  Optional<JobState> state(JobId id) throws IOException {
    return spool.inspector().find(id).map(JobSnapshot::state);
  }

  /** Where these jobs are now. */
  List<Optional<JobState>> states(List<JobId> ids) throws IOException {
    List<Optional<JobState>> states = new ArrayList<>();
    for (JobId id : ids) {
      states.add(state(id));
    }
    return states;
  }

  /** How many jobs are in this state. */
  long count(JobState state) throws IOException {
    return spool.inspector().stats().jobs(state);
  }

  /** Everything there is, with inodes and times. */
  String tree() throws IOException {
    TreeMap<String, String> tree = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.toList()) {
        BasicFileAttributes facts = Files.readAttributes(path, BasicFileAttributes.class);
        tree.put(
            directory.relativize(path).toString(),
            facts.fileKey()
                + " "
                + facts.size()
                + " "
                + facts.lastModifiedTime()
                + " "
                + Files.getAttribute(path, "unix:ctime"));
      }
    }
    return tree.toString();
  }

  @Override
  public void close() throws IOException {
    spool.close();
  }
}
