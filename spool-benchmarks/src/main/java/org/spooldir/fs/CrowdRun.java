package org.spooldir.fs;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.spooldir.Claim;

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
            counting(real.ops()),
            real.clock(),
            real.nanoTime(),
            real.random(),
            real.names(),
            real.window());
    long done = 0;
    try (DirectorySpool spool = DirectorySpool.open(directory, options, ground)) {
      for (Optional<Claim> claim = spool.claim(); claim.isPresent(); claim = spool.claim()) {
        claim.get().complete();
        done++;
      }
    }
    return done;
  }

  /** A rename whose source is gone is a lost race. */
  private static FileOps counting(FileOps real) {
    return (FileOps)
        Proxy.newProxyInstance(
            FileOps.class.getClassLoader(),
            new Class<?>[] {FileOps.class},
            (proxy, method, arguments) -> {
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                if (e.getCause() instanceof NoSuchFileException
                    && method.getName().equals("rename")) {
                  LOST.incrementAndGet();
                }
                throw e.getCause();
              }
            });
  }
}
