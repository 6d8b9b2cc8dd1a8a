package org.spooldir.examples;

import static java.util.Objects.requireNonNullElse;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.zip.GZIPOutputStream;
import org.spooldir.Claim;
import org.spooldir.Spool;
import org.spooldir.SpoolEvent;
import org.spooldir.examples.Report.Verb;
import org.spooldir.fs.DirectorySpool;
import org.spooldir.fs.SpoolOptions;
import org.spooldir.worker.RejectException;
import org.spooldir.worker.RetryPolicy;
import org.spooldir.worker.Worker;

/** A worker process of {@link Archive}: compresses file after file, and checks each on the way. */
final class ArchiveWorker {

  private static final int THREADS = 2;
  private static final RetryPolicy RETRY =
      RetryPolicy.exponential(Duration.ofMillis(200), Duration.ofSeconds(2)).attempts(8);

  /** Failed attempts are logged; those that fail on purpose need not be. Held, or it is forgotten. */
  private static final Logger LOG = Logger.getLogger("org.spooldir.worker");

  private final Layout output;
  private final Duration weight;
  private final double flaky;

  private ArchiveWorker(Layout output, Duration weight, double flaky) {
    this.output = output;
    this.weight = weight;
    this.flaky = flaky;
  }

  /** Takes the spool, the lease in ms, the output, the weight of a job in ms, the flaky part. */
  public static void main(String[] args) throws IOException {
    LOG.setLevel(Level.WARNING);
    SpoolOptions options =
        SpoolOptions.DEFAULTS
            .lease(Duration.ofMillis(Long.parseLong(args[1])))
            .listener(ArchiveWorker::tell);
    ArchiveWorker archive =
        new ArchiveWorker(
            new Layout(Path.of(args[2])),
            Duration.ofMillis(Long.parseLong(args[3])),
            Double.parseDouble(args[4]));
    try (Spool spool = DirectorySpool.open(Path.of(args[0]), options)) {
      Report.tell(Verb.READY);
      if (Leash.awaitGo()) {
        try (Worker worker =
            Worker.on(spool)
                .concurrency(THREADS)
                .retry(RETRY)
                .timeLimit(Duration.ofMinutes(1))
                .listener(ArchiveWorker::tell)
                .start(archive::compress)) {
          Leash.awaitEnd();
          worker.stop();
        }
      }
    }
  }

  /** What the spool tells, and what the worker tells: no event comes from both. */
  private static void tell(SpoolEvent event) {
    if (event instanceof SpoolEvent.Recovered recovered && recovered.report().recovered() > 0) {
      Report.tell(Verb.RECOVERED, recovered.report().recovered());
    }
  }
}
