package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.spooldir.Claim;
import org.spooldir.JobSnapshot;
import org.spooldir.JobState;

/** The whole life of a job under a hostile name; a program too, for a JVM in another locale. */
final class HostileNamesLife {

  static final SpoolOptions OPTIONS =
      SpoolOptions.DEFAULTS.poll(Duration.ofMillis(50)).lease(Duration.ofSeconds(1)).reserve(0);

  /** One char per byte. */
  static final List<String> NAMES =
      List.of(
          "1795000000.\u00ff\u00fe\u0080.host",
          "overlong \u00c0\u00af slash",
          "half of \u00c3",
          "\u00c3\u00a9 is valid, \u00c3( is not",
          "two\nlines\n",
          "return\rtab\t",
          "\u001b[31mred\u001b]0;title\u0007",
          "\u009b31m",
          "\u0001\u007f\u0080",
          " ",
          "  a space and another ",
          "-rf",
          "~root",
          "x..",
          "back\\slash\\n\\057",
          "x".repeat(255),
          "\u00ff".repeat(255),
          ":2,",
          "a:2,b:2,S,a=7:2,:2,",
          "x,S=999,C=00000000,H=5,P=9:2,",
          "1795000000.M1P1.host:2,FS",
          "99999999999999999999.x",
          "%2e%2e%2f..%2fetc%2fpasswd",
          "%41%00",
          "*?$(id)`id`'\"",
          "&|<>[]{}#!;",
          "{\"json\":1}",
          "new",
          "spool.format");

  private HostileNamesLife() {}

  public static void main(String[] args) throws Exception {
    for (String name : NAMES) {
      live(Path.of(args[0]), name);
    }
  }

  /** From delivery to completion, in a spool with nothing else in it. */
  static void live(Path root, String name) throws Exception {
    byte[] body = ("not text: \u00ff\u0000\n" + name).getBytes(StandardCharsets.ISO_8859_1);
    try (DirectorySpool spool = DirectorySpool.openOrCreate(root, OPTIONS)) {
      Shell.deliver(root, name, body);
      JobSnapshot ready = only(spool, JobState.READY);
      assertPrintable(ready);
      assertTrue(ready.foreign());
      assertEquals(Optional.of(ready), spool.inspector().find(ready.id()));
      assertArrayEquals(body, spool.inspector().read(ready.id()).orElseThrow().payload().bytes());

      Claim first = spool.claim().orElseThrow();
      assertEquals(1, first.attempt());
      assertArrayEquals(body, first.payload().bytes());
      assertEquals(first.id(), only(spool, JobState.CLAIMED).id());
      first.retry(Duration.ZERO, "again");

      Claim second = spool.claim().orElseThrow();
      assertEquals(2, second.attempt());
      assertEquals(first.id(), second.id());
      assertArrayEquals(body, second.payload().bytes());
      JobSnapshot claimed = only(spool, JobState.CLAIMED);
      assertPrintable(claimed);
      assertEquals(second.id(), claimed.id());
      assertEquals(1, spool.inspector().read(claimed.id()).orElseThrow().failures().size());
      second.complete();
      assertEquals(Optional.empty(), spool.claim());
    }
    for (String directory : SpoolLayout.DIRECTORIES) {
      assertEquals(List.of(), Shell.names(root.resolve(directory)), directory);
    }
  }

  private static void assertPrintable(JobSnapshot job) {
    assertTrue(job.id().value().matches("[!-.0-~]{1,200}"), job.toString());
  }

  private static JobSnapshot only(DirectorySpool spool, JobState state) throws Exception {
    try (Stream<JobSnapshot> jobs = spool.inspector().list(Set.of(JobState.values()))) {
      List<JobSnapshot> all = jobs.toList();
      assertEquals(1, all.size(), all.toString());
      assertEquals(state, all.get(0).state());
      return all.get(0);
    }
  }
}
