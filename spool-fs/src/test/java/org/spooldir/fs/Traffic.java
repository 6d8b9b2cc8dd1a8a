package org.spooldir.fs;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spooldir.Claim;
import org.spooldir.EnqueueUncertainException;
import org.spooldir.Job;
import org.spooldir.JobId;
import org.spooldir.JobSnapshot;
import org.spooldir.JobState;
import org.spooldir.SpoolEvent;
import org.spooldir.SpoolEvent.Settlement;
import org.spooldir.SpoolException;
import org.spooldir.SpoolException.InSpool;
import org.spooldir.worker.RetryPolicy;
import org.spooldir.worker.Worker;

/**
 * A producer and a worker on one spool, whatever happens to it, and the record of what they were
 * told. The text of every job is its own.
 */
final class Traffic implements AutoCloseable {

  /** How long something may take on the slowest machine. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  static final SpoolOptions OPTIONS =
      SpoolOptions.DEFAULTS.poll(Duration.ofMillis(100)).lease(Duration.ofSeconds(6));

  /** What a few turns of a loop that pauses take at least; without a pause, a few ms. */
  private static final Duration PAUSES = Duration.ofMillis(300);

  /** Troubles are made on purpose here; their place is the record, not the log. */
  private static final Logger LOG = Logger.getLogger("org.spooldir");

  static {
    LOG.setLevel(Level.OFF);
  }

  private final Path root;
  private final SpoolOptions options;
  private DirectorySpool spool;
  private final List<DirectorySpool> others = new ArrayList<>();
  private final Map<JobId, String> acknowledged = new ConcurrentHashMap<>();
  private final Set<String> refused = ConcurrentHashMap.newKeySet();
  private final Queue<String> handled = new ConcurrentLinkedQueue<>();
  private final Queue<JobId> completed = new ConcurrentLinkedQueue<>();
  private final Queue<JobId> lost = new ConcurrentLinkedQueue<>();
  private final Queue<SpoolEvent.Trouble> troubles = new ConcurrentLinkedQueue<>();
  private final List<Worker> workers = new ArrayList<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile CountDownLatch gate = new CountDownLatch(0);
  private int made;

  /** Opens the spool, and makes it if there is none. */
  Traffic(Path root, SpoolOptions options) throws SpoolException {
    this.root = root;
    this.options = options.listener(this::hear);
    this.spool = DirectorySpool.openOrCreate(root, this.options);
  }

  private void hear(SpoolEvent event) {
    if (event instanceof SpoolEvent.Settled settled && settled.how() == Settlement.COMPLETED) {
      completed.add(settled.id());
    } else if (event instanceof SpoolEvent.ClaimLost claim) {
      lost.add(claim.id());
    } else {
      hearTrouble(event);
    }
  }

  /** A worker tells much that the spool has told already. */
  private void hearTrouble(SpoolEvent event) {
    if (event instanceof SpoolEvent.Trouble trouble) {
      troubles.add(trouble);
    }
  }

  DirectorySpool spool() {
    return spool;
  }

  // ---- the producer ----

  /** Hands in so many jobs. */
  void enqueue(int jobs) throws SpoolException {
    for (int i = 0; i < jobs; i++) {
      String text = "job " + made++;
      acknowledged.put(spool.enqueue(Job.of(text)), text);
    }
  }

  /** Hands in a job, which must be refused in a way that says whether it is in. */
  SpoolException refused() {
    return refused("job " + made++);
  }

  /** The same, with this text. */
  SpoolException refused(String text) {
    SpoolException thrown = assertThrows(SpoolException.class, () -> spool.enqueue(Job.of(text)));
    if (!(thrown instanceof EnqueueUncertainException)) {
      assertEquals(InSpool.NO, thrown.jobIn(), thrown::toString);
      refused.add(text);
    }
    return thrown;
  }

  int acknowledged() {
    return acknowledged.size();
  }

  // ---- the worker ----

  /** Puts so many threads to work. */
  void work(int threads) {
    work(spool, threads);
  }

  /**
   * Another worker joins. What the first one could not claim it leaves alone for a minute; this one
   * takes it at once.
   */
  void relieve() throws SpoolException {
    DirectorySpool other = DirectorySpool.open(root, options);
    others.add(other);
    work(other, 1);
  }

