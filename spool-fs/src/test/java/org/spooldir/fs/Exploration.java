package org.spooldir.fs;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * All runs of a scenario with at most so many preemptions, each of which crashes after every step.
 */
final class Exploration {

  private final Encounter encounter;
  private final SpoolOptions options;
  private final UnaryOperator<FileOps> build;
  private final ModelDisk blank;
  private final Judge judge;
  private long runs;

  Exploration(Encounter encounter, Durability level, UnaryOperator<FileOps> build)
      throws Exception {
    this.encounter = encounter;
    this.options = encounter.options().durability(level);
    this.build = build;
    this.blank = Model.newDisk(options);
    this.judge = new Judge(encounter, level, build);
  }

  /**
   * A run: who begins, and before which steps the turn goes to the other.
   *
   * @param known what happens before this step was looked at in another run
   */
  private record Schedule(int first, List<Integer> switches, int known)
      implements Performance.Direction {

    @Override
    public int next(int step, int current, SortedSet<Integer> waiting) {
      if (step == 0 && waiting.contains(first)) {
        return first;
      }
      if (!waiting.contains(current)) {
        return waiting.first();
      }
      return switches.contains(step) && waiting.size() > 1
          ? waiting.first() + waiting.last() - current
          : current;
    }

    Schedule then(int step) {
      List<Integer> more = new ArrayList<>(switches);
      more.add(step);
      return new Schedule(first, more, step);
    }
  }

  /** How many interleavings were run. */
  long runs() {
    return runs;
  }

  long states() {
    return judge.states();
  }

  long disks() {
    return judge.disks();
  }

  /** Crashes by the rules of this kind of file system as well. */
  Exploration also(CrashProfile profile) {
    judge.also(profile);
    return this;
  }

  /** Looks for a broken promise in all runs. */
  Optional<Counterexample> search() throws Exception {
    Deque<Schedule> todo = new ArrayDeque<>();
    int actors = encounter.set(newCast()).size();
    for (int first = 0; first < actors; first++) {
      todo.add(new Schedule(first, List.of(), 0));
    }
    while (!todo.isEmpty()) {
      Schedule schedule = todo.pop();
      Run run =
          new Run(
              newCast(), schedule, Weather.FINE, stage -> stage.steps().size() >= schedule.known());
      if (run.broken.isPresent()) {
        return run.broken;
      }
      if (schedule.switches().size() < encounter.preemptions()) {
        run.performance.crossings().stream()
            .filter(step -> step > schedule.known())
            .forEach(step -> todo.push(schedule.then(step)));
      }
    }
    return Optional.empty();
  }

  /**
   * Looks for a broken promise when one call fails, be it the first or the last; the actors come
   * one after the other.
   */
  Optional<Counterexample> search(BadWeather.Outcome outcome) throws Exception {
    for (int n = 1; ; n++) {
      int nth = n;
      BadWeather weather = new BadWeather(nth, outcome);
      Cast cast = newCast();
      cast.badWeather(outcome);
      Run run =
          new Run(
              cast,
              new Schedule(0, List.of(), nth),
              weather,
              stage -> stage.steps().size() == nth || stage.isBetweenActs());
      if (run.broken.isPresent() || !weather.hasCome()) {
        return run.broken;
      }
    }
  }

  /** Looks for a broken promise in runs of a random order, with listings that are out of date. */
  Optional<Counterexample> wander(Random random, int times) throws Exception {
    for (int i = 0; i < times; i++) {
      Cast cast =
          new Cast(Model.copy(blank), options, ops -> new UneasyListings(build.apply(ops), random));
      Run run =
          new Run(
              cast,
              (step, current, waiting) -> {
                List<Integer> all = List.copyOf(waiting);
                return waiting.contains(current) && random.nextInt(3) > 0
                    ? current
                    : all.get(random.nextInt(all.size()));
              },
              Weather.FINE,
              stage -> stage.isBetweenActs() || random.nextInt(100) == 0);
      if (run.broken.isPresent()) {
        return run.broken;
      }
    }
    return Optional.empty();
  }

  /** What is done if the actors come one after the other. */
  List<String> rehearse() throws Exception {
    return new Run(newCast(), new Schedule(0, List.of(), 0), Weather.FINE, stage -> false)
        .performance.steps();
  }

  private Cast newCast() {
    return new Cast(Model.copy(blank), options, build);
  }

  /** One run, from the beginning. */
  private final class Run {
    final Performance performance;
    final Optional<Counterexample> broken;

    Run(Cast cast, Performance.Direction direction, Weather weather, Predicate<Performance> wanted)
        throws Exception {
      Map<Actor, Encounter.Part> parts = encounter.set(cast);
      cast.disk.sync();
      judge.begin();
      performance =
          new Performance(
              parts,
              direction,
              stage -> {
                if (wanted.test(stage)) {
                  judge.crash(cast, stage.steps());
                }
              },
              weather);
      runs++;
      broken = Optional.ofNullable(performance.run()).map(e -> example(e, performance, cast));
    }
  }

  private Counterexample example(Throwable broken, Performance performance, Cast cast) {
    return broken instanceof Judge.Broken judged
        ? judged.example()
        : new Counterexample(
            encounter + ", " + options.durability(),
            String.valueOf(broken),
            performance.steps(),
            "nobody died",
            cast.disk.lines());
  }
}
