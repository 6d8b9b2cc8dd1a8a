package org.spooldir.fs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
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
        faults.call(
            line("force", file), forces ? made::force : () -> real.stat(file), Faults.NOTHING);
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
    long seed = shuffleSeed;
    return seed == 0 ? listing : shuffled(listing, seed);
  }

  private static DirectoryStream<Path> shuffled(DirectoryStream<Path> listing, long seed)
      throws IOException {
    List<Path> files = new ArrayList<>();
    try (listing) {
      listing.forEach(files::add);
    }
    Collections.sort(files);
    Collections.shuffle(files, new Random(seed));
    return new DirectoryStream<>() {
      @Override
      public Iterator<Path> iterator() {
        return files.iterator();
      }

      @Override
      public void close() {}
    };
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
  public InputStream read(Path file) throws IOException {
    return faults.call(line("read", file), () -> real.read(file));
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
