package org.spooldir.fs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The file system of a test. Writes down each call ({@code "rename tmp/X new/Y"}) and lets {@link
 * Faults} make it fail.
 */
final class FaultyFileOps implements FileOps {

  private final FileOps real;
  private final Path root;
  private final UnaryOperator<Instant> time;
  private final boolean forces;
  private volatile long shuffleSeed;
  private volatile String unlistable = "";

  /** What goes wrong, and what was called. */
  final Faults faults = new Faults();

  private FaultyFileOps(FileOps real, Path root, UnaryOperator<Instant> time, boolean forces) {
    this.real = real;
    this.root = root;
    this.time = time;
    this.forces = forces;
  }

  /**
   * Tells file times in a time of the test's own. What is forced is only checked to be there: no
   * test in one JVM cuts the power, and without waits for the disk thousands of crashes take
   * seconds.
   */
  static FaultyFileOps in(FakeTime time, FileOps real, Path root) {
    return new FaultyFileOps(real, root, time::ofFile, false);
  }

  /** Changes nothing by itself. */
  static FaultyFileOps forReal(FileOps real, Path root) {
    return new FaultyFileOps(real, root, instant -> instant, true);
  }

  /** From now on listings come in an order that this seed makes. */
  void shuffleListings(long seed) {
    shuffleSeed = seed;
  }

  /** From now on listings of this directory fail after the first name. */
  void failWhileListing(String directory) {
    unlistable = directory;
  }

  private String line(String kind, Path... paths) {
    StringBuilder line = new StringBuilder(kind);
    for (Path path : paths) {
      Path relative = path.startsWith(root) ? root.relativize(path) : path;
      line.append(' ').append(relative.toString().isEmpty() ? "." : FileNames.escape(relative));
    }
    return line.toString();
  }

  @Override
  public NewFile create(Path file) throws IOException {
    NewFile made = faults.call(line("create", file), () -> real.create(file));
    return new NewFile() {
      @Override
      public void write(ByteBuffer bytes) throws IOException {
        ByteBuffer half = bytes.duplicate().limit(bytes.position() + bytes.remaining() / 2);
        faults.call(line("write", file), () -> made.write(bytes), () -> made.write(half));
      }

      @Override
      public void force() throws IOException {
        Faults.Step force = forces ? made::force : Faults.NOTHING;
        faults.call(line("force", file), force, Faults.NOTHING);
      }

      @Override
      public Set<Path> movedTo() throws IOException {
        return made.movedTo();
      }

      @Override
      public void close() throws IOException {
        made.close(); // the kernel does it for the dead
      }
    };
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    faults.call(line("rename", from, to), () -> real.rename(from, to), Faults.NOTHING);
  }

  @Override
  public void link(Path existing, Path link) throws IOException {
    faults.call(line("link", existing, link), () -> real.link(existing, link), Faults.NOTHING);
  }

  @Override
  public void delete(Path file) throws IOException {
    faults.call(line("delete", file), () -> real.delete(file), Faults.NOTHING);
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    faults.call(line("mkdir", directory), () -> real.createDirectory(directory), Faults.NOTHING);
  }

  @Override
  public void setMode(Path file, int mode) throws IOException {
    String kind = "chmod " + Integer.toOctalString(mode);
    faults.call(line(kind, file), () -> real.setMode(file, mode), Faults.NOTHING);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    Faults.Step force =
        forces ? () -> real.forceDirectory(directory) : () -> real.list(directory).close();
    faults.call(line("forceDirectory", directory), force, Faults.NOTHING);
  }

  @Override
  public void force(Path file) throws IOException {
    Faults.Step force = forces ? () -> real.force(file) : () -> real.stat(file);
    faults.call(line("force", file), force, Faults.NOTHING);
  }

  @Override
  public DirectoryStream<Path> list(Path directory) throws IOException {
    DirectoryStream<Path> listing =
        faults.call(line("list", directory), () -> real.list(directory));
    if (directory.endsWith(unlistable) && !unlistable.isEmpty()) {
      return cutOff(listing);
    }
    long seed = shuffleSeed;
    return seed == 0 ? listing : shuffled(listing, seed);
  }

  /** A listing that was tampered with. */
  private record Listing(Iterator<Path> iterator, DirectoryStream<Path> real)
      implements DirectoryStream<Path> {
    @Override
    public void close() throws IOException {
      real.close();
    }
  }

  private static Listing cutOff(DirectoryStream<Path> listing) {
    Iterator<Path> files = listing.iterator();
    Iterator<Path> first =
        new Iterator<>() {
          private boolean given;

          @Override
          public boolean hasNext() {
            if (given) {
              throw new DirectoryIteratorException(Faults.broken());
            }
            return files.hasNext();
          }

          @Override
          public Path next() {
            given = true;
            return files.next();
          }
        };
    return new Listing(first, listing);
  }

  private static Listing shuffled(DirectoryStream<Path> listing, long seed) {
    List<Path> files = new ArrayList<>();
    listing.forEach(files::add);
    Collections.sort(files);
    Collections.shuffle(files, new Random(seed));
    return new Listing(files.iterator(), listing);
  }

  @Override
  public Stat stat(Path file) throws IOException {
    Stat stat = faults.call(line("stat", file), () -> real.stat(file));
    return new Stat(stat.regular(), stat.size(), time.apply(stat.modified()));
  }

  @Override
  public Inode inode(Path file) throws IOException {
    Inode inode = faults.call(line("inode", file), () -> real.inode(file));
    return new Inode(
        inode.key(), inode.links(), time.apply(inode.changed()), faults.ownerOf(inode.owner()));
  }

  @Override
  public Lstat lstat(Path file) throws IOException {
    Lstat facts = faults.call(line("lstat", file), () -> real.lstat(file));
    return new Lstat(
        facts.mode(),
        faults.ownerOf(facts.owner()),
        facts.group(),
        facts.key(),
        facts.links(),
        facts.size(),
        time.apply(facts.modified()),
        time.apply(facts.changed()));
  }

  @Override
  public UserPrincipal owner(Path file) throws IOException {
    return faults.call(line("owner", file), () -> real.owner(file));
  }

  @Override
  public void setPermissions(Path file, int permissions) throws IOException {
    faults.call(line("chmod", file), () -> real.setPermissions(file, permissions), Faults.NOTHING);
  }

  @Override
  public void requireDirectory(Path directory) throws IOException {
    faults.call(
        line("requireDirectory", directory),
        () -> real.requireDirectory(directory),
        Faults.NOTHING);
  }

  @Override
  public Object device(Path directory) throws IOException {
    return faults.call(line("device", directory), () -> real.device(directory));
  }

  @Override
  public InputStream read(Path file) throws IOException {
    return faults.call(line("read", file), () -> real.read(file));
  }

  @Override
  public byte[] readRegular(Path file, int most) throws IOException {
    return faults.call(line("read", file), () -> real.readRegular(file, most));
  }

  @Override
  public void overwrite(Path file, byte[] bytes) throws IOException {
    faults.call(line("overwrite", file), () -> real.overwrite(file, bytes), Faults.NOTHING);
  }

  @Override
  public void append(Path file, byte[] bytes) throws IOException {
    byte[] half = Arrays.copyOf(bytes, bytes.length / 2);
    faults.call(
        line("append", file), () -> real.append(file, bytes), () -> real.append(file, half));
  }

  @Override
  public long usableSpace(Path directory) throws IOException {
    return faults.call(line("usableSpace", directory), faults::room);
  }
}
