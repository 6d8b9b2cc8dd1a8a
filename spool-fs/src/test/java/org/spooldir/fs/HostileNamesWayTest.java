package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spooldir.Claim;
import org.spooldir.JobId;
import org.spooldir.JobSnapshot;
import org.spooldir.JobState;
import org.spooldir.SpoolException;

/** Every way that a job can go, under names that are any bytes at all. */
class HostileNamesWayTest extends SpoolTest {

  /** Each file holds its own name. The last one pretends to have a past. */
  private static final List<String> NAMES =
      ImmutableList.<String>builder()
          .addAll(HostileNamesLife.NAMES)
          .add("c:2,RS,a=7,u=1,t=1,w=evil.1.x.1")
          .build();

  private DirectorySpool spool;

  @BeforeEach
  void deliver() throws Exception {
    spool = lab.openWorker();
    RawNames.create(lab.root.resolve("new"), NAMES);
  }

  private static void assertPrintable(String text) {
    assertTrue(
        text.chars().allMatch(c -> c >= ' ' && c <= '~'),
        () -> "unescaped: " + FileNames.escape(text));
  }

  private Set<JobId> ids(JobState state) throws Exception {
    try (Stream<JobSnapshot> jobs = spool.inspector().list(Set.of(state))) {
      return jobs.peek(job -> assertPrintable(job.toString()))
          .map(JobSnapshot::id)
          .collect(Collectors.toSet());
    }
  }

  private interface Settle {
    void with(Claim claim) throws Exception;
  }

  /** Claims all there are; their contents. */
  private Set<String> claimAll(Settle way) throws Exception {
    Set<String> contents = new TreeSet<>();
    for (int i = 0; i < NAMES.size(); i++) {
      Claim claim = Lab.claim(spool);
      assertPrintable(claim.id().value());
      assertEquals(Map.of(), claim.attributes());
      contents.add(new String(claim.payload().bytes(), ISO_8859_1));
      way.with(claim);
    }
    return contents;
  }

  @Test
  void allGoEveryWayAJobCanGo() throws Exception {
    Set<String> all = new TreeSet<>(NAMES);
    assertEquals(all, claimAll(claim -> claim.retry(Lab.LONG, "later")));
    assertEquals(NAMES.size(), ids(JobState.DELAYED).size());
    lab.time.advance(Lab.LONG.plusSeconds(1));
    spool.maintenance().recover();
    assertEquals(all, claimAll(claim -> claim.reject("never")));
    Set<JobId> failed = ids(JobState.FAILED);
    assertEquals(failed, Set.copyOf(spool.maintenance().requeue(failed).changed()));
    assertEquals(failed, Set.copyOf(spool.maintenance().hold(failed).changed()));
    assertEquals(failed, Set.copyOf(spool.maintenance().unhold(failed).changed()));
    DirectorySpool dead = lab.another().open();
    spool = dead;
    assertEquals(all, claimAll(claim -> {}));
    lab.declareWorkersDead();
    spool = lab.open();
    spool.maintenance().recover();
    assertEquals(all, claimAll(claim -> claim.release(Lab.LONG)));
    spool.maintenance().retryNow(ids(JobState.DELAYED));
    assertEquals(all, claimAll(claim -> assertEquals(2, claim.attempt())));
  }

  @Test
  void allAreDiscarded() throws Exception {
    Set<JobId> ids = ids(JobState.READY);
    assertEquals(ids, Set.copyOf(spool.maintenance().discard(ids).changed()));
    assertEquals(List.of(), lab.names("new"));
  }

  @Test
  void noMessageCarriesThemToATerminal() throws Exception {
    String asTheJdkNamesIt = "new/\u001b[31mred\n\u00ff";
    for (String step : List.of("rename new/.*", "read cur/.*", "rename cur/.*")) {
      lab.faults.on(step).fails(new FileSystemException(asTheJdkNamesIt, null, "I/O error"));
      SpoolException thrown =
          assertThrows(SpoolException.class, () -> Lab.claim(spool).retry(Lab.LONG, "busy"), step);
      assertPrintable(String.valueOf(thrown.getMessage()));
      assertPrintable(thrown.path());
      lab.faults.clear();
    }
    lab.faults.clear();
    lab.events.forEach(event -> assertPrintable(event.toString()));
  }

  @Test
  void nothingIsMadeAnywhereElse() throws Exception {
    Set<String> before = Tree.of(directory).files().keySet();
    claimAll(Claim::complete);
    Set<String> after = new TreeSet<>(Tree.of(directory).files().keySet());
    after.removeAll(before);
    assertEquals(Set.of(), after);
    assertArrayEquals(
        "spool 1\n".getBytes(ISO_8859_1), Files.readAllBytes(lab.root.resolve("spool.format")));
  }
}
