package org.spooldir.fs;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.spooldir.fs.ModelDisk.Node;

/**
 * A process's view of a {@link ModelDisk}. Before each call it comes to a {@link Gate}, where
 * others may have their turn, the power may fail, the call may fail, the process may die.
 */
final class ModelFileOps implements FileOps {

  /** What stands between a process and its file system. */
  interface Gate {

    /** Lets every call pass. */
    Gate OPEN =
        new Gate() {
          @Override
          public void before(ModelCall call) {}

          @Override
          public void after(ModelCall call) {}
        };

    /** Before a call; if this throws, the call fails. */
    void before(ModelCall call) throws IOException;

    /** After a call that was made; if this throws, it fails all the same. */
    void after(ModelCall call) throws IOException;
  }

  private static final long ROOM = 1L << 40;
  private static final int USER = user();

  private final ModelDisk disk;
  private final long process;
  private Gate gate = Gate.OPEN;
  private long inodes;

  /**
   * A process on this disk.
   *
   * @param process tells its files from those of others, so that a run can be repeated in part
   */
  ModelFileOps(ModelDisk disk, int process) {
    this.disk = disk;
    this.process = process;
  }

  private static int user() {
    try {
      return Machine.user();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ModelDisk disk() {
    return disk;
  }

  /** Its number, which is also its pid in names. */
  long process() {
    return process;
  }

  /** From now on each call passes here. */
  void guardedBy(Gate guard) {
    gate = guard;
  }

  private void call(ModelCall call, Faults.Step step) throws IOException {
    gate.before(call);
    step.run();
    gate.after(call);
  }

  private <T> T ask(ModelCall call, Faults.Source<T> source) throws IOException {
    gate.before(call);
    T answer = source.get();
    gate.after(call);
    return answer;
  }

  private long newInode() {
    return process << 32 | ++inodes;
  }

  // ---- writing ----

  @Override
  public NewFile create(Path file) throws IOException {
    Node node = ask(ModelCall.of("create", file), () -> disk.create(file, false, newInode()));
    return new NewFile() {
      @Override
      public void write(ByteBuffer bytes) throws IOException {
        byte[] all = new byte[bytes.remaining()];
        bytes.get(all);
        int half = all.length / 2;
        put(Arrays.copyOf(all, half)); // death may come in the middle of it
        put(Arrays.copyOfRange(all, half, all.length));
      }

      private void put(byte[] bytes) throws IOException {
        call(ModelCall.of("write", file), () -> disk.write(node, node.written.length, bytes));
      }

      @Override
      public void force() throws IOException {
        fsync(ModelCall.of("force", file), node, false);
      }

      @Override
      public void close() {}
    };
  }

  private void fsync(ModelCall call, Node node, boolean directory) throws IOException {
    try {
      gate.before(call);
    } catch (IOException e) {
      disk.failToForce(node);
      throw e;
    }
    disk.force(node, directory);
    gate.after(call);
  }

  @Override
  public void force(Path file) throws IOException {
    fsync(ModelCall.of("force", file), disk.node(file), false);
  }

  @Override
  public void forceDirectory(Path directory) throws IOException {
    fsync(ModelCall.of("forceDirectory", directory), disk.node(directory), true);
  }

  @Override
  public void overwrite(Path file, byte[] bytes) throws IOException {
    Node node = ask(ModelCall.of("overwrite", file), () -> fileToWrite(file));
    call(ModelCall.of("overwrite-write", file), () -> disk.write(node, 0, bytes));
  }

  @Override
  public void append(Path file, byte[] bytes) throws IOException {
    Node node =
        ask(
            ModelCall.of("append", file),
            () ->
                disk.place(file).node() == null
                    ? disk.create(file, false, newInode())
                    : fileToWrite(file));
    call(ModelCall.of("append-write", file), () -> disk.write(node, node.written.length, bytes));
  }

  private Node fileToWrite(Path file) throws IOException {
    Node node = disk.node(file);
    if (node.directory) {
      throw new FileSystemException(file.toString(), null, "Is a directory");
    }
    return node;
  }

  // ---- names ----

  @Override
  public void rename(Path from, Path to) throws IOException {
    call(ModelCall.of("rename", from, to), () -> disk.rename(from, to));
  }

  @Override
  public void link(Path existing, Path link) throws IOException {
    call(ModelCall.of("link", existing, link), () -> disk.link(existing, link));
  }

  @Override
  public void delete(Path file) throws IOException {
    call(ModelCall.of("delete", file), () -> disk.delete(file));
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    call(ModelCall.of("mkdir", directory), () -> disk.create(directory, true, newInode()));
  }

  @Override
  public void setMode(Path file, int mode) throws IOException {
    call(
        ModelCall.of("chmod", file),
        () -> disk.node(file).mode = (disk.node(file).mode & 0170000) | mode);
  }

  @Override
  public void setPermissions(Path file, int permissions) throws IOException {
    setMode(file, permissions);
  }

  // ---- looking ----

  @Override
  public UserPrincipal owner(Path file) {
    throw new UnsupportedOperationException("all belongs to one user");
  }

  /** What stands there when the listing begins; by the time a name comes, it may be gone. */
  @Override
  public DirectoryStream<Path> list(Path directory) throws IOException {
    List<String> names =
        ask(
            ModelCall.of("list", directory),
            () -> {
              Node node = disk.node(directory);
              if (!node.directory) {
                throw new NotDirectoryException(directory.toString());
              }
              return List.copyOf(node.entries.keySet());
            });
    return new Listed(names.stream().map(directory::resolve).toList());
  }

  /** A listing that is known. */
  record Listed(List<Path> files) implements DirectoryStream<Path> {
    @Override
    public Iterator<Path> iterator() {
      return files.iterator();
    }

    @Override
    public void close() {}
  }

  @Override
  public Stat stat(Path file) throws IOException {
    return ask(
        ModelCall.of("stat", file),
        () -> {
          Node node = disk.node(file);
          return new Stat(!node.directory, node.written.length, node.modified);
        });
  }

  @Override
  public Inode inode(Path file) throws IOException {
    return ask(
        ModelCall.of("inode", file),
        () -> {
          Node node = disk.node(file);
          return new Inode(node.number, node.links, node.changed, USER);
        });
  }

  @Override
  public Lstat lstat(Path file) throws IOException {
    return ask(
        ModelCall.of("lstat", file),
        () -> {
          Node node = disk.node(file);
          return new Lstat(
              node.mode,
              USER,
              USER,
              node.number,
              node.links,
              node.written.length,
              node.modified,
              node.changed);
        });
  }

  @Override
  public void requireDirectory(Path directory) throws IOException {
    if (!disk.node(directory).directory) {
      throw new NotDirectoryException(directory.toString());
    }
  }

  @Override
  public Object device(Path directory) throws NoSuchFileException {
    disk.node(directory);
    return "model";
  }

  @Override
  public InputStream read(Path file) throws IOException {
    return ask(
        ModelCall.of("read", file),
        () -> {
          Node node = disk.node(file);
          if (node.directory) {
            throw new FileSystemException(file.toString(), null, "Is a directory");
          }
          return new ByteArrayInputStream(node.written);
        });
  }

  @Override
  public long usableSpace(Path directory) {
    return ROOM;
  }
}
