package org.spooldir.fs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;
import org.apache.commons.io.file.PathUtils;

/**
 * Puts into a spool directory what nobody should find there: names of any bytes, links, FIFOs,
 * sockets, directories, damaged jobs, wrong modes and times; and breaks what a spool consists of.
 */
final class HostileTree {

  /** Where jobs stand, and where other things do. */
  private static final List<String> PLACES =
      List.of(
          "new", "new", "new", "cur", "cur", "cur", "delayed", "delayed", "held", "failed", "done",
          "tmp", "workers", "keys", "errors", "");

  private static final List<String> MARKERS =
      List.of("", "spool 2\n", "spool 1 retain=x\n", "spool 1 retain=1\n", "\u00ff\u0000", "\n\n");

  /** One that file systems know, and those at and beyond their ends. */
  private static final List<Long> SECONDS =
      List.of(0L, -1L, 1_000_000_000L, 1L << 34, Long.MAX_VALUE / 1000, Long.MAX_VALUE);

  private final RandomGenerator random;
  private final Path root;
  private final Path outside;
  private final Path fifo;
  private final Path socket;

  /**
   * Works on a spool.
   *
   * @param outside has a file that gets second names, and a directory that links lead to
   */
  HostileTree(RandomGenerator random, Path root, Path outside) throws IOException {
    this.random = random;
    this.root = root;
    this.outside = outside;
    Path scratch = Files.createDirectories(root.resolveSibling("scratch"));
    fifo = scratch.resolve("fifo");
    socket = scratch.resolve("socket");
    if (!Files.exists(fifo)) {
      Shell.run("mkfifo", fifo.toString());
      try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        channel.bind(UnixDomainSocketAddress.of(socket)); // the file stays
      }
    }
  }

  // ---- entries ----

  /** Makes so many things, each anywhere. */
  void plant(int things) throws IOException {
    List<Path> planted = new ArrayList<>();
    for (int i = 0; i < things; i++) {
      Path directory = root.resolve(PLACES.get(random.nextInt(PLACES.size())));
      byte[] content = HostileText.name(random).repeat(random.nextInt(3)).getBytes(ISO_8859_1);
      Path file = FileNames.in(directory, nameIn(directory, content));
      try {
        make(file, content, planted);
        planted.add(file);
      } catch (FileAlreadyExistsException e) {
        // two of one name: the first one stays
      }
    }
  }

  private String nameIn(Path directory, byte[] content) {
    if (random.nextInt(3) == 0) {
      return HostileText.name(random);
    }
    String unique = HostileText.unique(random);
    String id = unique.substring(0, unique.length() - 1);
    return switch (FileNames.textOf(directory)) {
      case "workers" -> "h." + random.nextInt(3) + ".x";
      case "errors" -> id + ".log";
      case "keys" -> random.nextBoolean() ? id : "0123456789abcdef".repeat(4);
      case "tmp" -> id;
      case "cur" -> job(unique, content) + ":2,,a=1,t=5,w=h." + random.nextInt(3) + ".x.1";
      default -> job(unique, content);
    };
  }

  /** Whole as often as damaged. */
  private String job(String unique, byte[] content) {
    CRC32C crc = new CRC32C();
    crc.update(content);
    long sum = crc.getValue() ^ (random.nextInt(4) == 0 ? 1 : 0);
    long size = content.length + (random.nextInt(8) == 0 ? 1L << random.nextInt(63) : 0);
    String header = random.nextInt(4) == 0 ? ",H=" + random.nextInt(content.length + 2) : "";
    return "%sS=%d,C=%08x%s".formatted(unique, size, sum, header);
  }

  private void make(Path file, byte[] content, List<Path> planted) throws IOException {
    switch (random.nextInt(16)) {
      case 0 -> Files.createLink(file, random.nextBoolean() ? fifo : socket);
      case 1 -> Files.createSymbolicLink(file, linkTarget(file));
      case 2 -> Files.write(Files.createDirectory(file).resolve("inside"), content);
      case 3 -> Files.createDirectory(file);
      case 4 -> Files.createLink(file, another(planted));
      case 5 -> sparse(file);
      default -> {
        Files.write(file, content, StandardOpenOption.CREATE_NEW);
        alter(file);
      }
    }
  }

  private Path linkTarget(Path file) {
    return switch (random.nextInt(5)) {
      case 0 -> outside.resolve("linked to");
      case 1 -> outside.resolve("linked to/file");
      case 2 -> Path.of("nowhere");
      case 3 -> file; // a loop
      default -> root.resolve(PLACES.get(random.nextInt(PLACES.size())));
    };
  }

  /** A second name for something that has one. */
  private Path another(List<Path> planted) {
    List<Path> files = planted.stream().filter(Files::isRegularFile).toList();
    boolean none = files.isEmpty() || random.nextInt(4) == 0;
    return none ? outside.resolve("file") : files.get(random.nextInt(files.size()));
  }

  /**
   * Larger than the heap. Of a name that tells its size no byte has to be read, of one that tells
   * its checksum only, all: so it is not larger than that.
   */
  private static void sparse(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      channel.position(1L << 31);
      channel.write(ISO_8859_1.encode("x"));
    }
  }

  private void alter(Path file) throws IOException {
    if (random.nextInt(4) == 0) {
      String modes = "rwxrwxrwx";
      int bit = random.nextInt(9);
      String mode = "-".repeat(bit) + modes.substring(bit);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }
    if (random.nextInt(4) == 0) {
      Files.setLastModifiedTime(
          file, FileTime.from(SECONDS.get(random.nextInt(SECONDS.size())), TimeUnit.SECONDS));
    } else if (random.nextInt(4) == 0) {
      Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(9))));
    }
  }

  // ---- what a spool consists of ----

  /** Breaks one thing without which a spool is none; returns what. */
  String breakSomething() throws IOException {
    List<String> parts = new ArrayList<>(SpoolLayout.DIRECTORIES);
    parts.addAll(List.of("spool.format", "spool.format", "spool.format", "spool.reserve"));
    Path part = root.resolve(parts.get(random.nextInt(parts.size())));
    if (Files.isDirectory(part)) {
      PathUtils.deleteDirectory(part);
    } else {
      Files.deleteIfExists(part);
    }
    int kind = random.nextInt(7);
    switch (kind) {
      case 0 -> Files.createLink(part, fifo);
      case 1 -> Files.createLink(part, socket);
      case 2 -> Files.createSymbolicLink(part, Path.of("nowhere"));
      case 3 -> Files.createSymbolicLink(part, part);
      case 4 -> Files.createDirectory(part);
      case 5 -> Files.write(part, marker());
      default -> {} // it is missing
    }
    return part.getFileName() + " " + kind;
  }

  private byte[] marker() {
    int length = random.nextInt(2) == 0 ? 1 : 5000;
    return MARKERS.get(random.nextInt(MARKERS.size())).repeat(length).getBytes(ISO_8859_1);
  }
}
