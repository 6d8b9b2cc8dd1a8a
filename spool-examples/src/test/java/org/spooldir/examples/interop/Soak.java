package org.spooldir.examples.interop;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.spooldir.Claim;
import org.spooldir.JobSnapshot;
import org.spooldir.JobState;
import org.spooldir.Spool;
import org.spooldir.fs.DirectorySpool;

/**
 * Producers and workers in all languages on one spool. Producers of one job are started one after
 * the other in a lane for each language; workers, and the producer in Java, live until they are
 * killed, and others take their place.
 */
final class Soak implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int SLEEPERS = 2;
  private static final String FOR_EVER = "1000000";

  /** What lives on, and is put back when it was killed. */
  private enum Role {
    JAVA_PRODUCER,
    JAVA_WORKER,
    PYTHON_WORKER
  }

  private record Sleeper(Actor actor, long until) {}

  private final Path directory;
  private final SplittableRandom random;
  private final Path errors;
  private final Ledger ledger = new Ledger();
  private final Map<Actor, Role> roles = new HashMap<>();
  private final List<Actor> atWork = new ArrayList<>();
  private final Deque<Sleeper> sleepers = new ArrayDeque<>();
  private final List<Actor> started = new ArrayList<>();
  private final List<Lane> lanes = new ArrayList<>();
  private int stops;

  /** Makes the spool below a directory. */
  Soak(Path below, long seed) throws IOException {
    this.directory = below.resolve("spool");
    this.errors = below.resolve("errors");
    this.random = new SplittableRandom(seed);
    DirectorySpool.openOrCreate(directory, Telltale.OPTIONS).close();
  }

  Path directory() {
    return directory;
  }

  // ---- who is there ----

  /** One producer in Java, and so many workers of each kind. */
  void begin(int workers) throws IOException {
    begin(Role.JAVA_PRODUCER);
    for (int i = 0; i < workers; i++) {
      begin(Role.PYTHON_WORKER);
      begin(Role.JAVA_WORKER);
    }
  }

  private void begin(Role role) throws IOException {
    String spool = directory.toString();
    Actor actor =
        switch (role) {
          case JAVA_PRODUCER ->
              start("java producer", Program.java(JavaProducer.class, spool, "40"));
          case JAVA_WORKER -> start("java worker", Program.java(JavaWorker.class, spool));
          case PYTHON_WORKER -> start("python worker", pythonWorker());
        };
    roles.put(actor, role);
    atWork.add(actor);
  }

  private Actor start(String name, List<String> command) throws IOException {
    Actor actor = Actor.start(name, command, new byte[0], errors);
    started.add(actor);
    return actor;
  }

  private List<String> pythonWorker() {
    long lease = Telltale.OPTIONS.lease().toSeconds();
    List<String> options = new ArrayList<>(List.of("--attempts", FOR_EVER, "--backoff", "0.1"));
    options.addAll(List.of("--poll", "0.2", "--lease", Long.toString(lease)));
    String telltale = Path.of("src/test/sh/telltale.sh").toAbsolutePath().toString();
    return Program.pythonWorker(directory, options, "/bin/sh", telltale);
  }

  /** One lane for each program; so many jobs of a hundred are cut short by a kill. */
  void beginLanes(int jobs, int killed) {
    for (Program program : Program.values()) {
      lanes.add(new Lane(program, directory, errors, random.split(), jobs, killed));
    }
  }

  private long count(String subdirectory) throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve(subdirectory))) {
      return files.count();
    }
  }

  // ---- what happens to them ----

  /**
   * Kills one that is well at work, or stops it for up to two leases, and puts another in its
   * place.
   */
  void strike() throws IOException {
    if (!sleepers.isEmpty()
        && (System.nanoTime() > sleepers.element().until() || sleepers.size() > SLEEPERS)) {
      wake(sleepers.remove().actor());
    }
    Actor victim = victim();
    LockSupport.parkNanos(random.nextInt(3_000_000));
    atWork.remove(victim);
    begin(roles.get(victim));
    if (random.nextInt(4) == 0) {
      stops++;
      victim.stop();
      long sleep = random.nextLong(Telltale.OPTIONS.lease().multipliedBy(2).toNanos());
      sleepers.add(new Sleeper(victim, System.nanoTime() + sleep));
    } else {
      victim.kill();
    }
  }

  private Actor victim() {
    int lines = 2 + random.nextInt(30);
    List<Actor> candidates =
        await("somebody should be at work")
            .atMost(PATIENCE)
            .pollInterval(Duration.ofMillis(5))
            .until(
                () -> atWork.stream().filter(actor -> actor.lines().size() >= lines).toList(),
                found -> !found.isEmpty());
    return candidates.get(random.nextInt(candidates.size()));
  }

  /** It goes on beside the one in its place, which therefore ends. */
  private void wake(Actor sleeper) throws IOException {
    sleeper.goOn();
    Optional<Actor> one =
        atWork.stream().filter(actor -> roles.get(actor) == roles.get(sleeper)).findFirst();
    atWork.add(sleeper);
    if (one.isPresent()) {
      atWork.remove(one.get());
      one.get().kill();
    }
  }

  // ---- what comes of it ----

  /** Waits until all that was handed in is done. */
  void awaitAllDone() throws IOException {
    for (Lane lane : lanes) {
      lane.awaitEnd();
    }
    for (Actor actor : atWork) {
      if (roles.get(actor) == Role.JAVA_PRODUCER) {
        actor.letGo();
        actor.awaitEnd();
      }
    }
    await("all jobs should be done")
        .atMost(PATIENCE)
        .until(() -> count("new") + count("cur") + count("delayed") == 0);
  }

  /** How many died of a kill, or stood still for a while. */
  long victims() {
    return stops + started.stream().filter(Actor::wasKilled).count();
  }

  /** Lets all end in order, and holds what they said against what is left; returns the figures. */
  String end() throws IOException {
    lanes.forEach(Lane::stop);
    for (Lane lane : lanes) {
      started.addAll(lane.awaitEnd());
    }
    for (Sleeper sleeper : sleepers) {
      sleeper.actor().goOn();
      atWork.add(sleeper.actor());
    }
    for (Actor actor : atWork) {
      actor.letGo();
    }
    for (Actor actor : atWork) {
      actor.awaitEnd();
    }
    for (Actor actor : started) {
      Role role = roles.getOrDefault(actor, Role.JAVA_PRODUCER); // or one of a lane
      if (role == Role.JAVA_PRODUCER) {
        ledger.producer(actor);
      } else {
        ledger.worker(actor);
      }
    }
    String balance = ledger.requireBalance(undone());
    return "%d kills, %d stops; %s; on stderr: %s"
        .formatted(victims() - stops, stops, balance, Files.readString(errors).strip());
  }

  /** The ids of all jobs that are left, each of which is whole. */
  private Set<String> undone() throws IOException {
    Set<String> ids = new TreeSet<>();
    try (Spool spool = DirectorySpool.open(directory, Telltale.OPTIONS)) {
      try (Stream<JobSnapshot> jobs = spool.inspector().list(EnumSet.allOf(JobState.class))) {
        jobs.forEach(job -> ids.add(job.id().value()));
      }
      assertEquals(0, spool.inspector().stats().jobs(JobState.FAILED), "dead letters");
      spool.maintenance().recover();
      try (Stream<JobSnapshot> jobs = spool.inspector().list(Set.of(JobState.DELAYED))) {
        spool.maintenance().retryNow(jobs.map(JobSnapshot::id).toList());
      }
      Set<String> whole = new TreeSet<>();
      for (Optional<Claim> next = spool.claim(); next.isPresent(); next = spool.claim()) {
        Claim claim = next.get();
        assertEquals(
            Optional.empty(), Telltale.problem(claim.payload().bytes(), claim.attributes()));
        claim.complete();
        whole.add(claim.id().value());
      }
      assertEquals(ids, whole, "what is left can be claimed, and is whole");
    }
    return ids;
  }

  /** Kills all that are left. */
  @Override
  public void close() throws IOException {
    lanes.forEach(Lane::stop);
    for (Actor actor : started) {
      if (actor.isAlive()) {
        actor.kill();
      }
    }
  }
}
