package org.spooldir.benchmarks;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;

/**
 * The system calls of a spool at PROCESS, made by the JDK, and little else: what they cost a JVM,
 * whoever makes them. One listing finds the jobs and is sorted (C1), the checksum is compared (C3);
 * names are as long as a spool's, but nothing else is read from them, and any failure ends it all.
 * For one thread, and for the payload of the floor. Of many that share a directory each takes what
 * is its own by the hash of its name, so that they lose no race.
 */
final class BareQueue implements Queue {

  private static final Set<OpenOption> NEW = Set.of(CREATE_NEW, WRITE, NOFOLLOW_LINKS);
  private static final Set<OpenOption> CONTENT = Set.of(READ, NOFOLLOW_LINKS);
  private static final String CLAIMED = ":2,,a=1,t=1763679660000,w=host.4711.k3x9.1";

  /** Of the process: no name is used twice. The kernel remembers for long which are not there. */
  private static final AtomicInteger SEQUENCE = new AtomicInteger();

  private final int workers;
  private final int self;
  private final Path tmp;
  private final Path ready;
  private final Path claimed;
  private final SecureDirectoryStream<Path> directory;
  private final Deque<String> candidates = new ArrayDeque<>();
  private final ByteBuffer content = ByteBuffer.allocateDirect(FloorBenchmark.PAYLOAD);

  @SuppressWarnings("StreamResourceLeak") // closed with the queue
  BareQueue(Path directory, int workers, int self) throws IOException {
    this.workers = workers;
    this.self = self;
    tmp = Files.createDirectories(directory.resolve("tmp"));
    ready = Files.createDirectories(directory.resolve("new"));
    // Whole, or else the directory would look for it in itself.
    claimed = Files.createDirectories(directory.resolve("cur")).toAbsolutePath();
    this.directory = (SecureDirectoryStream<Path>) Files.newDirectoryStream(directory);
  }

  @Override
  public void put(byte[] payload) throws IOException {
    String name = name(SEQUENCE.getAndIncrement(), payload);
    Path file = tmp.resolve(name);
    try (FileChannel channel = FileChannel.open(file, NEW)) {
      channel.write(ByteBuffer.wrap(payload));
    }
    Files.move(file, ready.resolve(name), ATOMIC_MOVE);
  }

  /** In the order of the numbers. */
  private static String name(int number, byte[] payload) {
    String micros = String.valueOf(1_000_000 + number % 1_000_000).substring(1);
    String checksum = Integer.toHexString(checksum(ByteBuffer.wrap(payload)));
    return 1_763_679_600
        + number / 1_000_000
        + ".M"
        + micros
        + "P4711Q"
        + number
        + "R9f3c2a1b00112233.host,S="
        + payload.length
        + ",C="
        + checksum;
  }

  private static int checksum(ByteBuffer content) {
    CRC32C checksum = new CRC32C();
    checksum.update(content);
    return (int) checksum.getValue();
  }

  @Override
  public boolean take() throws IOException {
    if (candidates.isEmpty()) {
      list();
    }
    String name = candidates.poll();
    if (name == null) {
      return false;
    }
    Path file = claimed.resolve(name + CLAIMED);
    Files.move(ready.resolve(name), file, ATOMIC_MOVE);
    BasicFileAttributes facts =
        Files.readAttributes(file, BasicFileAttributes.class, NOFOLLOW_LINKS);
    if (!facts.isRegularFile()) {
      throw new IOException(file + " is no file");
    }
    content.clear().limit((int) facts.size());
    try (FileChannel channel = FileChannel.open(file, CONTENT)) {
      channel.read(content);
    }
    int last = name.lastIndexOf('=') + 1;
    if (checksum(content.flip()) != Integer.parseUnsignedInt(name, last, name.length(), 16)) {
      throw new IOException(file + " is not what was handed in");
    }
    directory.deleteFile(file); // Files.delete looks at the file before
    return true;
  }

  private void list() throws IOException {
    String[] names = ready.toFile().list();
    if (names == null) {
      throw new IOException(ready + " cannot be listed");
    }
    Arrays.stream(names)
        .filter(name -> Math.floorMod(name.hashCode(), workers) == self)
        .sorted()
        .forEach(candidates::add);
  }

  @Override
  public void close() throws IOException {
    directory.close();
  }
}
