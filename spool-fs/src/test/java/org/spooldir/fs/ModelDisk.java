package org.spooldir.fs;

import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory, as the processes see it that run. Beside it, a {@link Journal} for each {@link
 * CrashProfile} keeps what of the names would be left if the power failed now, and each file keeps
 * what of its bytes would be.
 */
final class ModelDisk {

  private static final byte[] EMPTY = {};

  /** An inode. */
  static final class Node {
    final long number;
    final boolean directory;

    /** What a directory holds, in no order that means anything. */
    final Map<String, Node> entries = new LinkedHashMap<>();

    byte[] written = EMPTY;
    byte[] durable = EMPTY;
    int mode;
    int links;
    Instant modified;
    Instant changed;

    /** An fsync failed: the kernel took the pages for clean, and says yes from then on. */
    boolean dropped;

    private Node(long number, boolean directory, Instant now) {
      this.number = number;
      this.directory = directory;
      this.mode = directory ? 0040700 : 0100600;
      this.modified = now;
      this.changed = now;
    }

    private Node(Node of, byte[] bytes) {
      this(of.number, of.directory, of.modified);
      changed = of.changed;
      mode = of.mode;
      written = bytes;
      durable = bytes;
    }

    boolean isForced() {
      return Arrays.equals(written, durable);
    }
  }

  /**
   * One change of one directory entry.
   *
   * @param transaction the call that made it: the two changes of a rename have the same
   * @param node what the name stands for from then on; null: nothing
   */
  record Change(long transaction, Node directory, String name, @Nullable Node node) {}

  /** Where a path leads: its directory, its last name, and what stands there. */
  record Place(Node directory, String name, @Nullable Node node) {}

  final ModelTime time;
  private final Path top;
  private final Node root;
  private final Map<CrashProfile, Journal> journals = new EnumMap<>(CrashProfile.class);
  private long transactions;
  private long version;

  /** An empty disk. */
  ModelDisk(Path top, ModelTime time) {
    this(top, new Node(0, true, time.instant()), time);
  }

  private ModelDisk(Path top, Node root, ModelTime time) {
    this.top = top;
    this.root = root;
    this.time = time;
    sync();
  }

  /**
   * The disk that a crash left.
   *
   * @param names what each directory holds
   * @param bytes of the files whose bytes are not those that were written last
   */
  static ModelDisk leftBy(
      ModelDisk crashed, Map<Node, Map<String, Node>> names, Map<Node, byte[]> bytes) {
    Map<Node, Node> copies = new LinkedHashMap<>();
    Node root = copy(crashed.root, names, bytes, copies);
    return new ModelDisk(crashed.top, root, crashed.time.copy());
  }

  private static Node copy(
      Node node,
      Map<Node, Map<String, Node>> names,
      Map<Node, byte[]> bytes,
      Map<Node, Node> copies) {
    Node known = copies.get(node);
    if (known == null) {
      known = new Node(node, bytes.getOrDefault(node, node.written));
      copies.put(node, known);
      for (Map.Entry<String, Node> entry : names.getOrDefault(node, Map.of()).entrySet()) {
        known.entries.put(entry.getKey(), copy(entry.getValue(), names, bytes, copies));
      }
    }
    known.links++;
    return known;
  }

  /** Everything is on the disk: what came before is of no interest to a crash. */
  void sync() {
    force(root);
    for (CrashProfile profile : CrashProfile.values()) {
      journals.put(profile, new Journal(profile, root));
    }
  }

  private static void force(Node node) {
    node.durable = node.written;
    node.entries.values().forEach(ModelDisk::force);
  }

  Node root() {
    return root;
  }

  Journal journal(CrashProfile profile) {
    return journals.get(profile);
  }

  /** Grows with each change of anything, or of what is durable. */
  long version() {
    return version;
  }

  // ---- looking ----

  Place place(Path path) throws NoSuchFileException {
    String text = path.toString();
    int from = top.toString().length() + 1;
    if (from > text.length()) {
      return new Place(root, "", root);
    }
    Node directory = root;
    while (true) {
      int slash = text.indexOf('/', from);
      if (slash < 0) {
        String name = text.substring(from);
        return new Place(directory, name, directory.entries.get(name));
      }
      Node next = directory.entries.get(text.substring(from, slash));
      if (next == null) {
        throw new NoSuchFileException(text);
      }
      directory = next;
      from = slash + 1;
    }
  }

