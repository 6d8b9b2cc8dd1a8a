package org.spooldir.examples.interop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.common.hash.Hashing;
import com.google.common.primitives.Bytes;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.spooldir.fs.SpoolOptions;

/**
 * A job that tells whether it is whole: a line with its name and the SHA-256 of the rest, and the
 * rest, of any length. The name is an attribute too. {@code telltale.sh} checks it in shell.
 */
record Telltale(String name) {

  private static final int LONGEST = 20_000;

  /**
   * How the spool is opened in the tests: no living child of a busy machine is silent for a lease.
   */
  static final SpoolOptions OPTIONS =
      SpoolOptions.DEFAULTS.lease(Duration.ofSeconds(4)).poll(Duration.ofMillis(200));

  byte[] payload() {
    Random random = new Random(name.hashCode());
    byte[] body = new byte[random.nextInt(LONGEST)];
    random.nextBytes(body);
    String line = name + " " + Hashing.sha256().hashBytes(body) + "\n";
    return Bytes.concat(line.getBytes(US_ASCII), body);
  }

  /** What is wrong with a job; empty if it is whole. */
  static Optional<String> problem(byte[] payload, Map<String, String> attributes) {
    String name = attributes.getOrDefault("name", "");
    byte[] expected = new Telltale(name).payload();
    return Arrays.equals(expected, payload)
        ? Optional.empty()
        : Optional.of("torn: " + name + ", " + new String(payload, ISO_8859_1).split("\n", 2)[0]);
  }

  /** Whether its first attempt fails on purpose. */
  static boolean failsAtFirst(Map<String, String> attributes) {
    return attributes.getOrDefault("name", "").endsWith("7");
  }

  /** Waits a while; says whether the parent still holds standard input open. */
  static boolean goesOnAfter(long millis) throws IOException {
    long until = System.nanoTime() + Duration.ofMillis(millis).toNanos();
    do {
      if (System.in.available() > 0) {
        return false;
      }
      LockSupport.parkNanos(Math.min(Duration.ofMillis(20).toNanos(), until - System.nanoTime()));
    } while (System.nanoTime() < until);
    return true;
  }
}
