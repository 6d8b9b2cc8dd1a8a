package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.common.base.Splitter;
import com.google.common.base.Throwables;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The process that uses a spool while the power fails. It takes one order a line from standard
 * input and answers each with {@code ok} or {@code failed}; before that it tells of every step as
 * {@link CutStep} says. When its standard input is cut it dies on the spot.
 *
 * <ul>
 *   <li>{@code open ROOT LEVEL MUTANT RETAINS}: opens the spool, and makes it if there is none
 *   <li>{@code do VERB...}: as {@link CutActor}
 *   <li>{@code soak SEED VERB}: two producers, who sometimes do this, and two workers begin, and go
 *       on until it is killed
 *   <li>{@code abandon}: lets go of all that it has open
 * </ul>
 */
final class CutMain {

  /** A mutant's place where there is none. */
  static final String NO_MUTANT = "none";

  private static final Duration LONG = Duration.ofHours(1);

  private final FileOutputStream journal = new FileOutputStream(FileDescriptor.out);
  private final String name = "c" + ProcessHandle.current().pid();
  private final SplittableRandom random = new SplittableRandom(ProcessHandle.current().pid());
  private int actors;
  private List<String> place = List.of();
  private DirectorySpool spool;
  private CutActor actor;

  private CutMain() {}

  public static void main(String[] args) throws IOException {
    CutMain main = new CutMain();
    BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, US_ASCII));
    for (String order = orders.readLine(); order != null; order = orders.readLine()) {
      main.answer(Splitter.on(' ').splitToList(order));
    }
    Runtime.getRuntime().halt(0);
  }

  private void answer(List<String> words) {
    try {
      obey(words.get(0), words.subList(1, words.size()));
      write("ok");
    } catch (IOException | RuntimeException e) {
      write("failed " + Throwables.getStackTraceAsString(e).replace("\n", " / "));
    }
  }

  private void obey(String order, List<String> operands) throws IOException {
    switch (order) {
      case "open" -> {
        place = operands;
        open();
        actor = newActor(random);
      }
      case "do" -> {
        for (String verb : operands) {
          actor.perform(verb);
        }
      }
      case "soak" -> soak(new SplittableRandom(Long.parseLong(operands.get(0))), operands.get(1));
      case "abandon" -> abandon();
      default -> throw new IllegalArgumentException(order);
    }
  }

  /** One line, one write: whole or not at all. */
  private synchronized void write(String line) {
    try {
      journal.write((line + "\n").getBytes(US_ASCII));
    } catch (IOException e) {
      Runtime.getRuntime().halt(1); // nobody listens
    }
  }

  // ---- opening and leaving ----

  private Path root() {
    return Path.of(place.get(0));
  }

  private boolean retains() {
    return Boolean.parseBoolean(place.get(3));
  }

  private void open() throws IOException {
    Path root = root();
    SpoolOptions options =
        SpoolOptions.DEFAULTS
            .durability(Durability.valueOf(place.get(1)))
            .reserve(0)
            .retention(retains() ? LONG : Duration.ZERO)
            .lease(LONG)
            .poll(LONG); // nothing happens by itself
    DirectorySpool.openOrCreate(root, options).close();
    Ground real = Ground.of(root);
    FileOps ops =
        place.get(2).equals(NO_MUTANT) ? real.ops() : Mutant.valueOf(place.get(2)).on(real.ops());
    spool =
        DirectorySpool.open(
            root,
            options,
            new Ground(
                ops, real.clock(), real.nanoTime(), real.random(), real.names(), real.window()));
  }

  private CutActor newActor(SplittableRandom seed) {
    String unique = name + "-" + actors++;
    return new CutActor(root(), spool, retains(), unique, seed, step -> write(step.line()));
  }

  private void abandon() {
    try {
      spool.close();
    } catch (IOException e) {
      // there is no power
    }
  }

  // ---- many at once ----

  private void soak(SplittableRandom seed, String sometimes) {
    for (int i = 0; i < 2; i++) {
      List<String> verbs = List.of("enqueue", "enqueue", sometimes, "many", "later");
      CutActor producer = newActor(seed.split());
      SplittableRandom dice = seed.split();
      begin(() -> producer.perform(verbs.get(dice.nextInt(verbs.size()))));
      CutActor worker = newActor(seed.split());
      begin(worker::workOne);
    }
  }

  private interface Turn {
    void take() throws IOException;
  }

  private static void begin(Turn turn) {
    Thread thread =
        new Thread(
            () -> {
              try {
                while (true) {
                  turn.take();
                }
              } catch (IOException | RuntimeException e) {
                // the power has failed
              }
            });
    thread.setDaemon(true);
    thread.start();
  }
}
