package org.spooldir.fs.process;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.spooldir.fs.SpoolOptions;
import org.spooldir.fs.process.ChildProcess.Line;

/** R1: a worker that is killed is proven dead at once, whatever its lease. */
@Timeout(120)
class KilledWorkerTest {

  /**
   * Silence would be told by then at the earliest: whose claims come back before was proven dead.
   */
  private static final Duration LEASE = SpoolOptions.DEFAULTS.lease();

  private static final int CLAIMS = 3;
  private static final Path LAST_PID = Path.of("/proc/sys/kernel/ns_last_pid");

  @RegisterExtension final Processes processes = Processes.onDisk();

  @RepeatedTest(2)
  void itsJobsAreClaimedByAnotherLongBeforeItsLeaseIsOver() throws IOException {
    ChildProcess victim = processes.start(PuppetMain.class, "durability=ENQUEUE");
    ChildProcess heir = processes.start(PuppetMain.class, "durability=ENQUEUE");
    TreeSet<String> held = new TreeSet<>();
    for (int i = 0; i < CLAIMS; i++) {
      victim.tell("enqueue job-" + i + " 1000");
      held.add(victim.claim().id());
    }
    heir.tell("claim 0");
    heir.next(Act.NOTHING);
    for (int i = 0; i < CLAIMS; i++) {
      heir.tell("claim " + LEASE.toMillis());
    }

    long killed = System.nanoTime();
    victim.kill();
    TreeSet<String> inherited = new TreeSet<>();
    long millis = 0;
    for (int i = 0; i < CLAIMS; i++) {
      Line claim = heir.next(Act.CLAIMED, LEASE.dividedBy(2));
      assertEquals(2, claim.attempt());
      inherited.add(claim.id());
      millis = (claim.at() - killed) / 1_000_000;
    }
    assertEquals(held, inherited);
    processes.print("all claims came back within " + millis + " ms of kill -9");

    for (String id : inherited) {
      heir.tell("verify " + id);
      heir.next(Act.VERIFIED);
      heir.settle("COMPLETED", id);
    }
    processes.files().requireNoJobs();
    assertEquals(1, processes.files().in("workers").size(), "presences: the heir's");
    new Ledger(List.of(victim, heir)).requireNoComplaints();
  }

  @Test
  @Tag("privileged")
  void aPidThatIsAnothersByNowProtectsNobody() throws IOException {
    assumeTrue(Files.isWritable(LAST_PID), "not root, or a kernel without " + LAST_PID);
    ChildProcess victim = processes.start(PuppetMain.class);
    victim.tell("enqueue job 1000");
    String id = victim.claim().id();
    long pid = victim.pid();
    victim.kill();
    Process squatter = take(pid);
    try {
      ChildProcess heir = processes.start(PuppetMain.class);
      heir.next(Act.READY);
      heir.tell("claim " + LEASE.toMillis());
      Line claim = heir.next(Act.CLAIMED, LEASE.dividedBy(2));
      assertEquals(List.of(id, "2"), claim.words());
      assertTrue(ProcessHandle.of(pid).isPresent(), "the pid is free again");
    } finally {
      squatter.destroyForcibly();
    }
    new Ledger(processes.children()).requireNoComplaints();
  }

  /** Starts a process that has this pid: the kernel is told which one it gave away last. */
  private static Process take(long pid) {
    return await("a process of pid " + pid)
        .atMost(ChildProcess.PATIENCE)
        .pollInterval(Duration.ofMillis(1))
        .until(
            () -> {
              Files.writeString(LAST_PID, Long.toString(pid - 1));
              Process process = new ProcessBuilder("sleep", "60").start();
              if (process.pid() != pid) {
                process.destroyForcibly();
              }
              return process;
            },
            process -> process.pid() == pid);
  }
}
