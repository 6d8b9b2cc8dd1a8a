package org.spooldir.fs;

import com.google.common.collect.Lists;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.spooldir.fs.ModelDisk.Change;
import org.spooldir.fs.ModelDisk.Node;

/** What a crash may leave of names that were changed and not forced. */
enum CrashProfile {
  /** Processes die and the machine goes on: all that was done is there. */
  KILL {
    @Override
    Predicate<Change> forcedWith(Node node, List<Change> pending) {
      return change -> false;
    }

    @Override
    void survivors(List<Change> pending, Consumer<List<Change>> each) {
      each.accept(pending);
    }
  },

  /**
   * ext4 and xfs: names are journalled in their order. What survives is what was done up to some
   * moment, and any fsync makes all that was done before it durable.
   */
  ORDERED {
    @Override
    Predicate<Change> forcedWith(Node node, List<Change> pending) {
      return change -> true;
    }

    @Override
    void survivors(List<Change> pending, Consumer<List<Change>> each) {
      for (int end = 0; end <= pending.size(); end++) {
        if (end == 0 || end == pending.size() || !isOneCall(pending, end)) {
          each.accept(pending.subList(0, end));
        }
      }
    }

    private boolean isOneCall(List<Change> pending, int end) {
      return pending.get(end - 1).transaction() == pending.get(end).transaction();
    }
  },

  /**
   * btrfs and f2fs, at their worst: a rename is there or not, but calls that were not forced
   * survive in any combination. The fsync of a directory is for the calls that touched it, and for
   * those before them on which they build, because they changed the same name.
   */
  ATOMIC {
    @Override
    Predicate<Change> forcedWith(Node node, List<Change> pending) {
      Set<Long> forced = new HashSet<>();
      Set<List<Object>> names = new HashSet<>();
      // From the last call to the first, so that all who build on a call are known before it.
      for (List<Change> call : Lists.reverse(calls(pending))) {
        if (call.stream()
            .anyMatch(change -> change.directory() == node || names.contains(entry(change)))) {
          forced.add(call.get(0).transaction());
          call.forEach(change -> names.add(entry(change)));
        }
      }
      return change -> forced.contains(change.transaction());
    }

    private List<Object> entry(Change change) {
      return List.of(change.directory(), change.name());
    }

    private List<List<Change>> calls(List<Change> pending) {
      return List.copyOf(
          pending.stream()
              .collect(
                  Collectors.groupingBy(
                      Change::transaction, LinkedHashMap::new, Collectors.toList()))
              .values());
    }

    @Override
    void survivors(List<Change> pending, Consumer<List<Change>> each) {
      anyOf(calls(pending), each);
    }
  },

  /**
   * ext2, ext4 without a journal, vfat: each change of a directory entry is on its own, but that of
   * a rename the new name is on the disk before the old one goes. Nothing sees to that between the
   * rename and the fsync of the target that follows it: {@link #LAWLESS}.
   */
  WEAK {
    @Override
    Predicate<Change> forcedWith(Node node, List<Change> pending) {
      Set<Long> left =
          pending.stream()
              .filter(change -> change.directory() == node && change.node() == null)
              .map(Change::transaction)
              .collect(Collectors.toSet());
      return change ->
          change.directory() == node
              || (change.node() != null && left.contains(change.transaction()));
    }

    @Override
    void survivors(List<Change> pending, Consumer<List<Change>> each) {
      Set<Long> unfinished =
          pending.stream()
              .filter(change -> change.node() != null)
              .map(Change::transaction)
              .collect(Collectors.toSet());
      LAWLESS.survivors(
          pending,
          survivors -> {
            Set<Long> added =
                survivors.stream()
                    .filter(change -> change.node() != null)
                    .map(Change::transaction)
                    .collect(Collectors.toSet());
            if (survivors.stream()
                .map(Change::transaction)
                .allMatch(call -> added.contains(call) || !unfinished.contains(call))) {
              each.accept(survivors);
            }
          });
    }
  },

  /** The same, and of a rename that is under way both names can be missing. */
  LAWLESS {
    @Override
    Predicate<Change> forcedWith(Node node, List<Change> pending) {
      return change -> change.directory() == node;
    }

    @Override
    void survivors(List<Change> pending, Consumer<List<Change>> each) {
      anyOf(pending.stream().map(List::of).toList(), each);
    }
  };

  /** Of more changes than so many, combinations are drawn at random, as many as so many have. */
  private static final int ALL_OF = Integer.getInteger("spool.subsets", 4);

  /** Which changes the fsync of a file or a directory makes durable. */
  abstract Predicate<Change> forcedWith(Node node, List<Change> pending);

  /** Each set of changes that may have reached the disk, in their order. */
  abstract void survivors(List<Change> pending, Consumer<List<Change>> each);

  private static void anyOf(List<List<Change>> units, Consumer<List<Change>> each) {
    int size = units.size();
    SplittableRandom random = new SplittableRandom(size);
    for (int i = 0; i < 1 << Math.min(size, ALL_OF); i++) {
      long chosen = size <= ALL_OF ? i : i == 0 ? 0 : i == 1 ? -1 : random.nextLong();
      List<Change> survivors = new ArrayList<>();
      for (int unit = 0; unit < size; unit++) {
        if ((chosen >> unit % Long.SIZE & 1) == 1) {
          survivors.addAll(units.get(unit));
        }
      }
      survivors.sort((a, b) -> Long.compare(a.transaction(), b.transaction()));
      each.accept(survivors);
    }
  }

  /**
   * Each disk that a crash may leave at this moment.
   *
   * @return how many were looked at; among them are equal ones
   */
  long crash(ModelDisk disk, Consumer<CrashState> each) {
    long[] states = {0};
    Journal journal = Objects.requireNonNull(disk.journal(this));
    survivors(
        journal.pending(),
        survivors ->
            states[0] += CrashState.each(disk, journal.with(survivors), this == KILL, each));
    return states[0];
  }
}
