package org.spooldir.fs.process;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;

import com.google.common.base.Throwables;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.spooldir.Claim;
import org.spooldir.ClaimLostException;
import org.spooldir.Spool;
import org.spooldir.SpoolEvent;
import org.spooldir.SpoolEvent.Settlement;
import org.spooldir.SpoolException;
import org.spooldir.fs.DirectorySpool;
import org.spooldir.fs.Durability;
import org.spooldir.fs.OddGround;
import org.spooldir.fs.SpoolOptions;
import org.spooldir.fs.SteppedTime;

/**
 * The inside of a child process: its settings, its spool, and the journal that it writes to
 * standard output. Standard input is the line to its parent; when that is cut the child dies on the
 * spot, so that none outlives the tests.
 *
 * <p>Settings that all have: {@code spool}, {@code seed}, {@code durability}, {@code lease} and
 * {@code poll} in ms, {@code mutant} and {@code clocks}, see {@link OddGround}.
 */
final class Child {

  private static final int EXIT_ORPHANED = 3;
  private static final int EXIT_FAILED = 4;

  private final Map<String, String> settings;
  private final FileOutputStream journal = new FileOutputStream(FileDescriptor.out);
  private final BufferedReader orders =
      new BufferedReader(new InputStreamReader(System.in, US_ASCII));
  private final CountDownLatch stop = new CountDownLatch(1);
  private final boolean quiet;
  private int settled;
  private final Spool spool;

  /** What a child does once it may go. */
  interface Life {
    void run(Child child) throws Exception;
  }

  private Child(Map<String, String> settings) throws SpoolException {
    this.settings = settings;
    this.quiet = setting("quiet", "").equals("true");
    this.spool = open(Path.of(setting("spool", "")));
  }

  private SpoolOptions options() {
    return SpoolOptions.DEFAULTS
        .durability(Durability.valueOf(setting("durability", "PROCESS")))
        .lease(Duration.ofMillis(number("lease", 60_000)))
        .poll(Duration.ofMillis(number("poll", 1_000)))
        .listener(this::hear);
  }

  /** Opens the spool, waits for the word to go, lives, closes the spool and ends. */
  static void live(String[] args, Life life) throws SpoolException {
    Child child =
        new Child(
            Stream.of(args)
                .map(arg -> arg.split("=", 2))
                .collect(toMap(pair -> pair[0], pair -> pair[1])));
    try {
      child.write(Act.READY, ProcessHandle.current().pid());
      child.nextOrder();
      life.run(child);
      child.spool.close();
      child.write(Act.ENDED, child.settled);
    } catch (Throwable e) {
      child.write(Act.FAILED, Throwables.getStackTraceAsString(e).replace("\n", " | "));
      Runtime.getRuntime().halt(EXIT_FAILED);
    }
  }

  // ---- what it was told ----

  Spool spool() {
    return spool;
  }

  /** Another spool, opened in the same way. */
  Spool open(Path directory) throws SpoolException {
    OddGround ground = new OddGround(given("mutant"), given("clocks").map(Path::of));
    return ground.isOdd()
        ? ground.open(directory, options())
        : DirectorySpool.open(directory, options());
  }

  /** What the wall clock says. */
  long millis() {
    return given("clocks")
        .<InstantSource>map(steps -> new SteppedTime(Path.of(steps)))
        .orElse(InstantSource.system())
        .millis();
  }

  String setting(String name, String otherwise) {
    return settings.getOrDefault(name, otherwise);
  }

  private Optional<String> given(String name) {
    return Optional.ofNullable(settings.get(name));
  }

  int number(String name, int otherwise) {
    return Integer.parseInt(setting(name, Integer.toString(otherwise)));
  }

  SplittableRandom random() {
    return new SplittableRandom(Long.parseLong(settings.get("seed")));
  }

  /** The next line from the parent. */
  String nextOrder() throws IOException {
    String order = orders.readLine();
    if (order == null) {
      Runtime.getRuntime().halt(EXIT_ORPHANED);
    }
    return order;
  }

  /** For children that take no orders but the one to stop. */
  void heedParent() {
    Thread thread =
        new Thread(
            () -> {
              try {
                nextOrder();
                stop.countDown();
                nextOrder();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            "parent");
    thread.setDaemon(true);
    thread.start();
  }

  /** Waits this long, or until it is told to stop; says whether to go on. */
  boolean goesOnAfter(Duration pause) throws InterruptedException {
    return !stop.await(pause.toNanos(), TimeUnit.NANOSECONDS);
  }

  // ---- what it writes down ----

  /** As {@link #write}, but not if the child is to be quiet. */
  void note(Act act, Object... words) {
    if (!quiet) {
      write(act, words);
    }
  }

  /** One line, one write: whole or, if the child is killed within it, without its end. */
  void write(Act act, Object... words) {
    String line =
        Stream.of(words)
            .map(word -> " " + word)
            .collect(joining("", System.nanoTime() + " " + act.name(), "\n"));
    try {
      synchronized (journal) {
        journal.write(line.getBytes(US_ASCII));
      }
    } catch (IOException e) {
      Runtime.getRuntime().halt(EXIT_ORPHANED);
    }
  }

  private void hear(SpoolEvent event) {
    if (event instanceof SpoolEvent.ClaimLost lost) {
      write(Act.LOST, lost.id(), lost.attempt());
    } else if (event instanceof SpoolEvent.Trouble trouble) {
      String cause = Throwables.getStackTraceAsString(trouble.cause()).replace("\n", " | ");
      write(Act.TROUBLE, trouble.what(), cause);
    }
  }

  /** Settles a claim and writes down how that went. */
  void settle(Claim claim, Settlement how) throws SpoolException {
    note(Act.SETTLING, claim.id(), claim.attempt(), how);
    try {
      switch (how) {
        case COMPLETED -> claim.complete();
        case RETRIED -> claim.retry(Duration.ofMillis(50), "as told");
        case RELEASED -> claim.release();
        case REJECTED -> claim.reject("as told");
      }
      settled++;
      note(Act.SETTLED, claim.id(), claim.attempt(), how);
    } catch (ClaimLostException e) {
      write(Act.LATE, claim.id(), claim.attempt(), how);
    }
  }

  /** Checks the payload of a claim and writes down what it found; the payload's name. */
  String verify(Claim claim) throws IOException {
    String name;
    try {
      name = Telltale.verify(claim.payload());
    } catch (Telltale.TornException e) {
      write(Act.TORN, claim.id(), e.getMessage());
      return "";
    } catch (NoSuchFileException e) {
      // Long payloads are read from their file, which leaves with the claim. Settling will tell.
      write(Act.LATE, claim.id(), claim.attempt(), "OPENED");
      return "";
    }
    note(Act.VERIFIED, claim.id(), name);
    return name;
  }
}
