package org.spooldir.examples;

import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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

  /**
   * What became of the jobs.
   *
   * @param dropped handed in
   * @param completed left the spool, with the output as it should be
   * @param deadLettered stand among the dead letters
   * @param unfinished are in the spool still
   * @param damaged left the spool, but the output is not what was handed in
   * @param lost left the spool, and there is no output
   */
  record Outcome(
      long dropped, long completed, long deadLettered, long unfinished, long damaged, long lost) {

    /** Whether all is as it should be. */
    boolean isGood() {
      return completed == dropped;
    }
  }

  /** Looks at each output. */
  Outcome verify() throws IOException {
    Map<String, JobState> inSpool = jobs();
    long[] counts = new long[Fate.values().length];
    Manifest.forEach(
        output.manifest(),
        entry -> {
          Fate fate = fate(entry, inSpool);
          counts[fate.ordinal()]++;
          if (fate != Fate.COMPLETED) {
            out.println(fate + ": " + entry.path() + ", job " + entry.job());
          }
        });
    return new Outcome(
        Stream.of(Fate.values()).mapToLong(fate -> counts[fate.ordinal()]).sum(),
        counts[Fate.COMPLETED.ordinal()],
        counts[Fate.DEAD_LETTERED.ordinal()],
        counts[Fate.UNFINISHED.ordinal()],
        counts[Fate.DAMAGED.ordinal()],
        counts[Fate.LOST.ordinal()]);
  }

  private enum Fate {
    COMPLETED,
    DEAD_LETTERED,
    UNFINISHED,
    DAMAGED,
    LOST
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
