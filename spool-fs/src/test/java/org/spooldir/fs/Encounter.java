package org.spooldir.fs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One or two who use a spool at the same time, call by call in any order. */
final class Encounter {

  /** What happens before. */
  interface Prologue {
    void on(Cast cast) throws Exception;
  }

  /** What somebody does. */
  interface Part {
    void play(Actor actor) throws Exception;
  }

  final String name;
  private final Map<String, Part> parts = new LinkedHashMap<>();
  private final List<Prologue> prologues = new ArrayList<>();
  private final Set<String> keyed = new LinkedHashSet<>();
  private SpoolOptions options = Model.OPTIONS;
  private int preemptions = 2;

  private Encounter(String name) {
    this.name = name;
  }

  static Encounter of(String name) {
    return new Encounter(name);
  }

  /** What happened before, with everything on the disk. */
  Encounter after(Prologue prologue) {
    prologues.add(prologue);
    return this;
  }

  /** Somebody; he has entered already, or enters now. */
  Encounter actor(String who, Part part) {
    parts.put(who, part);
    return this;
  }

  Encounter with(SpoolOptions changed) {
    options = changed;
    return this;
  }

  /** These jobs have the key "k". */
  Encounter keyed(String... texts) {
    keyed.addAll(List.of(texts));
    return this;
  }

  /** How often one is interrupted by the other, at most. */
  Encounter preemptions(int most) {
    preemptions = most;
    return this;
  }

  /** Whether nobody comes in between. */
  boolean isAlone() {
    return parts.size() == 1;
  }

  SpoolOptions options() {
    return options;
  }

  int preemptions() {
    return preemptions;
  }

  Set<String> keyed() {
    return keyed;
  }

  /** Those who act, ready to begin. */
  Map<Actor, Part> set(Cast cast) throws Exception {
    for (Prologue prologue : prologues) {
      prologue.on(cast);
    }
    Map<Actor, Part> playing = new LinkedHashMap<>();
    for (Map.Entry<String, Part> part : parts.entrySet()) {
      Actor actor =
          cast.actors().stream().filter(a -> a.name.equals(part.getKey())).findFirst().orElse(null);
      playing.put(actor == null ? cast.enter(part.getKey()) : actor, part.getValue());
    }
    return playing;
  }

  @Override
  public String toString() {
    return name;
  }
}
