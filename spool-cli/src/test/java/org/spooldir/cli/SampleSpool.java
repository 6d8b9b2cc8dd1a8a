package org.spooldir.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.JobState;
import org.spooldir.fs.DirectorySpool;
import org.spooldir.fs.SpoolOptions;

/** A spool with one job in each state, and what else other programs would do to it. */
record SampleSpool(Path root, Map<JobState, JobId> jobs) {

  /** What a hostile producer writes. */
  static final String HOSTILE = "\u001b[31m\u0007\n\r\t\u009b\u202e\\\"";

  static SampleSpool in(Path directory) throws Exception {
    Path root = directory.resolve("spool");
    SpoolOptions options = SpoolOptions.DEFAULTS.reserve(0).retention(Duration.ofHours(1));
    Map<JobState, JobId> jobs = new EnumMap<>(JobState.class);
    try (DirectorySpool spool = DirectorySpool.create(root, options)) {
      jobs.put(JobState.DONE, spool.enqueue(Job.of("done")));
      spool.claim().orElseThrow().complete();
      jobs.put(
          JobState.FAILED,
          spool.enqueue(
              Job.of("one\ntwo\n")
                  .attribute("size", "128")
                  .attribute("Title", "Gr\u00fc\u00dfe " + HOSTILE)
                  .key("thumbnail-42")));
      spool.claim().orElseThrow().retry(Duration.ZERO, "connection refused");
      spool.claim().orElseThrow().reject("timeout of 30 s " + HOSTILE);
      jobs.put(JobState.DELAYED, spool.enqueue(Job.of("delayed")));
      spool.claim().orElseThrow().retry(Duration.ofHours(2), "connection reset by peer");
      jobs.put(JobState.HELD, spool.enqueue(Job.of("held")));
      spool.maintenance().hold(List.of(jobs.get(JobState.HELD)));
      jobs.put(JobState.CLAIMED, spool.enqueue(Job.of("claimed")));
    }
    SampleSpool sample = new SampleSpool(root, jobs);
    Path ready = sample.entry("new"); // claimed by hand: a worker that closes gives its claims back
    long now = System.currentTimeMillis();
    Files.move(
        ready,
        root.resolve("cur").resolve(ready.getFileName() + ":2,,a=1,t=" + now + ",w=web1.42.abc.7"));
    try (DirectorySpool spool = DirectorySpool.open(root, options)) {
      jobs.put(JobState.READY, spool.enqueue(Job.of("ready").priority(7)));
    }
    return sample;
  }

  String id(JobState state) {
    return String.valueOf(jobs.get(state));
  }

  /** The only entry in this directory. */
  Path entry(String directory) throws IOException {
    try (var files = Files.list(root.resolve(directory))) {
      List<Path> all = files.toList();
      if (all.size() != 1) {
        throw new IllegalStateException(directory + " has " + all);
      }
      return all.get(0);
    }
  }

  /** Delivers an entry as another program does: under any name. */
  Path deliver(String directory, String name, String content) throws IOException {
    return Files.writeString(root.resolve(directory).resolve(name), content);
  }

  /** A name of ours, with these seconds and this end. */
  static String name(long seconds, int number, String end) {
    return "%010d.M%06dP1Q1R0123456789abcdef.host%s".formatted(seconds, number, end);
  }
}
