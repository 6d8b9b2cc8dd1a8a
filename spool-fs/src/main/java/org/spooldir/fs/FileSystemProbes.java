package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.spooldir.fs.Trait.Fitness;

/** Tries out in a scratch directory what a spool asks of a file system. */
final class FileSystemProbes {

  private static final int FORCES = 9;

  /** The coarsest clock there is, that of vfat, ticks every two seconds. */
  private static final Duration LONGEST_TICK = Duration.ofSeconds(5);

  private static final Duration COARSE = Duration.ofMillis(500);
  private static final Duration CLOCKS_AGREE = Duration.ofSeconds(1);

  private final Ground ground;
  private final FileOps ops;
  private final Path scratch;
  private final @Nullable SpoolLayout spool;
  private final Consumer<Trait> listener;
  private int files;

  /**
   * Works in a directory.
   *
   * @param spool the spool that stands on this file system already, if there is one
   */
  FileSystemProbes(
      Ground ground, Path scratch, @Nullable SpoolLayout spool, Consumer<Trait> listener) {
    this.ground = ground;
    this.ops = ground.ops();
    this.scratch = scratch;
    this.spool = spool;
    this.listener = listener;
  }

  private interface Probe {
    void run() throws IOException;
  }

  void run() throws IOException {
    probe("rename", "a spool lives by it", Fitness.UNFIT, this::rename);
    probe("exclusive creation", "two could write one file", Fitness.UNFIT, this::exclusive);
    probe("fsync", "no job would survive a power loss", Fitness.UNFIT, this::force);
    probe("hard links", "no dedup keys and no adopted files", Fitness.LIMITED, this::links);
    probe("directory rename", "no dedup keys", Fitness.LIMITED, this::directoryRename);
    probe("name length", "a job's name with all its state needs 255", Fitness.UNFIT, this::length);
    probe(
        "colon in names",
        spool != null && spool.separator() == ':'
            ? "this spool needs it"
            : "make the spool with another separator, ; or !",
        spool != null && spool.separator() == ':' ? Fitness.UNFIT : Fitness.LIMITED,
        this::colon);
    probe("upper and lower case", "see the reason", Fitness.LIMITED, this::letterCase);
    probe("times", "ages cannot be told", Fitness.LIMITED, this::times);
    probe("events", "jobs are found by polling, once a second", Fitness.LIMITED, this::events);
  }

  /** What a file system refuses, it tells by a failure: that is a result, not a failure of ours. */
  private void probe(String name, String without, Fitness fitness, Probe probe) {
    try {
      probe.run();
    } catch (IOException | UnsupportedOperationException e) {
      String reason =
          e instanceof IOException failure ? Findings.reason(failure) : "not on this system";
      tell(name, "not possible: " + reason, without, fitness);
    }
  }

  private void tell(String name, String value, String meaning, Fitness fitness) {
    listener.accept(new Trait(name, value, meaning, fitness));
  }

  private void tell(boolean good, String name, String value, String fine, String bad, Fitness or) {
    tell(name, value, good ? fine : bad, good ? Fitness.FIT : or);
  }

  private Path file() {
    return scratch.resolve("f" + ++files);
  }

  private Path create(String text) throws IOException {
    return create(file(), text);
  }

  private Path create(Path file, String text) throws IOException {
    try (FileOps.NewFile made = ops.create(file)) {
      made.write(ByteBuffer.wrap(text.getBytes(US_ASCII)));
    }
    return file;
  }

  // ---- names move ----

  private void rename() throws IOException {
    Path from = create("new");
    Path to = create("old");
    ops.rename(from, to);
    boolean replaced = !ops.exists(from) && text(to).equals("new");
    boolean refused = false;
    try {
      ops.rename(from, file());
    } catch (NoSuchFileException e) {
      refused = true; // the second of two who claim a job
    }
    tell(
        replaced && refused,
        "rename",
        replaced ? "atomic, replaces, the second one is refused" : "does not replace",
        "one wins a job, the others get no such file",
        "a spool lives by it: two could hold one job",
        Fitness.UNFIT);
  }

  private String text(Path file) throws IOException {
    try (InputStream in = ops.read(file)) {
      return new String(in.readNBytes(64), US_ASCII);
    }
  }

  private void exclusive() throws IOException {
    Path file = create("x");
    boolean refused = false;
    try {
      create(file, "y");
    } catch (FileAlreadyExistsException e) {
      refused = true;
    }
    tell(
        refused,
        "exclusive creation",
        refused ? "the second one is refused" : "the second one gets the same file",
        "nobody writes into another one's job",
        "two could write one file",
        Fitness.UNFIT);
  }

  private void directoryRename() throws IOException {
    Path full = file();
    ops.createDirectory(full);
    create(full.resolve("x"), "x");
    Path other = file();
    ops.createDirectory(other);
    create(other.resolve("y"), "y");
    boolean refused = false;
    try {
      ops.rename(other, full);
    } catch (IOException e) {
      refused = true;
    }
    tell(
        refused,
        "directory rename",
        refused ? "does not replace one that is not empty" : "replaces one that is not empty",
        "one takes a dedup key, the others see who has it",
        "two can take one dedup key: do not use keys",
        Fitness.LIMITED);
  }

