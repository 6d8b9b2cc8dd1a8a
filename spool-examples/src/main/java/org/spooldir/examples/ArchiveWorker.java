package org.spooldir.examples;

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
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.zip.GZIPOutputStream;
import org.spooldir.Claim;
import org.spooldir.Payload;
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

  /**
   * Failed attempts are logged; those that fail on purpose need not be. Held, or it is forgotten.
   */
  private static final Logger LOG = Logger.getLogger("org.spooldir.worker");

  private final Output output;
  private final Duration weight;
  private final double flaky;

  private ArchiveWorker(Output output, Duration weight, double flaky) {
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
            new Output(Path.of(args[2])),
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
                .start(archive::compress)) {
          Leash.awaitEnd();
          worker.stop();
        }
      }
    }
  }

  private void compress(Claim claim) throws IOException, InterruptedException {
    TreePath path = new TreePath(attribute(claim, "path"));
    if (claim.attempt() == 1 && path.fraction() < flaky) {
      throw new IOException("failed on purpose");
    }
    TimeUnit.MILLISECONDS.sleep(weight.toMillis());

    // A job may come a second time, even while a worker believed dead is still at it. So each
    // attempt writes a file of its own, and a rename makes it the output: whole, whoever is last.
    Path draft = output.drafts().resolve(UUID.randomUUID().toString());
    try {
      if (!gzip(claim.payload(), draft).equals(attribute(claim, "sha256"))) {
        throw new RejectException("the file was changed while it was handed in");
      }
      Files.setLastModifiedTime(draft, FileTime.from(Instant.parse(attribute(claim, "mtime"))));
      Path target = output.of(path);
      Files.createDirectories(target.getParent());
      Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  private static String attribute(Claim claim, String name) {
    String value = claim.attributes().get(name);
    if (value == null) {
      throw new RejectException("not a job for the archive: it has no attribute " + name);
    }
    return value;
  }

  /** Compresses; returns the SHA-256 of what it compressed. */
  private static String gzip(Payload from, Path to) throws IOException {
    MessageDigest digest = Sha256.start();
    try (InputStream in = new DigestInputStream(from.open(), digest);
        OutputStream out = new GZIPOutputStream(Files.newOutputStream(to))) {
      in.transferTo(out);
    }
    return Sha256.end(digest);
  }

  private static void tell(SpoolEvent event) {
    if (event instanceof SpoolEvent.Claimed claimed) {
      Report.tell(Verb.CLAIMED, claimed.id());
    } else if (event instanceof SpoolEvent.Settled settled) {
      switch (settled.how()) {
        case COMPLETED -> Report.tell(Verb.COMPLETED);
        case RETRIED -> Report.tell(Verb.RETRIED);
        case RELEASED -> Report.tell(Verb.RELEASED);
        case REJECTED -> Report.tell(Verb.REJECTED, settled.reason());
      }
    } else if (event instanceof SpoolEvent.ClaimLost) {
      Report.tell(Verb.LATE);
    } else if (event instanceof SpoolEvent.Recovered recovered
        && recovered.report().recovered() > 0) {
      Report.tell(Verb.RECOVERED, recovered.report().recovered());
    }
  }
}
