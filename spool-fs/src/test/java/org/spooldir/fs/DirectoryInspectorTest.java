package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.spooldir.Claim;
import org.spooldir.CorruptEntryException;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.JobRecord;
import org.spooldir.JobSnapshot;
import org.spooldir.JobState;
import org.spooldir.SpoolException;
import org.spooldir.SpoolInspector;
import org.spooldir.SpoolStats;

/** Looking. */
@Timeout(120)
final class DirectoryInspectorTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Set<JobState> ALL = Set.of(JobState.values());

  @TempDir private Path scratch;
  private Path root;
  private DirectorySpool spool;

  @BeforeEach
  void open() throws Exception {
    root = scratch.resolve("spool");
    spool = DirectorySpool.openOrCreate(root, HostileNamesLife.OPTIONS.retention(HOUR));
  }

  @AfterEach
  void close() throws Exception {
    spool.close();
  }

  /** One job in each state, and a stranger. */
  private List<JobId> fill() throws Exception {
    JobId done = spool.enqueue(Job.of("done"));
    spool.claim().orElseThrow().complete();
    JobId failed = spool.enqueue(Job.of("failed").key("k"));
    spool.claim().orElseThrow().reject("no");
    JobId delayed = spool.enqueue(Job.of("delayed"));
    spool.claim().orElseThrow().retry(HOUR, "later");
    JobId claimed = spool.enqueue(Job.of("claimed"));
    assertEquals(claimed, spool.claim().orElseThrow().id());
    JobId held = spool.enqueue(Job.of("held"));
    spool.maintenance().hold(List.of(held));
    JobId ready = spool.enqueue(Job.of("ready").attribute("a", "b"));
    Files.createSymbolicLink(root.resolve("new/link"), Path.of("nowhere"));
    Shell.deliver(root, "1795000000.\u00ff", new byte[] {1, 2, 3});
    Files.writeString(root.resolve("tmp/half"), "wri");
    return List.of(done, failed, delayed, claimed, held, ready);
  }

  @Test
  void lookingChangesNothing() throws Exception {
    List<JobId> jobs = fill();
    spool.close(); // no beat, no recovery: what changes now, an inspector has done
    Tree before = Tree.of(root);
    SpoolInspector inspector = DirectorySpool.inspect(root);
    List<JobSnapshot> all = list(inspector);
    assertEquals(7, all.size());
    for (JobSnapshot each : all) {
      assertEquals(Optional.of(each), inspector.find(each.id()));
      JobRecord job = inspector.read(each.id()).orElseThrow();
      assertTrue(job.payload().bytes().length > 0);
    }
    assertTrue(all.stream().map(JobSnapshot::id).toList().containsAll(jobs));
    assertEquals(Optional.empty(), inspector.find(new JobId("nowhere")));
    inspector.stats();
    assertEquals(before, Tree.of(root));
  }

  @Test
  void lookingThroughAnOpenSpoolChangesNothing() throws Exception {
    spool.enqueue(Job.of("x").key("k"));
    spool.enqueue(Job.of("x").delay(HOUR));
    Tree before = Tree.of(root);
    try (DirectorySpool other = DirectorySpool.open(root, HostileNamesLife.OPTIONS)) {
      assertEquals(2, list(other.inspector()).size());
      assertEquals(0, other.inspector().stats().workers());
    }
    assertEquals(before, Tree.of(root));
  }

  @Test
  void aPlainMaildirCanBeLookedAt() throws Exception {
    Path maildir = scratch.resolve("maildir");
    for (String name : SpoolLayout.MAILDIR) {
      Files.createDirectories(maildir.resolve(name));
    }
    Shell.deliver(maildir, "1795000000.M1P1.mx", new byte[] {'h', 'i'});
    Files.writeString(maildir.resolve("cur/1795000001.M1P1.mx:2,S"), "seen");
    Tree before = Tree.of(maildir);
    SpoolInspector inspector = DirectorySpool.inspect(maildir);
    JobId mail = new JobId("1795000000.M1P1.mx");
    assertEquals("hi", inspector.read(mail).orElseThrow().payload().text());
    assertEquals(2, list(inspector).size());
    SpoolStats stats = inspector.stats();
    assertEquals(1, stats.jobs(JobState.READY));
    assertEquals(1, stats.jobs(JobState.CLAIMED));
    assertEquals(Optional.of(Instant.ofEpochSecond(1795000000)), stats.oldestReady());
    assertEquals(before, Tree.of(maildir));
  }

  @Test
  void statsCount() throws Exception {
    Instant start = Instant.now();
    fill();
    SpoolStats stats = spool.inspector().stats();
    assertEquals(2, stats.jobs(JobState.READY));
    for (JobState state : Set.of(JobState.CLAIMED, JobState.HELD, JobState.DONE)) {
      String payload = state.name(); // the payload is the name of the state
      assertEquals(new SpoolStats.Count(1, payload.length()), stats.counts().get(state));
    }
    long bytes = Files.size(Shell.only(root.resolve("failed")));
    assertTrue(bytes > "failed".length()); // the key is in the header
    assertEquals(new SpoolStats.Count(1, bytes), stats.counts().get(JobState.FAILED));
    assertEquals(1, stats.writing());
    assertEquals(1, stats.foreign());
    assertEquals(1, stats.workers());
    assertEquals(Optional.of(Instant.ofEpochSecond(1795000000)), stats.oldestReady());
    Duration untilDue = Duration.between(start, stats.nextDue().orElseThrow());
    assertTrue(untilDue.compareTo(HOUR.minusSeconds(1)) > 0, untilDue.toString());
    assertTrue(untilDue.compareTo(HOUR.plusSeconds(60)) < 0, untilDue.toString());
  }

  @Test
  void jobsMayMoveWhileTheyAreListed() throws Exception {
    List<Job> some = Collections.nCopies(200, Job.of("x"));
    List<JobId> staying = new ArrayList<>(spool.enqueueAll(some));
    List<JobId> seen = new ArrayList<>();
    try (Stream<JobSnapshot> listing = spool.inspector().list(ALL)) {
      Iterator<JobSnapshot> each = listing.iterator();
      seen.add(each.next().id());
      for (int i = 0; i < 50; i++) {
        Claim claim = spool.claim().orElseThrow();
        staying.remove(claim.id());
        if (i % 2 == 0) {
          claim.complete();
        }
      }
      each.forEachRemaining(job -> seen.add(job.id()));
    }
    assertEquals(150, staying.size());
    for (JobId id : staying) {
      assertEquals(1, Collections.frequency(seen, id));
    }
  }

  @Test
  void thePayloadFollowsItsJob() throws Exception {
    JobId id = spool.enqueue(Job.of("the payload").attribute("a", "b"));
    JobRecord job = spool.inspector().read(id).orElseThrow();
    assertEquals("the payload", job.payload().text());
    Claim claim = spool.claim().orElseThrow();
    assertEquals("the payload", job.payload().text());
    claim.retry(HOUR, "later");
    assertEquals("the payload", job.payload().text());
    spool.maintenance().hold(List.of(id));
    assertEquals("the payload", job.payload().text());
    spool.maintenance().discard(List.of(id));
    Exception gone = assertThrows(NoSuchFileException.class, job.payload()::open);
    assertTrue(String.valueOf(gone.getMessage()).contains(id.value()));
  }

  @Test
  void aDamagedPayloadIsHandedOutWholeAndThenDenounced() throws Exception {
    for (String damage :
        List.of("a bad paylaod", "too short", "longer than the producer wrote it")) {
      JobId id = spool.enqueue(Job.of("a bad payload").attribute("a", "b"));
      Path entry = Shell.only(root.resolve("new"));
      Files.writeString(entry, "a: b\n\n" + damage);
      try (InputStream in = spool.inspector().read(id).orElseThrow().payload().open()) {
        assertEquals(damage, new String(in.readNBytes(damage.length()), US_ASCII));
        assertThrows(CorruptEntryException.class, in::read, damage);
      }
      spool.maintenance().discard(List.of(id));
    }
  }

  @Test
  void whatMayNotBeReadDoesNotHideTheRest() throws Exception {
    JobId id = spool.enqueue(Job.of("x").attribute("a", "b"));
    spool.claim().orElseThrow().reject("no");
    FaultyFileOps ops = FaultyFileOps.forReal(NioFileOps.on(root), root);
    SpoolInspector inspector =
        new DirectoryInspector(ops, new SpoolLayout(root, SpoolFormat.PLAIN));
    ops.faults.on("read errors/.*").fails(new AccessDeniedException("errors"));
    ops.faults.on("list held").fails(new AccessDeniedException("held"));
    JobRecord job = inspector.read(id).orElseThrow();
    assertEquals("b", job.attributes().get("a"));
    assertTrue(job.failures().get(0).reason().contains("no permission"), job.toString());
    assertThrows(SpoolException.class, () -> inspector.failures(id));
    assertThrows(SpoolException.class, () -> inspector.find(new JobId("in-held-perhaps")));
    Exception denied = assertThrows(SpoolException.class, () -> inspector.list(ALL));
    assertTrue(String.valueOf(denied.getMessage()).contains("/held"), denied.toString());
  }

  @Test
  void theNameOfAnEntryTellsItsJob() throws Exception {
    JobId id = spool.enqueue(Job.of("x").attribute("a", "b"));
    Path ready = Shell.only(root.resolve("new"));
    assertEquals(id, spool.claim().orElseThrow().id());
    assertEquals(id, DirectorySpool.idOf(FileNames.textOf(ready)), "it was here");
    assertEquals(id, DirectorySpool.idOf(FileNames.textOf(Shell.only(root.resolve("cur")))));
    assertEquals(new JobId("mail,S=3"), DirectorySpool.idOf("mail,S=3:2,FS"));
  }

  private static List<JobSnapshot> list(SpoolInspector inspector) throws Exception {
    try (Stream<JobSnapshot> jobs = inspector.list(ALL)) {
      return jobs.toList();
    }
  }
}
