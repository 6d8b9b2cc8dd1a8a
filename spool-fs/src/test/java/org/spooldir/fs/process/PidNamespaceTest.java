package org.spooldir.fs.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.spooldir.fs.process.ChildProcess.Line;

/**
 * R1 between containers: a pid means nothing in another pid namespace, so nobody is declared dead
 * by it. Runs as root, and as anybody where users may make namespaces.
 */
@Tag("slow")
@Timeout(90)
class PidNamespaceTest {

  private static final List<List<String>> WAYS_IN =
      List.of(
          List.of("unshare", "--pid", "--fork", "--kill-child", "--mount-proc"),
          List.of("unshare", "-r", "--pid", "--fork", "--kill-child", "--mount-proc"));

  /** A beat of the one outside, by which it finds the silence, and much for a slow machine. */
  private static final Duration BEAT_AND_MARGIN = Duration.ofSeconds(1 + 10);

  private static List<String> namespace = List.of();

  @RegisterExtension final Processes processes = Processes.inMemory();

  @BeforeAll
  static void findAWayIn() throws IOException, InterruptedException {
    for (List<String> way : WAYS_IN) {
      List<String> probe = new ArrayList<>(way);
      probe.add("true");
      if (new ProcessBuilder(probe).redirectErrorStream(true).start().waitFor() == 0) {
        namespace = way;
        return;
      }
    }
    abort("no pid namespaces here, neither as this user nor as root of one's own: " + WAYS_IN);
  }

  @Test
  void livingWorkersOnBothSidesKeepTheirJobs() throws IOException {
    ChildProcess inside =
        processes.startBehind(namespace, PuppetMain.class, "lease=30000", "poll=100");
    ChildProcess outside = processes.start(PuppetMain.class, "lease=30000", "poll=100");
    assertEquals(List.of("1"), inside.next(Act.READY).words(), "its pid in its own namespace");
    outside.tell("enqueue first 1000");
    outside.next(Act.ENQUEUED);
    String first = inside.claim().id();
    outside.tell("enqueue second 1000");
    outside.next(Act.ENQUEUED);
    String second = outside.claim().id();

    // each looks around twenty-five times, and finds no job and nobody dead
    inside.tell("claim 2500");
    outside.tell("claim 2500");
    inside.next(Act.NOTHING);
    outside.next(Act.NOTHING);
    assertEquals(2, processes.files().in("workers").size(), "presences");
    inside.settle("COMPLETED", first);
    outside.settle("COMPLETED", second);
    processes.files().requireNoJobs();
    new Ledger(processes.children()).requireNoComplaints();
  }

  @Test
  void whoSeesTheProcOfAnotherNamespaceDeclaresNobodyDead() throws IOException {
    ChildProcess inside =
        processes.startBehind(namespace, PuppetMain.class, "lease=30000", "poll=100");
    inside.tell("enqueue job 1000");
    String id = inside.claim().id();
    List<String> wayIn =
        new ArrayList<>(List.of("nsenter", "--target", "" + inside.pid(), "--pid"));
    if (namespace.contains("-r")) {
      wayIn.addAll(List.of("--user", "--preserve-credentials"));
    }

    // In its namespace, but not in its mounts: here /proc/1 is another process than pid 1.
    ChildProcess stranger =
        processes.startBehind(wayIn, PuppetMain.class, "lease=30000", "poll=100");
    stranger.tell("claim 2500");
    stranger.next(Act.NOTHING);
    inside.settle("COMPLETED", id);
    processes.files().requireNoJobs();
    new Ledger(processes.children()).requireNoComplaints();
  }

  @Test
  void whoCannotSeeAProcessOfItsUserDeclaresNobodyDead() throws Exception {
    List<String> blind =
        List.of(
            "unshare",
            "--mount",
            "sh",
            "-c",
            "mount -t proc -o hidepid=2 proc /proc && exec setpriv --regid=1 --clear-groups"
                + " --bounding-set=-sys_ptrace \"$@\"",
            "sh");
    List<String> probe = new ArrayList<>(blind);
    probe.addAll(List.of("test", "!", "-e", "/proc/" + ProcessHandle.current().pid()));
    assumeTrue(
        new ProcessBuilder(probe).redirectErrorStream(true).start().waitFor() == 0,
        "this user cannot hide processes from itself");

    ChildProcess seeing = processes.start(PuppetMain.class, "lease=30000", "poll=100");
    seeing.tell("enqueue job 1000");
    String id = seeing.claim().id();
    ChildProcess unseeing =
        processes.startBehind(blind, PuppetMain.class, "lease=30000", "poll=100");
    unseeing.tell("claim 2500");
    unseeing.next(Act.NOTHING);
    seeing.settle("COMPLETED", id);
    processes.files().requireNoJobs();
    new Ledger(processes.children()).requireNoComplaints();
  }

  @Test
  void aKilledWorkerOfAnotherNamespaceIsMissedByItsSilenceOnly() throws IOException {
    Duration lease = Duration.ofSeconds(3);
    ChildProcess inside =
        processes.startBehind(namespace, PuppetMain.class, "lease=" + lease.toMillis(), "poll=100");
    ChildProcess outside =
        processes.start(PuppetMain.class, "lease=" + lease.toMillis(), "poll=100");
    inside.tell("enqueue job 1000");
    String id = inside.claim().id();
    String worker = processes.files().worker(id).orElseThrow();

    inside.kill();
    Instant lastBeat = processes.files().lastBeat(worker);
    outside.tell("claim 20000");
    Line claim = outside.next(Act.CLAIMED, lease.plus(BEAT_AND_MARGIN));
    Duration silence = Duration.between(lastBeat, Instant.now());
    assertTrue(silence.compareTo(lease) >= 0, "recovered before one lease: " + silence);
    assertEquals(List.of(id, "2"), claim.words());
    processes.print(
        "claimed again " + silence.toMillis() + " ms after the last beat, lease " + lease);
    outside.settle("COMPLETED", id);
    processes.files().requireNoJobs();
    new Ledger(processes.children()).requireNoComplaints();
  }

  @Test
  void workersOfOnePidAndHostNameDrainASpoolTogether() throws IOException {
    for (int i = 0; i < 2; i++) {
      processes.prepare(namespace, WorkerMain.class, "jobs=500", "idle=1500", "poll=100", "hold=5");
    }
    for (ChildProcess child : processes.children()) {
      assertEquals(List.of("1"), child.next(Act.READY).words(), "its pid in its own namespace");
    }
    processes.children().forEach(child -> child.tell("go"));
    processes.children().forEach(ChildProcess::awaitEnd);

    Ledger ledger = new Ledger(processes.children());
    ledger.requireNoComplaints();
    ledger.requireEachClaimedOnce();
    assertEquals(1000, ledger.acknowledged());
    assertEquals(1000, ledger.completed());
    processes.files().requireNoJobs();
  }
}
