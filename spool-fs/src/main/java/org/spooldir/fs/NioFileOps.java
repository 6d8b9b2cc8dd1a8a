package org.spooldir.fs;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static java.nio.file.attribute.PosixFilePermission.OWNER_EXECUTE;
import static java.nio.file.attribute.PosixFilePermission.OWNER_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_WRITE;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessMode;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The file system of the machine. Nobody else creates, forces, renames, links or deletes anything,
 * but it leaves deleting to {@link Unlinker}, and the forcing of directories to {@link
 * HeldDirectory}; reading of small files to {@link ContentReader}; and what is done to many files
 * of one directory to {@link OpenDirectory}.
 */
class NioFileOps implements FileOps {

  private static final Set<OpenOption> NEW = Set.of(CREATE_NEW, WRITE, NOFOLLOW_LINKS);

  /** Links to what this process has open. */
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  /** The bits of a mode that chmod sets. */
  private static final int PERMISSIONS = 07777;

  private final FileAttribute<?>[] fileMode;
  private final FileAttribute<?>[] directoryMode;

  NioFileOps(boolean posix) {
    fileMode = mode(posix, Set.of(OWNER_READ, OWNER_WRITE));
    directoryMode = mode(posix, Set.of(OWNER_READ, OWNER_WRITE, OWNER_EXECUTE));
  }

  /** For the file system that this path is on. */
  static NioFileOps on(Path path) {
    return new NioFileOps(path.getFileSystem().supportedFileAttributeViews().contains("posix"));
  }

  // Not PosixFilePermissions.fromString: its EnumSet starts reflection, 7 ms on newer JDKs.
  private static FileAttribute<?>[] mode(boolean posix, Set<PosixFilePermission> permissions) {
    return posix
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
        : new FileAttribute<?>[0];
  }

