package org.spooldir.fs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

/** What an exam told, by name; of traits with one name the last one. */
record Examined(Map<String, Trait> traits) {

  static Examined of(Path directory) throws IOException {
    Map<String, Trait> traits = new LinkedHashMap<>();
    FileSystemExam.run(directory, trait -> traits.put(trait.name(), trait));
    return new Examined(traits);
  }

  Trait.Fitness verdict() {
    return traits.values().stream()
        .map(Trait::fitness)
        .max(Comparator.naturalOrder())
        .orElseThrow();
  }

  Trait.Fitness fitness(String name) {
    return trait(name).fitness();
  }

  String value(String name) {
    return trait(name).value();
  }

  private Trait trait(String name) {
    Trait trait = traits.get(name);
    if (trait == null) {
      throw new AssertionError("no " + name + " in " + traits);
    }
    return trait;
  }
}
