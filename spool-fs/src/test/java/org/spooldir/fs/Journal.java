package org.spooldir.fs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.spooldir.fs.ModelDisk.Change;
import org.spooldir.fs.ModelDisk.Node;

/**
 * Which names of a disk are durable by the rules of one kind of file system, and which changes are
 * not yet.
 */
final class Journal {

  private final CrashProfile profile;
  private final Node root;
  private final Map<Node, Map<String, Node>> durable = new HashMap<>();
  private final List<Change> pending = new ArrayList<>();

  /** Begins with all that is there being durable. */
  Journal(CrashProfile profile, Node root) {
    this.profile = profile;
    this.root = root;
    keep(root);
  }

  private void keep(Node directory) {
    durable.put(directory, new LinkedHashMap<>(directory.entries));
    directory.entries.values().stream().filter(node -> node.directory).forEach(this::keep);
  }

  // ---- as it goes on ----

  void changed(Change change) {
    pending.add(change);
  }

  void forced(Node node) {
    makeDurable(profile.forcedWith(node, pending));
  }

  private void makeDurable(Predicate<Change> wanted) {
    for (int i = 0; i < pending.size(); i++) {
      Change change = pending.get(i);
      if (wanted.test(change)) {
        apply(change, durable);
        i -= forget(change, i);
      }
    }
  }

  /** This one, and earlier ones of the same name, which can make no difference any more. */
  private int forget(Change durable, int at) {
    int gone = 0;
    Iterator<Change> earlier = pending.iterator();
    for (int i = 0; i <= at; i++) {
      Change change = earlier.next();
      if (change.directory() == durable.directory() && change.name().equals(durable.name())) {
        earlier.remove();
        gone++;
      }
    }
    return gone;
  }

  private static void apply(Change change, Map<Node, Map<String, Node>> names) {
    Map<String, Node> entries =
        names.computeIfAbsent(change.directory(), none -> new LinkedHashMap<>());
    if (change.node() == null) {
      entries.remove(change.name());
    } else {
      entries.put(change.name(), change.node());
    }
  }

  // ---- when the power fails ----

  Node root() {
    return root;
  }

  List<Change> pending() {
    return pending;
  }

  /** What the directories hold if these changes have reached the disk and no others. */
  Map<Node, Map<String, Node>> with(List<Change> survivors) {
    Map<Node, Map<String, Node>> names = new HashMap<>(durable);
    for (Change change : survivors) {
      if (names.get(change.directory()) == durable.get(change.directory())) {
        names.put(
            change.directory(),
            new LinkedHashMap<>(names.getOrDefault(change.directory(), Map.of())));
      }
      apply(change, names);
    }
    return names;
  }
}
