package org.spooldir.examples.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Runs one program that hands in one job, again and again, and cuts some of them short by a kill.
 */
final class Lane {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int BACKLOG = 150;

  private final Program program;
  private final Path directory;
  private final Path errors;
  private final SplittableRandom random;
  private final Thread thread;
  private final List<Actor> producers = new ArrayList<>();
  private volatile Optional<Throwable> failure = Optional.empty();
  private volatile boolean over;

  /** Begins: so many jobs, so many of a hundred of which are killed. */
  Lane(
      Program program, Path directory, Path errors, SplittableRandom random, int jobs, int killed) {
    this.program = program;
    this.directory = directory;
    this.errors = errors;
    this.random = random;
    this.thread = new Thread(() -> run(jobs, killed), "lane " + program);
    thread.start();
  }

  private void run(int jobs, int killed) {
    try {
      for (int i = 0; i < jobs && !over; i++) {
        handIn(i, random.nextInt(100) < killed);
        awaitRoom();
      }
    } catch (IOException | RuntimeException | AssertionError e) {
      failure = Optional.of(e);
    }
  }

  private void handIn(int i, boolean kill) throws IOException {
    Telltale telltale = new Telltale(program.name().toLowerCase(Locale.ROOT) + "-" + i);
    List<String> command = program.produce(directory, i % 10, Map.of("name", telltale.name()));
    Actor producer = Actor.start(program + " producer", command, telltale.payload(), errors);
    producers.add(producer);
    if (kill) {
      LockSupport.parkNanos(random.nextLong(1L << random.nextInt(18, 29))); // to a quarter second
      producer.kill();
    }
    producer.awaitEnd();
  }

  private void awaitRoom() throws IOException {
    while (!over && backlog() > BACKLOG) {
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
  }

  private long backlog() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("new"))) {
      return files.count();
    }
  }

  /** Begins no more. */
  void stop() {
    over = true;
  }

  /** All its producers, once the last one has ended. */
  List<Actor> awaitEnd() throws IOException {
    try {
      thread.join(PATIENCE.toMillis());
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    assertEquals(Optional.empty(), failure, thread.getName());
    assertEquals(false, thread.isAlive(), thread.getName() + " does not end");
    return producers;
  }
}
