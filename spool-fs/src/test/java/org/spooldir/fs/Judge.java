package org.spooldir.fs;

import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.spooldir.Claim;
import org.spooldir.Spool;
import org.spooldir.fs.Promises.Place;

/** Says of every disk that a crash may leave whether it keeps what was promised. */
final class Judge {

  /** A promise was broken. */
  static final class Broken extends Error {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial")
    private final Counterexample example;

    Broken(Counterexample example, Throwable cause) {
      super(example.toString(), cause);
      this.example = example;
    }

    Counterexample example() {
      return example;
    }
  }

  private static final int NUMBER = 99;

  private final String scenario;
  private final SpoolOptions options;
  private final Set<String> keyed;
  private final boolean alone;
  private final UnaryOperator<FileOps> build;
  private final EnumSet<CrashProfile> profiles;
  private final Set<Long> known = new HashSet<>();
  private long states;
  private long seenDisk = -1;
  private int seenPromises = -1;

  Judge(Encounter encounter, Durability level, UnaryOperator<FileOps> build) {
    this.scenario = encounter + ", " + level;
    this.options = encounter.options().durability(level);
    this.keyed = encounter.keyed();
    this.alone = encounter.isAlone();
    this.build = build;
    this.profiles = profiles(level);
  }

  /** How many states of the disk came up. */
  long states() {
    return states;
  }

  /** How many of them were different, in what they hold or in what was promised. */
  long disks() {
    return known.size();
  }

  /** A new run begins. */
  void begin() {
    seenDisk = -1;
  }

  /** Lets it crash here, in every way. */
  void crash(Cast cast, List<String> steps) {
    if (cast.disk.version() == seenDisk && cast.promises.version() == seenPromises) {
      return;
    }
    seenDisk = cast.disk.version();
    seenPromises = cast.promises.version();
    for (CrashProfile profile : profiles) {
      boolean power = profile != CrashProfile.KILL;
      Map<String, Set<Place>> promised = cast.promises.expected(options.durability(), power);
      if (profile == CrashProfile.WEAK && (!alone || cast.liesHappen())) {
        promised.values().forEach(Judge::mayBeBack);
        promised.forEach((job, places) -> places.addAll(cast.promises.leftBehind(job)));
      }
      long asked = CrashState.mix(promised.hashCode(), power ? 1 : 0);
      states +=
          profile.crash(
              cast.disk,
              state -> {
                if (known.add(CrashState.mix(state.fingerprint(), asked))) {
                  judge(cast, steps, profile, state, promised);
                }
              });
    }
  }

  /** At which crashes a level promises something. */
  private static EnumSet<CrashProfile> profiles(Durability level) {
    return switch (level) {
      case PROCESS -> EnumSet.of(CrashProfile.KILL, CrashProfile.ORDERED);
      case ENQUEUE -> EnumSet.of(CrashProfile.KILL, CrashProfile.ORDERED, CrashProfile.ATOMIC);
      case FULL -> EnumSet.complementOf(EnumSet.of(CrashProfile.LAWLESS));
    };
  }

  /**
   * Where each name is on its own, the old name of a job that another has just moved, or was told
   * that he could not, may be on the disk still when the job is done: then it runs again. Or when a
   * third has moved it on: then it may be where it was.
   */
  private static void mayBeBack(Set<Place> places) {
    if (places.contains(Place.GONE)) {
      places.addAll(EnumSet.allOf(Place.class));
    }
  }

  /** From now on crashes by these rules too. */
  void also(CrashProfile profile) {
    profiles.add(profile);
  }

  private void judge(
      Cast cast,
      List<String> steps,
      CrashProfile profile,
      CrashState state,
      Map<String, Set<Place>> promised) {
    ModelDisk disk = state.disk();
    try {
      look(cast, disk, profile != CrashProfile.KILL, promised);
    } catch (Exception | AssertionError e) {
      throw new Broken(
          new Counterexample(
              scenario,
              String.valueOf(e.getMessage()),
              List.copyOf(steps),
              "crash, " + profile,
              state.disk().lines()),
          e);
    }
  }

  private void look(Cast cast, ModelDisk disk, boolean power, Map<String, Set<Place>> promised)
      throws Exception {
    ModelFileOps ops = new ModelFileOps(disk, NUMBER);
    ModelProcess process = new ModelProcess(ops, build, options, "later", NUMBER);
    Aftermath aftermath = new Aftermath(new ModelRuins(cast, disk, ops, process));
    if (power && options.durability() == Durability.PROCESS) {
      aftermath.assertWhatIsHandedOutIsWhole(); // and that is all that is promised
      return;
    }
    aftermath.assertPlaces(promised);
    if (!keyed.isEmpty()) {
      // The key of a job that is done with may be free before it is certain that the job is gone.
      int most = power && cast.promises.mayBeGone(keyed) ? keyed.size() + 1 : 1;
      aftermath.assertKeyIsNeitherStuckNorLost(keyed, most);
    }
    aftermath.assertNothingIsLeftInTheEnd();
  }

  private record ModelRuins(Cast cast, ModelDisk disk, ModelFileOps ops, Spool spool)
      implements Aftermath.Ruins {

    @Override
    public List<String> names(String directory) throws Exception {
      List<String> names = new ArrayList<>();
      try (DirectoryStream<Path> listing = ops.list(Model.ROOT.resolve(directory))) {
        listing.forEach(file -> names.add(FileNames.textOf(file)));
        names.removeIf(name -> name.startsWith(".")); // nobody's
      }
      return names;
    }

    @Override
    public boolean exists(Path file) throws Exception {
      return ops.exists(file);
    }

    @Override
    public void advance(Duration time) {
      disk.time.advance(time);
    }

    @Override
    public void handle(Claim claim) throws Exception {
      String text = Actor.read(claim.payload());
      String job = text.substring(0, Math.min(3, text.length()));
      if (!text.equals("new") && !text.equals(cast.contentOf(job))) {
        throw new AssertionError("a handler got altered bytes: \"" + text + "\"");
      }
    }
  }
}
