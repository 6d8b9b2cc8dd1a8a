package org.spooldir.fs;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.spooldir.Claim;
import org.spooldir.Spool;

/**
 * One of many workers on one spool. It warms up beside the others, until nothing is left of another
 * spool, says {@code ready}, waits for a line, works until nothing is left, and tells how many jobs
 * it did, how many races it lost, and from when to when by the monotonic clock of the machine.
 * Stands in this package because it counts behind the one door to the operating system.
 *
 * <pre>
 * CrowdRun SPOOL WARM_UP_SPOOL...
 * </pre>
 */
public final class CrowdRun {

  private static final int SOME = 1000;
  private static final AtomicLong LOST = new AtomicLong();

  private CrowdRun() {}

  public static void main(String[] args) throws Exception {
    for (String warmUp : List.of(args).subList(1, args.length)) {
      work(Path.of(warmUp));
    }
    LOST.set(0);
    System.out.println("ready");
    System.in.read();
    long start = System.nanoTime();
    long done = work(Path.of(args[0]));
    System.out.println(done + " " + LOST + " " + start + " " + System.nanoTime());
  }

  private static long work(Path directory) throws Exception {
    SpoolOptions options = SpoolOptions.DEFAULTS.durability(Durability.PROCESS);
    Ground real = Ground.of(directory);
    Ground ground =
        new Ground(
            new CountingFileOps(),
            real.clock(),
            real.nanoTime(),
            real.random(),
            real.names(),
            real.window());
    long done = 0;
    try (DirectorySpool spool = DirectorySpool.open(directory, options, ground)) {
      for (int some = SOME; some == SOME; done += some) {
        some = work(spool);
      }
    }
    return done;
  }

  /** Some jobs, not all: where a compiled loop ends for the first time, it is compiled anew. */
  private static int work(Spool spool) throws IOException {
    for (int done = 0; done < SOME; done++) {
      Optional<Claim> claim = spool.claim();
      if (claim.isEmpty()) {
        return done;
      }
      claim.get().complete();
    }
    return SOME;
  }

  /** A rename whose source is gone is a lost race. */
  private static final class CountingFileOps extends NioFileOps {

    CountingFileOps() {
      super(true);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
      try {
        super.rename(from, to);
      } catch (NoSuchFileException e) {
        LOST.incrementAndGet();
        throw e;
      }
    }
  }
}
