package org.spooldir.fs;

import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.spooldir.Claim;
import org.spooldir.JobState;

/** Who takes part in one run of a scenario, on which disk, and what they were promised. */
final class Cast {

  private record Holding(Actor actor, String job, Claim claim) {}

  final ModelDisk disk;
  final Promises promises = new Promises();

  private final SpoolOptions options;
  private final UnaryOperator<FileOps> build;
  private final List<Actor> actors = new ArrayList<>();
  private final List<Holding> holdings = new ArrayList<>();
  private final Map<String, String> contents = new HashMap<>();
  private boolean badWeather;
  private boolean lies;
  private final Set<Actor> suspects = new HashSet<>();

  /**
   * A stage without actors.
   *
   * @param build what this build of the product makes of its file system
   */
  Cast(ModelDisk disk, SpoolOptions options, UnaryOperator<FileOps> build) {
    this.disk = disk;
    this.options = options;
    this.build = build;
  }

  /** Another one, on a machine of his own. */
  Actor enter(String name) throws Exception {
    return enter(name, "boot-" + (actors.size() + 1));
  }

  /** Another one. */
  Actor enter(String name, String boot) throws Exception {
    int number = actors.size() + 1;
    ModelFileOps ops = new ModelFileOps(disk, number);
    Actor actor = new Actor(name, this, ops, new ModelProcess(ops, build, options, boot, number));
    actors.add(actor);
    return actor;
  }

  List<Actor> actors() {
    return actors;
  }

  // ---- what may happen ----

  /** Calls may fail. */
  void badWeather(BadWeather.Outcome outcome) {
    badWeather = true;
    lies = outcome.isLie();
    if (outcome == BadWeather.Outcome.DENIED) {
      promises.mayBeSetAside();
    }
  }

  boolean isBadWeather() {
    return badWeather;
  }

  /** Whether a call that was made may be reported as one that was not. */
  boolean liesHappen() {
    return lies;
  }

  boolean retains() {
    return !options.retention().isZero();
  }

  /** So much time passes that everybody who gave no sign of life may be declared dead. */
  void silence() {
    expectDeath();
    disk.time.advance(Model.LEASE.multipliedBy(2));
  }

  /** Those who are there may be declared dead. */
  void expectDeath() {
    suspects.addAll(actors);
  }

  // ---- who has what ----

  /** One job is held by one worker at a time, unless the other may be believed dead. */
  void take(Actor actor, String job, Claim claim) {
    for (Holding other : holdings) {
      if (other.job().equals(job)
          && other.claim().isHeld()
          && !lies
          && !suspects.contains(other.actor())) {
        throw new AssertionError(
            actor.name + " got " + job + ", which " + other.actor().name + " holds");
      }
    }
    holdings.add(new Holding(actor, job, claim));
  }

  /** He is told that he has it no more. */
  void lose(Actor actor, Claim claim) {
    if (!suspects.contains(actor) && !badWeather) {
      throw new AssertionError(actor.name + " lost a job that nobody had reason to take from him");
    }
    leave(claim);
  }

  void leave(Claim claim) {
    holdings.removeIf(holding -> holding.claim() == claim);
  }

  /** This job says something else than its name. */
  void content(String job, String text) {
    contents.put(job, text);
  }

  String contentOf(String job) {
    return contents.getOrDefault(job, Model.payload(job));
  }

  /** The entry of a job. */
  Path fileOf(JobState state, String text) throws Exception {
    String id = promises.idOf(text).orElseThrow().value();
    Path directory = new SpoolLayout(Model.ROOT, SpoolFormat.PLAIN).of(state);
    try (DirectoryStream<Path> files = new ModelFileOps(disk, 0).list(directory)) {
      for (Path file : files) {
        if (file.getFileName().toString().startsWith(id)) {
          return file;
        }
      }
    }
    return directory.resolve("no-" + text);
  }
}