  @Override
  public NewFile create(Path file) throws IOException {
    return new SteadyChannel(FileChannel.open(file, NEW, fileMode), file);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void link(Path existing, Path link) throws IOException {
    try {
      Files.createLink(link, existing);
    } catch (UnsupportedOperationException e) {
      throw new FileSystemException(
          link.toString(), existing.toString(), "no hard links on this file system");
    }
  }

  @Override
  public void delete(Path file) throws IOException {
    Unlinker.delete(file);
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    Files.createDirectory(directory, directoryMode);
  }

  @Override
  public void setMode(Path file, int mode) throws IOException {
    Map<String, Object> facts;
    try {
      Files.setAttribute(file, "unix:mode", mode, NOFOLLOW_LINKS);
      facts = facts(file, "unix:mode", NOFOLLOW_LINKS);
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      throw new FileSystemException(file.toString(), null, "no modes on this file system");
    }
    if (((int) requireNonNull(facts.get("mode")) & PERMISSIONS) != mode) {
      throw new FileSystemException(
          file.toString(),
          null,
          "cannot be given mode " + Integer.toOctalString(mode) + ": are you in its group?");
    }
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    try (ForcedDirectory once = forced(directory)) {
      once.force();
    }
  }

  @Override
  public ForcedDirectory forced(Path directory) {
    return new HeldDirectory(directory);
  }

  @Override
  public void force(Path file) throws IOException {
    requireNoFifo(file, NOFOLLOW_LINKS);
    try (NewFile existing = new SteadyChannel(FileChannel.open(file, READ), file)) {
      existing.force();
    }
  }

  @Override
  @SuppressWarnings("StreamResourceLeak") // the caller closes it
  public DirectoryStream<Path> list(Path directory) throws IOException {
    requireNoFifo(directory);
    return Files.newDirectoryStream(directory);
  }

  @Override
  public BusyDirectory busyDirectory(Path directory) {
    return new OpenDirectory(this, directory);
  }

  @Override
  public Stat stat(Path file) throws IOException {
    return stat(Files.readAttributes(file, BasicFileAttributes.class, NOFOLLOW_LINKS));
  }

  static Stat stat(BasicFileAttributes facts) {
    return new Stat(facts.isRegularFile(), facts.size(), facts.lastModifiedTime().toInstant());
  }

  @Override
  public Inode inode(Path file) throws IOException {
    Map<String, Object> facts = facts(file, "unix:dev,ino,nlink,ctime,uid", NOFOLLOW_LINKS);
    return new Inode(
        facts.get("dev") + ":" + facts.get("ino"),
        (int) requireNonNull(facts.get("nlink")),
        ((FileTime) requireNonNull(facts.get("ctime"))).toInstant(),
        (int) requireNonNull(facts.get("uid")));
  }

  @Override
  public Lstat lstat(Path file) throws IOException {
    Map<String, Object> facts =
        facts(file, "unix:mode,uid,gid,dev,ino,nlink,size,lastModifiedTime,ctime", NOFOLLOW_LINKS);
    return new Lstat(
        (int) requireNonNull(facts.get("mode")),
        (int) requireNonNull(facts.get("uid")),
        (int) requireNonNull(facts.get("gid")),
        facts.get("dev") + ":" + facts.get("ino"),
        (int) requireNonNull(facts.get("nlink")),
        (long) requireNonNull(facts.get("size")),
        ((FileTime) requireNonNull(facts.get("lastModifiedTime"))).toInstant(),
        ((FileTime) requireNonNull(facts.get("ctime"))).toInstant());
  }

  @Override
  public UserPrincipal owner(Path file) throws IOException {
    return Files.getOwner(file, NOFOLLOW_LINKS);
  }

  @Override
  public void setPermissions(Path file, int permissions) throws IOException {
    Files.setAttribute(file, "unix:mode", permissions, NOFOLLOW_LINKS);
  }

  @Override
  public void requireDirectory(Path directory) throws IOException {
    if (!Files.readAttributes(directory, BasicFileAttributes.class).isDirectory()) {
      throw new NotDirectoryException(directory.toString());
    }
    directory.getFileSystem().provider().checkAccess(directory, AccessMode.READ);
  }

  @Override
  public Object device(Path directory) throws IOException {
    return requireNonNull(facts(directory, "unix:dev").get("dev"));
  }

  private static Map<String, Object> facts(Path file, String names, LinkOption... links)
      throws IOException {
    try {
      return Files.readAttributes(file, names, links);
    } catch (IllegalArgumentException e) {
      throw new UnsupportedOperationException("no inodes on this system", e);
    }
  }

  @Override
  public InputStream read(Path file) throws IOException {
    requireNoFifo(file, NOFOLLOW_LINKS);
    return Files.newInputStream(file, NOFOLLOW_LINKS);
  }

  @Override
  public byte[] readRegular(Path file, int most) throws IOException {
    return ContentReader.read(options -> FileChannel.open(file, options), most);
  }

  /** Puts back an interrupt that was put aside. */
  static void interruptIf(boolean interrupted) {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void overwrite(Path file, byte[] bytes) throws IOException {
    write(file, bytes, WRITE, NOFOLLOW_LINKS);
  }

  @Override
  public void append(Path file, byte[] bytes) throws IOException {
    write(file, bytes, CREATE, APPEND, NOFOLLOW_LINKS);
  }

  private void write(Path file, byte[] bytes, OpenOption... options) throws IOException {
    requireNoFifo(file, NOFOLLOW_LINKS);
    FileChannel channel = FileChannel.open(file, Set.of(options), fileMode);
    try (NewFile existing = new SteadyChannel(channel, file)) {
      existing.write(ByteBuffer.wrap(bytes));
    }
  }

  /** Whoever opens a FIFO waits for the other side, for ever and without hearing an interrupt. */
  private static void requireNoFifo(Path file, LinkOption... links) throws IOException {
    try {
      requireNoFifo(file, Files.readAttributes(file, BasicFileAttributes.class, links));
    } catch (NoSuchFileException e) {
      // The opening says it better: newer JDKs' look at a file calls ENOTDIR "no such file" as
      // well.
    }
  }

  /** The same of a file that was looked at. */
  static void requireNoFifo(Path file, BasicFileAttributes facts) throws FileSystemException {
    if (facts.isOther()) {
      throw new FileSystemException(file.toString(), null, "is a FIFO, a socket or a device");
    }
  }

  @Override
  public long usableSpace(Path directory) throws IOException {
    return Files.getFileStore(directory).getUsableSpace();
  }

  /**
   * The channel of a thread that may be interrupted. A pending interrupt is put aside first,
   * because it would close the channel. One that arrives in the middle closes it all the same: the
   * outcome is then unknown, which is a failure.
   */
  private record SteadyChannel(FileChannel channel, Path file) implements NewFile {

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      boolean interrupted = Thread.interrupted();
      try {
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      } catch (ClosedByInterruptException e) {
        throw cutOff(e);
      } finally {
        interruptIf(interrupted);
      }
    }

    @Override
    public void force() throws IOException {
      boolean interrupted = Thread.interrupted();
      try {
        channel.force(true);
      } catch (ClosedByInterruptException e) {
        throw cutOff(e);
      } finally {
        interruptIf(interrupted);
      }
    }

    /** Linux follows an open file through its renames, and keeps its last name. */
    @Override
    public Set<Path> movedTo() throws IOException {
      Path own = requireNonNull(file.getParent()).toRealPath();
      Path above = requireNonNull(own.getParent());
      Set<Path> moved = new HashSet<>();
      try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
        for (Path descriptor : descriptors) {
          Path place = nameOf(descriptor);
          if (place.startsWith(above)
              && place.getNameCount() == above.getNameCount() + 2
              && FileNames.textOf(place).startsWith(FileNames.textOf(file))
              && !place.startsWith(own)) {
            moved.add(
                requireNonNull(file.getParent())
                    .resolveSibling(place.getName(above.getNameCount())));
          }
        }
      } catch (NoSuchFileException e) {
        return Set.of(); // another system
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      }
      return moved;
    }

    private static Path nameOf(Path descriptor) {
      try {
        return Files.readSymbolicLink(descriptor);
      } catch (IOException e) {
        return descriptor; // RACE: another thread has closed it
      }
    }

    /** The interrupt stays pending: the channel has seen it, not taken it. */
    private static IOException cutOff(ClosedByInterruptException e) {
      return new IOException("interrupted in the middle of a write", e);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
