package org.spooldir.fs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.spooldir.fs.ModelDisk.Node;

/**
 * One disk that a crash may leave, not yet built: many are equal.
 *
 * @param names what each directory holds
 * @param bytes of the files of which not all is there that was written
 * @param fingerprint equal for equal disks
 */
record CrashState(
    ModelDisk crashed,
    Map<Node, Map<String, Node>> names,
    Map<Node, byte[]> bytes,
    long fingerprint) {

  /** Of more files than this that were not forced, not each combination is tried. */
  private static final int ALL_OF = 1;

  /** The disk after the next boot. */
  ModelDisk disk() {
    return ModelDisk.leftBy(crashed, names, bytes);
  }

  /**
   * Each disk with these names: the bytes of files that were not forced are all there, or those
   * that were forced before, or half of the rest.
   *
   * @param whole whether all bytes are there
   * @return how many
   */
  static long each(
      ModelDisk crashed,
      Map<Node, Map<String, Node>> names,
      boolean whole,
      Consumer<CrashState> each) {
    Tree tree = new Tree(names);
    if (!tree.visit(crashed.root())) {
      return 0;
    }
    List<Node> unforced =
        whole ? List.of() : tree.files.stream().filter(n -> !n.isForced()).toList();
    List<Map<Node, byte[]>> contents = contents(unforced);
    for (Map<Node, byte[]> bytes : contents) {
      long fingerprint = tree.fingerprint;
      for (Node file : tree.files) {
        fingerprint += tree.ofFile(file, bytes.getOrDefault(file, file.written));
      }
      each.accept(new CrashState(crashed, names, bytes, fingerprint));
    }
    return contents.size();
  }

  private static List<Map<Node, byte[]>> contents(List<Node> unforced) {
    List<Map<Node, byte[]>> contents = new ArrayList<>(List.of(Map.of()));
    for (Node file : unforced) {
      List<Map<Node, byte[]>> more = new ArrayList<>();
      for (Map<Node, byte[]> bytes : contents) {
        boolean combine = unforced.size() <= ALL_OF || bytes.isEmpty();
        if (!file.dropped) {
          more.add(bytes);
        }
        if (combine || file.dropped) {
          more.add(with(bytes, file, file.durable));
        }
        if (combine && !file.dropped) {
          more.add(with(bytes, file, cut(file)));
        }
      }
      contents = more;
    }
    return contents;
  }

  private static Map<Node, byte[]> with(Map<Node, byte[]> bytes, Node file, byte[] content) {
    Map<Node, byte[]> more = new HashMap<>(bytes);
    more.put(file, content);
    return more;
  }

  /** The half of it that was not forced is missing. */
  private static byte[] cut(Node file) {
    int durable = Math.min(file.durable.length, file.written.length);
    return Arrays.copyOf(file.written, durable + (file.written.length - durable) / 2);
  }

  /** What can be reached. */
  private static final class Tree {
    final Map<Node, Map<String, Node>> names;
    final Set<Node> directories = new HashSet<>();
    final Set<Node> files = new LinkedHashSet<>();
    long fingerprint;

    Tree(Map<Node, Map<String, Node>> names) {
      this.names = names;
    }

    /**
     * Walks through all of it.
     *
     * @return false if a directory stands under two names: a file system is repaired before it is
     *     used, and then it stands under one, which is another of the states
     */
    boolean visit(Node directory) {
      if (!directories.add(directory)) {
        return false;
      }
      for (Map.Entry<String, Node> entry : names.getOrDefault(directory, Map.of()).entrySet()) {
        Node node = entry.getValue();
        fingerprint += mix(mix(directory.number, entry.getKey().hashCode()), node.number);
        if (!node.directory) {
          files.add(node);
        } else if (!visit(node)) {
          return false;
        }
      }
      return true;
    }

    long ofFile(Node file, byte[] bytes) {
      long times = mix(file.modified.toEpochMilli(), file.changed.toEpochMilli());
      return mix(mix(file.number, Arrays.hashCode(bytes)), mix(bytes.length, times));
    }
  }

  static long mix(long a, long b) {
    long z = (a * 0x9E3779B97F4A7C15L) ^ (b + 0x7F4A7C15F39CC060L);
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
