package org.spooldir.fs;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What names cost: a listing parses and compares a million of them, every step of a job makes one.
 * Public, and in this package, because JMH calls it and the names are package-private.
 *
 * <pre>
 * java -cp 'spool-benchmarks/target/lib/*' org.openjdk.jmh.Main NamesBenchmark
 * </pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class NamesBenchmark {

  private static final String READY =
      "1763679600.M000123P4711Q7R9f3c2a1b00112233.host,S=1024,C=9ae0daaf";
  private static final String LATER =
      "1763679600.M000124P4711Q8R0011223344556677.host,S=1024,C=9ae0daaf";
  private static final String CLAIM = "host.4711.k3x9.1";
  private static final long NOW = 1_763_679_660_000L;

  // No constants: those the compiler would compute once.
  private String readyText = READY;
  private EntryName ready = EntryName.parse(READY, ':');
  private EntryName later = EntryName.parse(LATER, ':');
  private EntryName claimed = ready.claimed(NOW, CLAIM);
  private String claimedText = claimed.text();
  private long now = NOW;
  private Path directory = Path.of("/var/spool/jobs/cur");

  private final UniqueNames names =
      new UniqueNames(InstantSource.system(), new SplittableRandom(1), 4711, "host");

  @Benchmark
  public Object parseReady() {
    return EntryName.parse(readyText, ':');
  }

  @Benchmark
  public Object parseClaimed() {
    return EntryName.parse(claimedText, ':');
  }

  @Benchmark
  public String next() {
    return names.next();
  }

  @Benchmark
  public Object claimed() {
    return ready.claimed(now, CLAIM);
  }

  @Benchmark
  public Object unclaimed() {
    return claimed.unclaimed();
  }

  /** Of one second, so that the microseconds decide. */
  @Benchmark
  public int compare() {
    return Long.compare(ready.rank(), later.rank());
  }

  @Benchmark
  public Path file() {
    return FileNames.in(directory, claimedText);
  }
}
