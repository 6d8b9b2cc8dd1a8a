package org.spooldir.fs;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SplittableRandom;
import org.spooldir.SpoolException;

/**
 * What a child process opens its spool on when it is not to stand on the machine as it is: another
 * build, or clocks that somebody sets.
 *
 * @param mutant the name of a {@link Mutant}
 * @param clocks the file of a {@link SteppedTime}
 */
public record OddGround(Optional<String> mutant, Optional<Path> clocks) {

  /** Whether it differs from the machine at all. */
  public boolean isOdd() {
    return mutant.isPresent() || clocks.isPresent();
  }

  /** Opens a spool on it. */
  public DirectorySpool open(Path directory, SpoolOptions options) throws SpoolException {
    FileOps ops = NioFileOps.on(directory);
    InstantSource wall = InstantSource.system();
    if (clocks.isPresent()) {
      SteppedTime time = new SteppedTime(clocks.get());
      ops = time.on(ops);
      wall = time;
    }
    if (mutant.isPresent()) {
      ops = Mutant.valueOf(mutant.get()).on(ops);
    }
    SplittableRandom random = new SplittableRandom(Machine.randomSeed());
    UniqueNames names = new UniqueNames(wall, random.split(), Machine.pid(), Machine.hostName());
    return DirectorySpool.open(
        directory, options, new Ground(ops, wall, System::nanoTime, random, names, Lab.WINDOW));
  }
}
