package org.spooldir.fs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spooldir.Claim;
import org.spooldir.JobId;
import org.spooldir.JobSnapshot;
import org.spooldir.JobState;

/** Names that other programs give: any bytes, and not unique over time. */
@Timeout(120)
final class HostileNamesTest {

  private static final String NAME = "1795000000.\u00ff twice:2,S";

  @TempDir private Path scratch;
  private Path root;

  @BeforeEach
  void nameTheSpool() {
    root = scratch.resolve("spool");
  }

  @ParameterizedTest
  @FieldSource("org.spooldir.fs.HostileNamesLife#NAMES")
  void anyNameLivesAWholeLife(String name) throws Exception {
    HostileNamesLife.live(root, name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"C", "C.UTF-8"})
  void anyNameLivesAWholeLifeInAnyLocale(String locale) throws Exception {
    ProcessBuilder java =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            HostileNamesLife.class.getName(),
            root.toString());
    java.environment().put("LC_ALL", locale);
    Shell.run(java);
  }

  @Test
  void ofTwoReleasedJobsOfOneNameBothAreClaimable() throws Exception {
    try (DirectorySpool spool = DirectorySpool.openOrCreate(root, HostileNamesLife.OPTIONS)) {
      for (Claim claim : claimTwoOfOneName(spool)) {
        claim.release();
      }
      assertEquals(2, list(spool, JobState.READY).size());
      Claim one = spool.claim().orElseThrow();
      Claim two = spool.claim().orElseThrow();
      assertEquals(Set.of("first", "second"), Set.of(one.payload().text(), two.payload().text()));
      assertEquals(1, one.attempt());
      one.complete();
      two.complete();
      assertEquals(List.of(), list(spool, JobState.values()));
    }
  }

  @Test
  void ofTwoRejectedJobsOfOneNameBothAreDeadLetters() throws Exception {
    try (DirectorySpool spool = DirectorySpool.openOrCreate(root, HostileNamesLife.OPTIONS)) {
      for (Claim claim : claimTwoOfOneName(spool)) {
        claim.reject("why: " + claim.payload().text());
      }
      Set<String> reasons = new TreeSet<>();
      for (JobSnapshot dead : list(spool, JobState.FAILED)) {
        var record = spool.inspector().read(dead.id()).orElseThrow();
        assertEquals("why: " + record.payload().text(), record.failures().get(0).reason());
        reasons.add(record.failures().get(0).reason());
      }
      assertEquals(Set.of("why: first", "why: second"), reasons);
    }
  }

  @Test
  void ofTwoHeldJobsOfOneNameBothAreHeld() throws Exception {
    try (DirectorySpool spool = DirectorySpool.openOrCreate(root, HostileNamesLife.OPTIONS)) {
      for (String body : List.of("first", "second")) {
        deliver(body);
        JobId ready = list(spool, JobState.READY).get(0).id();
        assertEquals(List.of(ready), spool.maintenance().hold(List.of(ready)).changed());
      }
      List<JobId> held = list(spool, JobState.HELD).stream().map(JobSnapshot::id).toList();
      assertEquals(2, Set.copyOf(held).size());
      assertEquals(held, spool.maintenance().unhold(held).changed());
      Claim one = spool.claim().orElseThrow();
      Claim two = spool.claim().orElseThrow();
      assertEquals(Set.of("first", "second"), Set.of(one.payload().text(), two.payload().text()));
    }
  }

  private void deliver(String body) throws Exception {
    Shell.deliver(root, NAME, body.getBytes(StandardCharsets.UTF_8));
  }

  private List<Claim> claimTwoOfOneName(DirectorySpool spool) throws Exception {
    deliver("first");
    Claim first = spool.claim().orElseThrow();
    deliver("second");
    Claim second = spool.claim().orElseThrow();
    assertNotEquals(first.id(), second.id());
    return List.of(first, second);
  }

  private static List<JobSnapshot> list(DirectorySpool spool, JobState... states) throws Exception {
    try (Stream<JobSnapshot> jobs = spool.inspector().list(Set.of(states))) {
      return jobs.toList();
    }
  }
}
