package org.spooldir.benchmarks;

import com.google.common.collect.ArrayListMultimap;
import com.google.common.collect.ListMultimap;
import com.google.common.collect.Lists;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Contenders that do the same on the same disk, round by round. In every second round they come in
 * the opposite order, so that what changes over time wrongs nobody.
 */
final class Contest {

  private final ListMultimap<String, Map<String, Double>> results = ArrayListMultimap.create();

  /** So many results make one value. */
  private final int turns;

  private Contest(int turns) {
    this.turns = turns;
  }

  static Contest of(Disk disk, int rounds, Contender... contenders) throws Exception {
    Contest contest = new Contest(1);
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < contenders.length; i++) {
        Contender next = contenders[round % 2 == 0 ? i : contenders.length - 1 - i];
        Path directory = disk.fresh();
        Map<String, Double> figures = next.work().in(directory);
        disk.clear(directory);
        System.err.println("  " + next.name() + " " + figures);
        contest.results.put(next.name(), figures);
      }
    }
    return contest;
  }

  /**
   * The same of programs that stay and are warm: each does a little, turn by turn, so that a
   * machine that is slow for a while is slow for all of them. In each round they are started anew:
   * of two JVMs that run the same, one may be a tenth faster for as long as they live.
   *
   * @param commands what runs a contender in a directory, by its name
   */
  static Contest inTurns(
      Disk disk, int rounds, int turns, Map<String, Function<Path, List<String>>> commands)
      throws Exception {
    Contest contest = new Contest(turns);
    for (int round = 0; round < rounds; round++) {
      contest.takeTurns(disk, commands);
    }
    System.err.println("  " + contest.results);
    return contest;
  }

  private void takeTurns(Disk disk, Map<String, Function<Path, List<String>>> commands)
      throws Exception {
    List<Map.Entry<String, Resident>> residents = new ArrayList<>();
    Path directory = disk.fresh();
    try {
      for (Map.Entry<String, Function<Path, List<String>>> one : commands.entrySet()) {
        Path place = Files.createDirectory(directory.resolve("of" + residents.size()));
        residents.add(Map.entry(one.getKey(), Resident.start(one.getValue().apply(place))));
      }
      for (int turn = 0; turn < turns; turn++) {
        Collections.shuffle(residents); // or one would always come after the same other one
        for (Map.Entry<String, Resident> one : residents) {
          Programs.sync(directory); // or it would write down what another has left
          results.put(one.getKey(), one.getValue().again());
        }
      }
    } finally {
      residents.forEach(one -> one.getValue().close());
    }
    disk.clear(directory);
  }

  /** What one contender reached, round by round. */
  Figure figure(String contender, String what) {
    return rounds(values(contender, what));
  }

  /** One contender against another: turn by turn, and of a round's turns the median. */
  Figure ratio(String contender, String what, String to) {
    List<Double> ours = values(contender, what);
    List<Double> theirs = values(to, what);
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < ours.size(); i++) {
      ratios.add(ours.get(i) / theirs.get(i));
    }
    return rounds(ratios);
  }

  private List<Double> values(String contender, String what) {
    return results.get(contender).stream()
        .map(run -> Optional.ofNullable(run.get(what)).orElseThrow())
        .toList();
  }

  private Figure rounds(List<Double> values) {
    return new Figure(
        Lists.partition(values, turns).stream().map(round -> new Figure(round).median()).toList());
  }
}
