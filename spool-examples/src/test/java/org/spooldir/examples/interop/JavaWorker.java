package org.spooldir.examples.interop;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.spooldir.Claim;
import org.spooldir.ClaimLostException;
import org.spooldir.Spool;
import org.spooldir.fs.DirectorySpool;

/** Does what {@code worker.py} does with {@code telltale.sh}, and says so in the same words. */
final class JavaWorker {

  private static final Duration WAIT = Duration.ofMillis(200);
  private static final Duration BACKOFF = Duration.ofMillis(100);

  private JavaWorker() {}

  /** Takes the spool; ends with its standard input. */
  public static void main(String[] args) throws Exception {
    try (Spool spool = DirectorySpool.open(Path.of(args[0]), Telltale.OPTIONS)) {
      while (Telltale.goesOnAfter(0)) {
        Optional<Claim> claim = spool.claim(WAIT);
        if (claim.isPresent()) {
          say("claimed", claim.get());
          say(settle(claim.get()), claim.get());
        }
      }
    }
  }

  private static String settle(Claim claim) throws Exception {
    Optional<String> problem = Telltale.problem(claim.payload().bytes(), claim.attributes());
    try {
      if (problem.isPresent()) {
        claim.reject(problem.get());
        return "rejected";
      }
      if (Telltale.failsAtFirst(claim.attributes()) && claim.attempt() == 1) {
        claim.retry(BACKOFF, "this one never works at first");
        return "retried";
      }
      say("completing", claim);
      claim.complete();
      return "completed";
    } catch (ClaimLostException e) {
      return "lost";
    }
  }

  private static void say(String what, Claim claim) {
    System.out.println(what + " " + claim.id() + " " + claim.attempt());
  }
}
