package org.spooldir.benchmarks;

import com.google.common.collect.ArrayListMultimap;
import com.google.common.collect.ListMultimap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Contenders that do the same on the same disk, round by round. In every second round they come in
 * the opposite order, so that what changes over time wrongs nobody.
 */
final class Contest {

  private final ListMultimap<String, Map<String, Double>> results = ArrayListMultimap.create();

  private Contest() {}

  static Contest of(Disk disk, int rounds, Contender... contenders) throws Exception {
    Contest contest = new Contest();
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

  /** What one contender reached. */
  Figure figure(String contender, String what) {
    List<Double> values = new ArrayList<>();
    for (Map<String, Double> run : results.get(contender)) {
      values.add(Optional.ofNullable(run.get(what)).orElseThrow());
    }
    return new Figure(values);
  }

  /** One contender against another, round by round. */
  Figure ratio(String contender, String what, String to) {
    List<Double> ours = figure(contender, what).values();
    List<Double> theirs = figure(to, what).values();
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < ours.size(); i++) {
      ratios.add(ours.get(i) / theirs.get(i));
    }
    return new Figure(ratios);
  }
}
