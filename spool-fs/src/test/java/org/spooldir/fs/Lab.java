package org.spooldir.fs;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.spooldir.Claim;
import org.spooldir.CorruptEntryException;
import org.spooldir.Payload;
import org.spooldir.SpoolEvent;
import org.spooldir.SpoolException;
import org.spooldir.SpoolListener;

/**
 * One process on a spool directory, with all that a test commands: file system, clocks, names. Its
 * background threads do one round when they start, and the next one after an hour.
 */
final class Lab implements AutoCloseable {

  static final Duration LONG = Duration.ofHours(1);

  /** In which order a worker tries what is ready. */
  static final Comparator<EntryName> ORDER = Comparator.comparing(Window.Candidate::new);

  /** Names that a worker of a test keeps in memory. */
  static final int WINDOW = 4096;

  /** A user whom no test runs as. */
  static final int SOMEBODY = 424_242;

  /** No reserve, and nothing happens by itself. */
  static final SpoolOptions OPTIONS = SpoolOptions.DEFAULTS.reserve(0).lease(LONG).poll(LONG);

  /** A worker process on this machine, of this boot; nobody has that pid. */
  private static final WorkerIdentity GONE =
      new WorkerIdentity(
          "host", Machine.bootId(), Machine.pidNamespace(), (1L << 22) + 1, "1", LONG);

  /** Troubles are made on purpose here; their place is {@link #events}, not the log. */
  private static final Logger LOG = Logger.getLogger("org.spooldir.fs");

  static {
    LOG.setLevel(Level.OFF);
  }

  final Path root;
  final FakeTime time;
  final FaultyFileOps ops;
  final Faults faults;
  final List<SpoolEvent> events = Collections.synchronizedList(new ArrayList<>());

  private final long number;
  private final SplittableRandom random;
  private final UniqueNames unique;
  private final List<DirectorySpool> opened = new ArrayList<>();
  private final List<Lab> others = new ArrayList<>();
  private SpoolFormat format = SpoolFormat.PLAIN;

  private Lab(Path root, FakeTime time, long number) {
    this.root = root;
    this.time = time;
    this.number = number;
    this.random = new SplittableRandom(number);
    this.unique = new UniqueNames(time, random.split(), number, "host");
    this.ops = FaultyFileOps.in(time, NioFileOps.on(root), root);
    this.faults = ops.faults;
  }

  /** A new spool. */
  static Lab in(Path directory) throws IOException {
    Path root = directory.resolve("spool");
    Lab lab = new Lab(root, new FakeTime(directory.resolve("time")), 1);
    SpoolCreation.create(lab.ops, root, SpoolFormat.PLAIN);
    lab.faults.forget();
    return lab;
  }

  /** Another process on the same directory, in the same time. */
  Lab another() {
    Lab other = new Lab(root, time, number + others.size() + 1);
    others.add(other);
    return other;
  }

  private Ground ground() {
    return new Ground(ops, time, time::nanoTime, random.split(), unique, WINDOW);
  }

  /** What the parts of an open spool share. */
  Site site(SpoolOptions options) {
    return Site.of(layout(), options.listener(events::add), ground());
  }

  /** The same, on a file system that is changed so. */
  Site siteOn(UnaryOperator<FileOps> changed) {
    return Site.of(
        layout(),
        OPTIONS,
        new Ground(changed.apply(ops), time, time::nanoTime, random.split(), unique, WINDOW));
  }

  SpoolLayout layout() {
    return new SpoolLayout(root, format);
  }

  /** From now on whoever opens it finds a drop box, in which everything is another user's. */
  void makeDropBoxOfOthers() throws IOException {
    format = new SpoolFormat(':', null, null, Access.DROPBOX);
    Files.writeString(root.resolve("spool.format"), format.line() + "\n");
    faults.ownedBy(SOMEBODY);
  }

  /** Opens the spool; nothing runs in the background before the first claim. */
  DirectorySpool open() throws IOException {
    return open(OPTIONS);
  }

  /** Opens the spool. */
  DirectorySpool open(SpoolOptions options) throws IOException {
    SpoolListener told =
        event -> {
          events.add(event);
          options.listener().on(event);
        };
    DirectorySpool spool = DirectorySpool.open(root, options.listener(told), ground());
    opened.add(spool);
    return spool;
  }