  /** The first worker ends, in good order. */
  void retire() throws SpoolException {
    workers.remove(0).close();
    spool.close();
    spool = DirectorySpool.open(root, options);
  }

  private void work(DirectorySpool on, int threads) {
    workers.add(
        Worker.on(on)
            .concurrency(threads)
            .idlePoll(Duration.ofMillis(200))
            .retry(RetryPolicy.fixed(Duration.ofMillis(10)))
            .shutdownGrace(Duration.ZERO)
            .listener(this::hearTrouble)
            .start(this::handle));
  }

  private void handle(Claim claim) throws IOException, InterruptedException {
    handled.add(claim.payload().text());
    waiting.incrementAndGet();
    try {
      gate.await();
    } finally {
      waiting.decrementAndGet();
    }
  }

  /** Handlers that begin from now on do not end. */
  void holdUp() {
    gate = new CountDownLatch(1);
  }

  /** Waits until so many claims are in hand. */
  void awaitHeld(int claims) {
    await("claims in hand").atMost(PATIENCE).until(() -> waiting.get() == claims);
  }

  /** Handlers may end. */
  void goOn() {
    gate.countDown();
  }

  /** Waits until no handler is at work. */
  void awaitIdle() {
    awaitHeld(0);
  }

  /** Offers again at once what waits because of trouble. */
  void retryNow() throws IOException {
    try (Stream<JobSnapshot> delayed = spool.inspector().list(Set.of(JobState.DELAYED))) {
      spool.maintenance().retryNow(delayed.map(JobSnapshot::id).toList());
    }
  }

  /** The claims that were found lost. */
  int lost() {
    return lost.size();
  }

  /** How often something was told that went wrong in the background. */
  int troubles() {
    return troubles.size();
  }

  /** Waits until so much more trouble was told, and looks that the workers paused in between. */
  void awaitTroubleWithoutHotLoop(int more) {
    int before = troubles();
    long start = System.nanoTime();
    await("trouble")
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> troubles() >= before + more);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertTrue(took.compareTo(PAUSES) >= 0, () -> "a hot loop: " + took + ", " + lately());
  }

  /** Waits until so many signs of life have failed; the claims in hand stay all the same. */
  void awaitFailedBeats(int beats) {
    await("failed beats").atMost(PATIENCE).until(() -> lost() > 0 || failedBeats() >= beats);
    assertEquals(0, lost(), "claims told lost, though nobody declared this process dead");
  }

  private long failedBeats() {
    return troubles.stream().filter(each -> each.toString().contains("/workers/")).count();
  }

  // ---- what must hold ----

  /** Waits until every job that was acknowledged is completed. */
  void awaitAllCompleted() {
    await("all completed")
        .atMost(PATIENCE.multipliedBy(2))
        .untilAsserted(() -> assertEquals(Set.of(), missing(), this::lately));
  }

  private Set<String> missing() {
    return acknowledged.entrySet().stream()
        .filter(job -> !completed.contains(job.getKey()))
        .map(Map.Entry::getValue)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private String lately() {
    List<SpoolEvent.Trouble> all = List.copyOf(troubles);
    return "troubles: " + all.subList(Math.max(0, all.size() - 3), all.size());
  }

  /** Nobody saw a job that was refused, nothing was completed twice, and nothing is left behind. */
  void assertOrderly() {
    assertEquals(0, completedAgain(), "completed twice");
    assertNothingIsLeft();
  }

  /** How many completions were repetitions. */
  int completedAgain() {
    return completed.size() - Set.copyOf(completed).size();
  }

  /** Nobody saw a job that was refused, and nothing is left behind. */
  void assertNothingIsLeft() {
    Set<String> seen = new TreeSet<>(handled);
    seen.retainAll(refused);
    assertEquals(Set.of(), seen, "refused, and handled all the same");
    for (String each : List.of("new", "cur", "delayed", "failed", "errors")) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertEquals(List.of(), Shell.names(root.resolve(each)), each));
    }
  }

  @Override
  public void close() throws SpoolException {
    goOn();
    workers.forEach(Worker::close);
    for (DirectorySpool other : others) {
      other.close();
    }
    spool.close();
  }
}
