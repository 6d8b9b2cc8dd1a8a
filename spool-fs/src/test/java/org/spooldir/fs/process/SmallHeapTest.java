package org.spooldir.fs.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.spooldir.Job;
import org.spooldir.Spool;

/** Memory does not grow with the backlog, nor with a payload: children have 64 MB. */
class SmallHeapTest {

  private static final int BATCH = 1_000;

  /** Twenty times the heap of a child. */
  private static final long HUGE = 1_300_000_000;

  @RegisterExtension final Processes processes = Processes.inMemory();

  @Test
  @Tag("slow")
  @Timeout(120)
  void aWorkerDrainsAHundredThousandJobs() throws IOException {
    int jobs = 100_000;
    long start = System.nanoTime();
    try (Spool spool = processes.open()) {
      for (int i = 0; i < jobs; i += BATCH) {
        spool.enqueueAll(
            IntStream.range(i, i + BATCH)
                .mapToObj(n -> Job.of(new Telltale("job-" + n, 20)))
                .toList());
      }
    }
    long filled = System.nanoTime();
    ChildProcess worker = processes.start(WorkerMain.class, "idle=1000", "quiet=true");
    List<String> settled = worker.next(Act.ENDED, Duration.ofSeconds(90)).words();
    worker.awaitEnd();
    processes.print(
        "%d jobs enqueued in %.1f s, drained with a heap of 64 MB in %.1f s"
            .formatted(jobs, (filled - start) / 1e9, (System.nanoTime() - filled) / 1e9));
    assertEquals(List.of(Integer.toString(jobs)), settled, "settled");
    new Ledger(List.of(worker)).requireNoComplaints();
    processes.files().requireNoJobs();
  }

  @Test
  @Tag("slow")
  @Timeout(200)
  void aPayloadOfTwentyHeapsStreamsThrough() throws IOException {
    ChildProcess puppet = processes.start(PuppetMain.class);
    long start = System.nanoTime();
    puppet.tell("enqueue huge " + HUGE);
    puppet.next(Act.ENQUEUED, Duration.ofSeconds(100));
    long enqueued = System.nanoTime();
    puppet.tell("claim 0");
    String id = puppet.next(Act.CLAIMED, Duration.ofSeconds(100)).id();
    puppet.tell("verify " + id);
    puppet.next(Act.VERIFIED, Duration.ofSeconds(100));
    processes.print(
        "%d bytes enqueued in %.1f s, claimed and read in %.1f s"
            .formatted(HUGE, (enqueued - start) / 1e9, (System.nanoTime() - enqueued) / 1e9));
    puppet.settle("COMPLETED", id);
    processes.files().requireNoJobs();
    new Ledger(List.of(puppet)).requireNoComplaints();
  }

  @Test
  @Tag("slow")
  @Timeout(200)
  void anAdoptedFileIsNeverCopied() throws IOException {
    Path file = processes.scratch("huge");
    try (InputStream bytes = new Telltale("huge", HUGE).open()) {
      Files.copy(bytes, file);
    }
    Object inode = Files.getAttribute(file, "unix:ino");
    ChildProcess puppet = processes.start(PuppetMain.class);
    long start = System.nanoTime();
    puppet.tell("adopt " + file);
    puppet.next(Act.ENQUEUED, Duration.ofSeconds(100));
    processes.print(
        "%d bytes adopted in %.1f s".formatted(HUGE, (System.nanoTime() - start) / 1e9));
    assertFalse(Files.exists(file), "the file stands in its old place");
    assertEquals(inode, inodeOfOnly("new"));

    String id = puppet.claim().id();
    assertEquals(inode, inodeOfOnly("cur"));
    puppet.tell("verify " + id);
    puppet.next(Act.VERIFIED, Duration.ofSeconds(100));
    puppet.settle("COMPLETED", id);
    processes.files().requireNoJobs();
    new Ledger(List.of(puppet)).requireNoComplaints();
  }

  private Object inodeOfOnly(String directory) throws IOException {
    List<String> names = processes.files().in(directory);
    assertEquals(1, names.size(), () -> directory + " holds " + names);
    return Files.getAttribute(
        processes.root().resolve(directory).resolve(names.get(0)), "unix:ino");
  }
}
