package org.spooldir.fs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * One run of a scenario: each actor has a thread, of which one at a time makes a step, a call to
 * the file system. Who is next is directed, so that a run can be repeated.
 */
final class Performance {

  /** More calls than this, and something goes round in circles. */
  private static final int CALLS = 20_000;

  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "actor");
            thread.setDaemon(true);
            return thread;
          });

  /** Who is next. */
  interface Direction {

    /**
     * Chooses.
     *
     * @param step how many calls were made
     * @param current who made the last one; he is among those who wait, unless he has finished
     * @param waiting those who have more to do
     */
    int next(int step, int current, SortedSet<Integer> waiting);
  }

  /** Looks at the stage between two steps. */
  interface Audience {
    void look(Performance performance);
  }

  private final List<Actor> actors;
  private final Map<Actor, Encounter.Part> parts;
  private final Direction direction;
  private final Audience audience;
  private final Weather weather;
  private final TreeSet<Integer> waiting = new TreeSet<>();
  private final List<Semaphore> turns = new ArrayList<>();
  private final Semaphore finished = new Semaphore(0);

  private final List<String> steps = new ArrayList<>();
  private final List<Integer> crossings = new ArrayList<>();
  private @Nullable Throwable broken;
  private boolean betweenActs;
  private int turnedAt;

  Performance(
      Map<Actor, Encounter.Part> parts, Direction direction, Audience audience, Weather weather) {
    this.parts = new LinkedHashMap<>(parts);
    this.actors = List.copyOf(parts.keySet());
    this.direction = direction;
    this.audience = audience;
    this.weather = weather;
  }

  /** Runs to the end; returns what broke, or null. */
  @Nullable Throwable run() {
    for (int i = 0; i < actors.size(); i++) {
      int number = i;
      turns.add(new Semaphore(0));
      waiting.add(i);
      actors.get(i).ops.guardedBy(new Turnstile(i));
      THREADS.execute(() -> play(number));
    }
    pass(0);
    finished.acquireUninterruptibly();
    return broken;
  }

  /** What was done until now. */
  List<String> steps() {
    return steps;
  }

  /** Before which steps, by number, another one could have had his turn. */
  List<Integer> crossings() {
    return crossings;
  }

  /** Whether somebody has just finished. */
  boolean isBetweenActs() {
    return betweenActs;
  }

  private void play(int number) {
    Actor actor = actors.get(number);
    turns.get(number).acquireUninterruptibly();
    try {
      if (broken == null) {
        parts.get(actor).play(actor);
        betweenActs = true;
        audience.look(this);
        betweenActs = false;
      }
    } catch (Faults.Death e) {
      // so he was told
    } catch (Throwable e) {
      broken = broken == null ? e : broken;
    }
    waiting.remove(number);
    if (waiting.isEmpty()) {
      finished.release();
    } else {
      pass(number);
    }
  }

  private int pass(int current) {
    int next = broken == null ? direction.next(steps.size(), current, waiting) : waiting.first();
    if (next != current) {
      turnedAt = steps.size();
    }
    turns.get(next).release();
    return next;
  }

  private final class Turnstile implements ModelFileOps.Gate {
    private final int number;

    Turnstile(int number) {
      this.number = number;
    }

    @Override
    public void before(ModelCall call) throws IOException {
      String line = call.toString();
      live(line);
      audience.look(Performance.this);
      // Who has just been given the turn makes his step: or else nobody who is new would begin.
      if (call.concernsOthers() && waiting.size() > 1 && turnedAt != steps.size()) {
        crossings.add(steps.size());
        pass(number);
        turns.get(number).acquireUninterruptibly();
        live(line);
      }
      Actor actor = actors.get(number);
      steps.add(actor.name + ", " + actor.doing() + ": " + line);
      weather.before(line, steps);
    }

    private void live(String line) {
      if (broken != null) {
        throw new Faults.Death(line);
      }
      if (steps.size() > CALLS) {
        throw new AssertionError("goes on and on");
      }
    }

    @Override
    public void after(ModelCall call) throws IOException {
      weather.after(call.toString(), steps);
    }
  }
}