  /** Opens the spool as a worker does, and returns when its background threads rest. */
  DirectorySpool openWorker(SpoolOptions options) throws IOException {
    DirectorySpool spool = open(options);
    if (spool.claim().isPresent()) {
      throw new IllegalStateException("open the worker before there are jobs");
    }
    awaitRest();
    return spool;
  }

  /** Opens the spool as a worker does, and returns when its background threads rest. */
  DirectorySpool openWorker() throws IOException {
    return openWorker(OPTIONS);
  }

  /** Returns when the background threads, which a first claim has started, rest. */
  void awaitRest() {
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(1))
        .until(() -> rests("spool beat ") && rests("spool recovery "));
  }

  private boolean rests(String kind) {
    String name = kind + root.getFileName();
    List<Thread.State> states =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().equals(name))
            .map(Thread::getState)
            .toList();
    return !states.isEmpty() && states.stream().allMatch(Thread.State.TIMED_WAITING::equals);
  }

  /** The names in a directory of the spool, escaped and sorted. */
  List<String> names(String directory) throws IOException {
    TreeSet<String> names = new TreeSet<>();
    try (DirectoryStream<Path> listing = Files.newDirectoryStream(root.resolve(directory))) {
      listing.forEach(file -> names.add(FileNames.escape(FileNames.textOf(file))));
    }
    return List.copyOf(names);
  }

  /** The only file in a directory of the spool. */
  Path only(String directory) throws IOException {
    List<String> names = names(directory);
    if (names.size() != 1) {
      throw new AssertionError("not one in " + directory + ": " + names);
    }
    return root.resolve(directory).resolve(names.get(0));
  }

  /** Another program's delivery: a file in {@code new/}. */
  Path deliver(String name, String text) throws IOException {
    Path draft = Files.writeString(root.resolve("tmp").resolve(name), text);
    return Files.move(draft, root.resolve("new").resolve(name));
  }

  /** A sign of life, written a moment ago. */
  Path presence(String worker, String text) throws IOException {
    return Files.writeString(root.resolve("workers").resolve(worker), text);
  }

  /** A unique name that nobody else has. */
  String unique() {
    return unique.next();
  }

  /** A job in the hands of a worker; its name. */
  String claimedBy(String worker) throws IOException {
    String name = unique.next();
    Files.writeString(
        root.resolve("cur").resolve(name + ":2,,a=1,t=1767225600000,w=" + worker + ".1"), "x");
    return name;
  }

  /**
   * A job of a worker whose process is gone. It lived until it had the claim: a recovery that found
   * it gone before would look for its claims before there is one, and the next time in a third of
   * the lease.
   */
  String abandonedBy(String worker) throws IOException {
    presence(worker, WorkerIdentity.ofThisProcess(LONG).text(0));
    String job = claimedBy(worker);
    presence(worker, GONE.text(0));
    return job;
  }

  /** All workers of this spool seem silent for this long. */
  void silenceWorkers(Duration since) throws IOException {
    for (String worker : names("workers")) {
      Files.setLastModifiedTime(
          root.resolve("workers").resolve(worker), FileTime.from(Instant.now().minus(since)));
    }
  }

  /** All workers of this spool are declared dead. */
  void declareWorkersDead() throws IOException {
    for (String worker : names("workers")) {
      Files.delete(root.resolve("workers").resolve(worker));
    }
  }

  /** Claims what must be there. */
  static Claim claim(DirectorySpool spool) throws SpoolException {
    return spool.claim().orElseThrow(() -> new AssertionError("no job is ready"));
  }

  @Override
  public void close() throws IOException {
    for (Lab other : others) {
      other.close();
    }
    faults.clear();
    if (!faults.isAlive()) {
      faults.bury();
    }
    for (DirectorySpool spool : opened) {
      spool.close();
    }
  }

  /** The bytes that a payload has, damaged or not: only their end tells. */
  static String textBeforeDamageIsTold(Payload payload) throws IOException {
    StringBuilder text = new StringBuilder();
    try (InputStream in = payload.open()) {
      for (int b = in.read(); b >= 0; b = in.read()) {
        text.append((char) b);
      }
    } catch (CorruptEntryException e) {
      // that was all
    }
    return text.toString();
  }
}
