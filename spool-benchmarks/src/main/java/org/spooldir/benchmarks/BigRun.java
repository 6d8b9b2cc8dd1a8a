package org.spooldir.benchmarks;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Locale;
import org.spooldir.Claim;
import org.spooldir.Job;
import org.spooldir.Spool;
import org.spooldir.fs.DirectorySpool;

/**
 * Hands in one big file, claims it, which verifies it, and reads it to its end.
 *
 * <pre>
 * BigRun DIR FILE
 * </pre>
 */
final class BigRun {

  private BigRun() {}

  public static void main(String[] args) throws Exception {
    try (Spool spool = DirectorySpool.openOrCreate(Path.of(args[0]).resolve("spool"))) {
      long start = System.nanoTime();
      spool.enqueue(Job.of(Path.of(args[1])));
      try (Claim claim = spool.claim().orElseThrow()) {
        try (InputStream in = claim.payload().open()) {
          in.transferTo(OutputStream.nullOutputStream());
        }
        claim.complete();
      }
      System.out.printf(Locale.ROOT, "seconds %.3f%n", (System.nanoTime() - start) / 1e9);
    }
  }
}