  Node node(Path path) throws NoSuchFileException {
    Node node = place(path).node();
    if (node == null) {
      throw new NoSuchFileException(path.toString());
    }
    return node;
  }

  // ---- changing names ----

  /** A new file or directory; the number tells it apart, whatever else happens before or after. */
  Node create(Path path, boolean directory, long number) throws FileSystemException {
    Place place = place(path);
    if (place.node() != null) {
      throw new FileAlreadyExistsException(path.toString());
    }
    Node node = new Node(number, directory, time.instant());
    transactions++;
    change(place.directory(), place.name(), node);
    return node;
  }

  void rename(Path from, Path to) throws FileSystemException {
    Place source = place(from);
    Place target = place(to);
    Node moved = source.node();
    if (moved == null) {
      throw new NoSuchFileException(from.toString(), to.toString(), null);
    }
    Node replaced = target.node();
    if (moved == replaced) {
      return; // POSIX: two names of one file, and both stay
    }
    if (replaced != null && replaced.directory != moved.directory) {
      throw new FileSystemException(from.toString(), to.toString(), "Is or is not a directory");
    }
    if (replaced != null && !replaced.entries.isEmpty()) {
      throw new FileSystemException(from.toString(), to.toString(), "Directory not empty");
    }
    transactions++;
    change(target.directory(), target.name(), moved);
    change(source.directory(), source.name(), null);
  }

  void link(Path existing, Path link) throws FileSystemException {
    Node node = node(existing);
    Place place = place(link);
    if (place.node() != null) {
      throw new FileAlreadyExistsException(link.toString());
    }
    transactions++;
    change(place.directory(), place.name(), node);
  }

  void delete(Path path) throws FileSystemException {
    Place place = place(path);
    if (place.node() == null) {
      throw new NoSuchFileException(path.toString());
    }
    if (!place.node().entries.isEmpty()) {
      throw new DirectoryNotEmptyException(path.toString());
    }
    transactions++;
    change(place.directory(), place.name(), null);
  }

  private void change(Node directory, String name, @Nullable Node node) {
    version++;
    Node before = node == null ? directory.entries.remove(name) : directory.entries.put(name, node);
    Instant now = time.instant();
    directory.modified = now;
    directory.changed = now;
    if (before != null) {
      before.links--;
      before.changed = now;
    }
    if (node != null) {
      node.links++;
      node.changed = now;
    }
    Change change = new Change(transactions, directory, name, node);
    journals.values().forEach(journal -> journal.changed(change));
  }

  // ---- changing bytes ----

  /** Writes over what begins there, and behind it. */
  void write(Node file, int at, byte[] bytes) {
    version++;
    byte[] all = Arrays.copyOf(file.written, Math.max(file.written.length, at + bytes.length));
    System.arraycopy(bytes, 0, all, at, bytes.length);
    file.written = all;
    file.modified = time.instant();
    file.changed = file.modified;
  }

  /** Makes the bytes of a file durable, or the names in a directory. */
  void force(Node node, boolean directory) {
    version++;
    if (!directory && !node.dropped) {
      node.durable = node.written;
    }
    journals.values().forEach(journal -> journal.forced(node));
  }

  /**
   * An fsync that fails: the bytes that were to be written are given up, and nobody will be told
   * again. Names have no pages of their own that could be.
   */
  void failToForce(Node node) {
    version++;
    node.dropped = !node.directory;
  }

  // ---- for people ----

  /** All that is there, a line each. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    describe("", root, lines);
    return lines;
  }

  private static void describe(String path, Node directory, List<String> lines) {
    new TreeMap<>(directory.entries)
        .forEach(
            (name, node) -> {
              if (node.directory) {
                describe(path + name + "/", node, lines);
              } else {
                lines.add(
                    "%s%s  (inode %x, %d bytes, %d links)"
                        .formatted(path, name, node.number, node.written.length, node.links));
              }
            });
  }
}
