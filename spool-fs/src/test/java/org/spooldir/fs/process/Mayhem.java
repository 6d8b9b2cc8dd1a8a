package org.spooldir.fs.process;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Children at work that are killed, stopped, let go on and replaced, at random moments. */
final class Mayhem {

  /** Children stand still at the same time: at most so many. */
  private static final int SLEEPERS = 2;

  private final Processes processes;
  private final SplittableRandom random;
  private final Duration lease;
  private final List<String> settings;
  private final List<ChildProcess> atWork = new ArrayList<>();
  private final Map<ChildProcess, Role> roles = new HashMap<>();
  private final Deque<Sleeper> stopped = new ArrayDeque<>();
  private final List<ChildProcess> killed = new ArrayList<>();
  private int stops;

  private record Role(Class<?> main, List<String> settings) {}

  private record Sleeper(ChildProcess child, long until) {}

  /**
   * Nobody is there yet.
   *
   * @param lease of all children; some are stopped for longer
   * @param settings of all children, besides the lease
   */
  Mayhem(Processes processes, Duration lease, String... settings) {
    this.processes = processes;
    this.random = processes.random();
    this.lease = lease;
    this.settings = List.of(settings);
  }

  /** Starts so many children, with these settings besides those of all. */
  void begin(int count, Class<?> main, String... more) throws IOException {
    for (int i = 0; i < count; i++) {
      begin(new Role(main, List.of(more)));
    }
  }

  private void begin(Role role) throws IOException {
    List<String> all = new ArrayList<>(settings);
    all.addAll(role.settings());
    all.add("lease=" + lease.toMillis());
    ChildProcess child = processes.start(role.main(), all.toArray(String[]::new));
    roles.put(child, role);
    atWork.add(child);
  }

  /**
   * Kills one child in the middle of its work and puts another in its place; now and then stops one
   * instead, for up to two leases.
   */
  void strike() throws IOException {
    if (!stopped.isEmpty() && (isTired() || stopped.size() > SLEEPERS)) {
      wake(stopped.remove().child());
    }
    ChildProcess victim = victim();
    spin(random.nextInt(3_000));
    atWork.remove(victim);
    begin(roleOf(victim));
    if (random.nextInt(5) == 0) {
      stops++;
      victim.stop();
      long sleep = random.nextLong(lease.multipliedBy(2).toNanos());
      stopped.add(new Sleeper(victim, System.nanoTime() + sleep));
    } else {
      kill(victim);
    }
  }

  private boolean isTired() {
    return System.nanoTime() - stopped.element().until() > 0;
  }

  /** One of those that are well at work; waits until there is one. */
  private ChildProcess victim() {
    int lines = 2 + random.nextInt(30);
    List<ChildProcess> candidates =
        await("some child should be at work")
            .atMost(ChildProcess.PATIENCE)
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(1))
            .until(
                () -> atWork.stream().filter(child -> child.lines() >= lines).toList(),
                found -> !found.isEmpty());
    return candidates.get(random.nextInt(candidates.size()));
  }

  /** It goes on beside the one in its place, which therefore ends. */
  private void wake(ChildProcess sleeper) {
    sleeper.goOn();
    atWork.add(sleeper);
    ChildProcess one =
        atWork.stream()
            .filter(child -> roleOf(child).equals(roleOf(sleeper)))
            .findFirst()
            .orElseThrow();
    if (one != sleeper) {
      atWork.remove(one);
      kill(one);
    }
  }

  private Role roleOf(ChildProcess child) {
    return requireNonNull(roles.get(child));
  }

  private void kill(ChildProcess child) {
    child.kill();
    if (child.wasKilled()) { // or it had ended by itself, which the ledger will hold against it
      killed.add(child);
    }
  }

  /** A moment that has nothing to do with the lines that were read. */
  private static void spin(int micros) {
    long until = System.nanoTime() + micros * 1_000L;
    while (System.nanoTime() - until < 0) {
      Thread.onSpinWait();
    }
  }

  /** All that are left go on, finish what they have in hand, and end in order. */
  void end() {
    stopped.forEach(sleeper -> sleeper.child().goOn());
    stopped.forEach(sleeper -> atWork.add(sleeper.child()));
    atWork.stream().filter(ChildProcess::isAlive).forEach(child -> child.tell("stop"));
    atWork.forEach(ChildProcess::awaitEnd);
  }

  int kills() {
    return killed.size();
  }

  int stops() {
    return stops;
  }

  /** Which processes the kills hit. */
  String victims() {
    return killed.stream()
        .collect(
            groupingBy(
                child -> child.main().getSimpleName().replace("Main", "").toLowerCase(Locale.ROOT),
                TreeMap::new,
                counting()))
        .entrySet()
        .stream()
        .map(kind -> kind.getValue() + " " + kind.getKey() + "s")
        .collect(joining(", "));
  }
}
