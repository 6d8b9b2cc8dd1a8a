package org.spooldir.benchmarks;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.Locale;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.Spool;
import org.spooldir.fs.DirectorySpool;

/**
 * Hands in one big file, claims it, which verifies it, and reads it to its end: twice, and tells of
 * the second time.
 *
 * <pre>
 * BigRun DIR FILE
 * </pre>
 */
final class BigRun {

  private BigRun() {}

  public static void main(String[] args) throws Exception {
    try (Spool spool = DirectorySpool.openOrCreate(Path.of(args[0]).resolve("spool"))) {
      inAndOut(spool, Path.of(args[1])); // the JVM is warm after that
      Programs.sync(Path.of(args[0])); // and the disk has the room, once it knows what is free
      System.out.printf(Locale.ROOT, "seconds %.3f%n", inAndOut(spool, Path.of(args[1])));
    }
  }

  private static double inAndOut(Spool spool, Path file) throws Exception {
    long start = System.nanoTime();
    spool.enqueue(Job.of(file));
    try (Claim claim = spool.claim().orElseThrow()) {
      try (InputStream in = claim.payload().open()) {
        byte[] buffer = new byte[64 << 10]; // as dd has it
        while (in.read(buffer) >= 0) {}
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      claim.complete();
      return seconds;
    }
  }
}