  // ---- what lasts ----

  private void force() throws IOException {
    long[] nanos = new long[FORCES];
    for (int i = 0; i < FORCES; i++) {
      Path file = file();
      long start = ground.nanoTime().getAsLong();
      try (FileOps.NewFile made = ops.create(file)) {
        made.write(ByteBuffer.wrap(new byte[4096]));
        made.force();
      }
      ops.forceDirectory(scratch);
      nanos[i] = ground.nanoTime().getAsLong() - start;
    }
    Arrays.sort(nanos);
    tell(
        "fsync",
        "of files and directories, %s us for both".formatted(nanos[FORCES / 2] / 1000),
        "about %s jobs a second for one producer that waits for the disk each time"
            .formatted(Duration.ofSeconds(1).toNanos() / Math.max(1, nanos[FORCES / 2])),
        Fitness.FIT);
  }

  private void links() throws IOException {
    Path file = create("x");
    Path second = file();
    ops.link(file, second);
    FileOps.Inode inode = ops.inode(second);
    tell(
        inode.links() == 2 && inode.key().equals(ops.inode(file).key()),
        "hard links",
        "with a link count of " + inode.links(),
        "dedup keys and adopted files work",
        "the link count should be 2: do not use dedup keys",
        Fitness.LIMITED);
  }

  // ---- names ----

  private void length() throws IOException {
    create(FileNames.in(scratch, "n".repeat(EntryName.MAX_NAME)), "x");
    tell("name length", EntryName.MAX_NAME + " bytes", "enough", Fitness.FIT);
  }

  private void colon() throws IOException {
    String name = "colon:2,a=1";
    create(FileNames.in(scratch, name), "x");
    boolean kept = false;
    try (var listing = ops.list(scratch)) {
      for (Path each : listing) {
        kept |= FileNames.textOf(each).equals(name);
      }
    }
    tell(
        kept,
        "colon in names",
        kept ? "allowed" : "is changed",
        "names as in Maildir",
        "make the spool with another separator, ; or !",
        Fitness.LIMITED);
  }

  private void letterCase() throws IOException {
    create(scratch.resolve("case"), "x");
    boolean told = !ops.exists(scratch.resolve("CASE"));
    tell(
        told,
        "upper and lower case",
        told ? "told apart" : "not told apart",
        "names are what they say",
        "names of other programs that differ in case only would be one",
        Fitness.LIMITED);
  }

  // ---- times ----

  private void times() throws IOException {
    Path file = create("x");
    Instant machine = ground.clock().instant();
    FileOps.Lstat before = ops.lstat(file);
    Duration tick = awaitTick(before.modified());
    Path moved = file();
    ops.rename(file, moved);
    FileOps.Lstat after = ops.lstat(moved);
    tell(
        tick.compareTo(COARSE) < 0,
        "resolution of times",
        tick.toMillis() == 0 ? "under 1 ms" : "about %s ms".formatted(tick.toMillis()),
        "fine",
        "ages are told as coarsely: give workers a lease of a minute at least",
        Fitness.LIMITED);
    boolean tells = after.changed().isAfter(before.changed());
    tell(
        tells && after.modified().equals(before.modified()),
        "rename and times",
        tells ? "sets the ctime" : "does not set the ctime",
        "an entry tells since when it is in its state",
        "what looks old may have come a moment ago: a slow producer's file, and a completed job, may be cleared away early",
        Fitness.LIMITED);
    Duration apart = Duration.between(machine, before.modified()).abs();
    tell(
        apart.compareTo(CLOCKS_AGREE.plus(tick)) < 0,
        "clock",
        "%s ms from this machine's".formatted(apart.toMillis()),
        "fine",
        "ages are told by the clock of the file system alone; due times by this machine's",
        Fitness.LIMITED);
  }

  /** How long until a file gets another time. */
  private Duration awaitTick(Instant first) throws IOException {
    Path probe = create("x");
    long start = ground.nanoTime().getAsLong();
    while (true) {
      ops.overwrite(probe, new byte[] {'y'});
      Instant time = ops.stat(probe).modified();
      if (time.isAfter(first)) {
        return Duration.between(first, time);
      }
      if (ground.nanoTime().getAsLong() - start > LONGEST_TICK.toNanos()) {
        throw new IOException("its clock stands still");
      }
    }
  }

  // ---- events ----

  private void events() throws IOException {
    try (WatchService watcher = scratch.getFileSystem().newWatchService()) {
      scratch.register(watcher, StandardWatchEventKinds.ENTRY_CREATE);
      create("x");
      boolean arrived = watcher.poll(2, TimeUnit.SECONDS) != null;
      tell(
          arrived,
          "events",
          arrived ? "arrive, of this machine" : "do not arrive",
          "workers hear of a job at once",
          "jobs are found by polling, once a second",
          Fitness.LIMITED);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
