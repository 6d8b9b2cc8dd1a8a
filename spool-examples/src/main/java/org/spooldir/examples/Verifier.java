package org.spooldir.examples;

import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.spooldir.JobSnapshot;
import org.spooldir.JobState;
import org.spooldir.SpoolException;
import org.spooldir.SpoolInspector;

/**
 * Compares what was handed in with what came out, when nobody is at work any more. Believes the
 * producers what they were promised, and no worker: what counts is what stands on the disk.
 */
final class Verifier {

  private final SpoolInspector spool;
  private final Output output;
  private final PrintStream out;

  /** Makes a verifier that tells on this stream of every job that is not as it should be. */
  Verifier(SpoolInspector spool, Output output, PrintStream out) {
    this.spool = spool;
    this.output = output;
    this.out = out;
  }

  /** What can become of a job. */
  enum Fate {
    /** It left the spool, and the output is what was handed in. */
    COMPLETED,
    /** It stands among the dead letters. */
    DEAD_LETTERED,
    /** It is in the spool still. */
    UNFINISHED,
    /** It left the spool, and the output is not what was handed in. */
    DAMAGED,
    /** It left the spool, and there is no output. */
    LOST
  }

  /** Looks at each output; says how many jobs had which fate. */
  Map<Fate, Long> verify() throws IOException {
    Map<String, JobState> inSpool = jobs();
    Map<Fate, Long> fates = new EnumMap<>(Fate.class);
    for (Fate fate : Fate.values()) {
      fates.put(fate, 0L);
    }
    Manifest.forEach(
        output.manifest(),
        entry -> {
          Fate fate = fate(entry, inSpool);
          fates.merge(fate, 1L, Long::sum);
          if (fate != Fate.COMPLETED) {
            out.println(fate + ": " + entry.path() + ", job " + entry.job());
          }
        });
    return fates;
  }

  /** Few, if all went well. */
  private Map<String, JobState> jobs() throws SpoolException {
    Map<String, JobState> jobs = new HashMap<>();
    try (Stream<JobSnapshot> all = spool.list(Set.of(JobState.values()))) {
      all.filter(job -> job.state() != JobState.DONE)
          .forEach(job -> jobs.put(job.id().value(), job.state()));
    }
    return jobs;
  }

  private Fate fate(Manifest.Entry entry, Map<String, JobState> inSpool) throws IOException {
    JobState state = inSpool.get(entry.job());
    if (state != null) {
      return state == JobState.FAILED ? Fate.DEAD_LETTERED : Fate.UNFINISHED;
    }
    Path file = output.of(entry.path());
    try {
      String sha256 = Sha256.of(new GZIPInputStream(Files.newInputStream(file)));
      return sha256.equals(entry.sha256()) ? Fate.COMPLETED : Fate.DAMAGED;
    } catch (NoSuchFileException e) {
      return Fate.LOST;
    } catch (ZipException | EOFException e) {
      return Fate.DAMAGED;
    }
  }
}
